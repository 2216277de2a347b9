"""What colleagues do with many applications, and what they say to each other about one."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from segue.catalog.models import Job
from segue.hire.models.applications import Application
from segue.kit.clock import now
from segue.kit.ids import uuid7
from segue.kit.privacy import holds_no_personal_data, holds_personal_data
from segue.trust.models import Account


class BulkKind(models.TextChoices):
    MOVE = "move", _("Moved")
    TAG = "tag", _("Tagged")
    UNTAG = "untag", _("Tag taken off")
    SNOOZE = "snooze", _("Snoozed")
    ASSIGN = "assign", _("Given an owner")
    REJECT = "reject", _("Said no")
    MESSAGE = "message", _("Written to")


@holds_no_personal_data("What a colleague did to many applications at once; whose they are is in its rows.")
class BulkAction(models.Model):
    """One deed on many applications, kept so that it can be taken back exactly."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=8, choices=BulkKind)
    job = models.ForeignKey(Job, on_delete=models.CASCADE, null=True, related_name="+")
    what = models.JSONField(default=dict)  # to which stage, which tag, until when, whom; the letter itself
    count = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(default=now)
    by_account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="bulk_actions")
    done_at = models.DateTimeField(
        null=True
    )  # a rejection or a letter is prepared first, done after its check
    undone_at = models.DateTimeField(null=True)
    kept = models.PositiveIntegerField(default=0)  # left as they were, for somebody had changed them since


@holds_personal_data(person="application__person", purpose="recruiting")
class BulkRow(models.Model):
    """What one application was before a bulk action and after it: columns and their values."""

    id = models.BigAutoField(primary_key=True)
    bulk = models.ForeignKey(BulkAction, on_delete=models.CASCADE, related_name="rows", db_index=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="bulk_rows")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    is_sample = models.BooleanField(default=False)  # must be opened before a bulk rejection goes through
    kept = models.BooleanField(default=False)  # the undo left it: changed since

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bulk", "application"], name="bulk_row_once")]


class Visibility(models.TextChoices):
    """Who reads a note."""

    TEAM = "team", _("Those who decide")
    JOB = "job", _("Everybody on the job, interviewers too")
    PRIVATE = "private", _("Only me, and whom I name")
    CANDIDATE = "candidate", _("Shared with the candidate")


@holds_personal_data(person="application__person", purpose="recruiting")
class Note(models.Model):
    """What a colleague says about an application. Words shared with the candidate are feedback."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    visibility = models.CharField(max_length=9, choices=Visibility, default=Visibility.TEAM)
    at = models.DateTimeField(default=now)
    withdrawn_at = models.DateTimeField(null=True)


@holds_personal_data(person="note__application__person", purpose="recruiting")
class Mention(models.Model):
    """A colleague named in a note: it waits for them until they have seen it."""

    id = models.BigAutoField(primary_key=True)
    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="mentions")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "note"], name="mention_once")]


@holds_no_personal_data("A colleague's own way of looking at the list.")
class SavedView(models.Model):
    """Filters a colleague keeps under a name."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="saved_views", db_index=False)
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=500)  # as it stands in the address of the list
    made_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "name"], name="saved_view_once")]


@holds_personal_data(person="application__person", purpose="recruiting", exported=False)
class Nudge(models.Model):
    """That a clock ran out, said once: the same stage entered once runs out once."""

    id = models.BigAutoField(primary_key=True)
    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="nudges", db_index=False
    )
    due_at = models.DateTimeField()
    account = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "due_at"], name="nudge_once")]
