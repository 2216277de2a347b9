"""What came in from files, and what was held back."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from segue.kit.clock import now
from segue.kit.ids import uuid7
from segue.kit.privacy import holds_no_personal_data, holds_personal_data


class ImportState(models.TextChoices):
    """Where an import stands. Those from the command line are done when they are written."""

    READING = "reading", _("Being read")
    READY = "ready", _("Waiting for its columns to be confirmed")
    CHECKING = "checking", _("Being tried out")
    CHECKED = "checked", _("Ready to start")
    RUNNING = "running", _("Coming in")
    DONE = "done", _("Done")
    STOPPED = "stopped", _("Stopped")
    FAILED = "failed", _("Could not be read")


UNDER_WAY = (ImportState.READING, ImportState.CHECKING, ImportState.RUNNING)
WAITING = (ImportState.READY, ImportState.CHECKED)


@holds_no_personal_data("Counts, the file's name and the names of its columns.")
class ImportBatch(models.Model):
    """One import, with counts that conserve: read = accepted + held + rejected.

    `total` rows are waiting or were read; `cursor` is the number of the last row that was; `trial` is what
    the dry run came to, `errors` how often each problem was met, `ignored` what the file says that we keep
    no place for, by its name there; `failure` says why a file could not be read.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=10)  # "jobs" | "people" | "resumes" | "ats"
    state = models.CharField(max_length=8, choices=ImportState, default=ImportState.DONE)
    form = models.CharField(max_length=20, default="")  # "csv" | "xlsx" | "json" | "greenhouse" | ...
    columns = models.JSONField(default=list)
    total = models.PositiveIntegerField(default=0)
    cursor = models.PositiveIntegerField(default=0)
    trial = models.JSONField(default=dict)
    errors = models.JSONField(default=dict)
    ignored = models.JSONField(default=dict)
    failure = models.JSONField(default=dict)
    sent_in = models.BooleanField(default=False)  # the people sent in their profiles to be considered
    changed_at = models.DateTimeField(default=now)
    source_name = models.CharField(max_length=60)
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    read = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    by = models.CharField(max_length=300, default="")
    started_at = models.DateTimeField(default=now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(finished_at__isnull=True)
                | models.Q(
                    read=models.F("created")
                    + models.F("updated")
                    + models.F("unchanged")
                    + models.F("held")
                    + models.F("rejected")
                ),
                name="import_counts_conserve",
            )
        ]


@holds_personal_data(person="", purpose="import under way", exported=False)
class Upload(models.Model):
    """A piece of a file that somebody sent; gone as soon as its rows are read, or after a week."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="uploads")
    content = models.BinaryField()


@holds_personal_data(person="", purpose="import under way", exported=False)
class StagedRow(models.Model):
    """A row of a file that waits to come in; gone as soon as it has landed, been set aside, or let go.

    `twin_line` is the line that stands for the same id in this file, and `repeats` whether it says the same.
    """

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()  # 1, 2, 3 … in the order they come in
    line = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)  # "people" | "jobs" | "resumes" | "applications"
    shape = models.CharField(max_length=12)
    row = models.JSONField()
    content = models.BinaryField(null=True)  # of a résumé
    external_id = models.CharField(max_length=200, default="")
    sha256 = models.CharField(max_length=64, default="")
    preferred = models.BooleanField(default=False)
    twin_line = models.PositiveIntegerField(null=True)
    repeats = models.BooleanField(default=False)
    error = models.CharField(max_length=60, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="staged_row_once"),
        ]


@holds_no_personal_data("Header names only.")
class ImportMapping(models.Model):
    """A remembered mapping from a file's headers to our fields."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=120)
    header_fingerprint = models.CharField(max_length=64)
    mapping = models.JSONField()  # fields, constants, and which of two equal ids to prefer
    saved_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="mapping_name_once")]


@holds_personal_data(person="", purpose="import under review", exported=False)
class HeldRow(models.Model):
    """A row that needs a human's eye before it may become a person or a job."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="held_rows")
    line = models.PositiveIntegerField()
    error = models.CharField(max_length=60)
    field = models.CharField(max_length=60, default="")
    detail = models.TextField(default="")
    remedy = models.TextField(default="")
    kind = models.CharField(max_length=12, default="")  # as a staged row's; empty: kept by an older import
    shape = models.CharField(max_length=12, default="table")
    outcome = models.CharField(max_length=8, default="held")  # "held" | "rejected": how it is counted
    row = models.JSONField()
    sha256 = models.CharField(
        max_length=64, default=""
    )  # of kind, source, error and row: held once, however often sent
    held_at = models.DateTimeField(default=now)
    settled_at = models.DateTimeField(null=True)
    settled_as = models.CharField(max_length=9, default="")  # an accepted outcome, "skipped" or "let_go"
    settled_by = models.CharField(max_length=300, default="")
    reason = models.TextField(default="")  # why it was skipped

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sha256"],
                condition=models.Q(settled_at__isnull=True) & ~models.Q(sha256=""),
                name="held_row_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["batch", "error", "id"],
                name="held_row_open",
                condition=models.Q(settled_at__isnull=True),
            )
        ]
