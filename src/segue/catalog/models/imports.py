"""What came in from files, and what was held back."""

from __future__ import annotations

from django.db import models

from segue.kit.clock import now
from segue.kit.ids import uuid7
from segue.kit.privacy import holds_no_personal_data, holds_personal_data


@holds_no_personal_data("Counts and the file's name.")
class ImportBatch(models.Model):
    """One import, with counts that conserve: read = accepted + held + rejected."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=10)  # "jobs" | "people"
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
    row = models.JSONField()
    sha256 = models.CharField(
        max_length=64, default=""
    )  # of kind, source, error and row: held once, however often sent
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sha256"],
                condition=models.Q(settled_at__isnull=True) & ~models.Q(sha256=""),
                name="held_row_once",
            )
        ]
