from __future__ import annotations

import secrets

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from segue.catalog.models import Job, Person, Resume
from segue.kit.clock import now
from segue.kit.ids import uuid7
from segue.kit.privacy import holds_personal_data
from segue.trust.models import Account


class Stage(models.TextChoices):
    """What kinds of stages there are, in order: what every count and every model reads.

    A job's own stages (`Pipeline`) each have one of these kinds. Those of the first template have the same
    names and the same keys.
    """

    APPLIED = "applied", _("Applied")
    SCREEN = "screen", _("Screening")
    INTERVIEW = "interview", _("Interview")
    ONSITE = "onsite", _("Final interviews")
    OFFER = "offer", _("Offer")
    HIRED = "hired", _("Hired")


FIRST_NAMES = {
    "applied": ("Applied",),
    "screen": ("Screening",),
    "interview": ("Interview",),
    "onsite": ("Final interviews",),
    "offer": ("Offer",),
    "hired": ("Hired",),
}


def translated_name(name: str, kind: str) -> str:
    """Return a stage's name as it was written, or translated where it is still the first template's."""
    return str(Stage(kind).label) if name in FIRST_NAMES.get(kind, ()) else name


class Outcome(models.TextChoices):
    OPEN = "open", _("In progress")
    HIRED = "hired", _("Hired")
    REJECTED = "rejected", _("Not this time")
    WITHDRAWN = "withdrawn", _("Withdrawn by you")


UNCONFIRMED = "site-unconfirmed"  # the source of an application whose sender has not shown who they are


def status_key() -> str:
    return secrets.token_urlsafe(24)


@holds_personal_data(person="person", purpose="recruiting")
class Application(models.Model):
    """A person's bid for a job. A rejection names a human and a reason, or it cannot be stored.

    `stage` is the kind of stage, `step` the key of the job's own stage. Where only one of the two is said,
    the database finds the other (see migration 0003).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="applications")
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="applications")
    resume = models.ForeignKey(Resume, on_delete=models.SET_NULL, null=True, related_name="applications")
    external_id = models.CharField(max_length=200, default="")
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.APPLIED)
    step = models.CharField(max_length=40, default="")
    outcome = models.CharField(max_length=9, choices=Outcome, default=Outcome.OPEN)
    note = models.TextField(default="")
    source = models.CharField(max_length=40, default="")
    status_key = models.CharField(max_length=40, unique=True, default=status_key)
    applied_at = models.DateTimeField(default=now)
    moved_at = models.DateTimeField(default=now)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    decision_reason = models.TextField(default="")
    owner = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    tags = ArrayField(models.CharField(max_length=40), default=list)
    due_at = models.DateTimeField(null=True)  # when this stage's clock runs out; none where it has no clock
    snoozed_until = models.DateTimeField(null=True)
    next_step = models.CharField(max_length=200, default="")  # what the person is told comes next
    next_at = models.DateTimeField(null=True)
    form_key = models.CharField(
        max_length=40, default=""
    )  # of the form it was sent with: sent again, it is this

    # Not stored: how this copy was come by. The status link's key gives the right to withdraw; a
    # receipt is what somebody sees who has not shown that the address is theirs.
    opened_by_key = False
    is_receipt = False

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "job"],
                condition=models.Q(outcome="open"),
                name="application_open_once",
            ),
            models.UniqueConstraint(
                fields=["person", "job", "form_key"],
                condition=~models.Q(form_key=""),
                name="application_form_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(outcome="rejected")
                | (models.Q(decided_by__isnull=False) & ~models.Q(decision_reason="")),
                name="application_rejection_names_a_human_and_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["job", "stage", "-moved_at"], name="application_board"),
            models.Index(fields=["person", "-applied_at"], name="application_person"),
            models.Index(fields=["person", "outcome", "job", "stage"], name="application_asked"),
            models.Index(
                fields=["job", "step", "-moved_at", "-id"],
                include=["stage", "due_at", "snoozed_until"],
                name="application_column",
                condition=models.Q(outcome="open"),
            ),
            models.Index(
                fields=["job", "-moved_at", "-id"],
                name="application_listed",
                condition=models.Q(outcome="open"),
            ),
            models.Index(
                fields=["job", "-moved_at", "-id"],
                name="application_settled",
                condition=~models.Q(outcome="open"),
            ),
            models.Index(
                fields=["owner", "-moved_at", "-id"],
                name="application_owned",
                condition=models.Q(outcome="open"),
            ),
            models.Index(
                fields=["due_at"],
                name="application_due",
                condition=models.Q(outcome="open", due_at__isnull=False),
            ),
            GinIndex(fields=["tags"], name="application_tags"),
        ]


@holds_personal_data(person="application__person", purpose="recruiting")
class StageEntry(models.Model):
    """The immutable stage ledger: every entry, with actor, reason and time.

    An exit is the entry that follows. `since` is from when the stage counts: where an undo brought somebody
    back, it is the moment they first came, so that undoing gives nobody a new clock.
    """

    id = models.BigAutoField(primary_key=True)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="stage_entries")
    stage = models.CharField(max_length=10, choices=Stage)
    step = models.CharField(max_length=40, default="")  # "" in lines from before jobs had stages of their own
    step_name = models.CharField(max_length=80, default="")  # as it was called then
    outcome = models.CharField(max_length=9, choices=Outcome, default=Outcome.OPEN)
    at = models.DateTimeField(default=now)
    by_role = models.CharField(max_length=20)
    by_name = models.CharField(max_length=300, default="")
    by_account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(default="")
    since = models.DateTimeField(null=True)
    bulk_id = models.UUIDField(null=True)  # the `BulkAction` that wrote it, or took it back

    class Meta:
        indexes = [models.Index(fields=["application", "id"], name="stage_entry_walk")]

    @property
    def label(self) -> str:
        """What this line is called, in the words of its time."""
        if self.outcome != Outcome.OPEN:
            return str(Outcome(self.outcome).label)
        return translated_name(self.step_name, self.stage) or str(Stage(self.stage).label)


@holds_personal_data(person="application__person", purpose="recruiting")
class Claim(models.Model):
    """What was said under a known person's address by somebody not signed in as them.

    It touches nobody's profile, résumés or consents until the address's owner says that it was
    them. Its key opens a receipt, never the application.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="claims")
    receipt_key = models.CharField(max_length=40, unique=True, default=status_key)
    said = models.JSONField(default=dict)
    resume_text = models.TextField(default="")
    file_name = models.CharField(max_length=255, default="")
    purposes = models.JSONField(default=list)
    made_at = models.DateTimeField(default=now)
    settled_at = models.DateTimeField(null=True)
    confirmed = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True)
    form_key = models.CharField(max_length=40, default="")
    answers = models.JSONField(default=list)  # as `Answer`s that nobody has confirmed

    class Meta:
        indexes = [
            models.Index(
                fields=["application"], name="claim_pending", condition=models.Q(settled_at__isnull=True)
            )
        ]
