from __future__ import annotations

from django.db import models

from segue.kit.privacy import holds_no_personal_data


@holds_no_personal_data("Arguments are ids only; a finished row is deleted.")
class QueueJob(models.Model):
    """Work to do later: leased while a worker has it, deleted with its effects."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=100)
    lane = models.CharField(max_length=10, db_default="prompt")  # by the database: upgrades, our own SQL
    args = models.JSONField(default=dict)
    unique_key = models.CharField(max_length=200, null=True, unique=True)
    priority = models.SmallIntegerField(default=0)
    run_at = models.DateTimeField()
    attempts = models.SmallIntegerField(default=0)
    leased_by = models.CharField(max_length=80, default="")
    leased_until = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    last_error = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["lane", "-priority", "run_at", "id"],
                name="queue_due_in_lane",
                condition=models.Q(failed_at__isnull=True),
            )
        ]


@holds_no_personal_data("Arguments are ids only, as of the jobs they were.")
class HeldJob(models.Model):
    """A job that waits for a person's word. It lies apart, so that no worker can take it."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=100)
    args = models.JSONField(default=dict)
    unique_key = models.CharField(max_length=200, null=True)
    priority = models.SmallIntegerField(default=0)
    run_at = models.DateTimeField()
    held_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["name"], name="held_job_name")]


@holds_no_personal_data("The key is a keyed hash of the caller.")
class RateBucket(models.Model):
    """How often a caller knocked in a window; shared by all web processes."""

    key = models.CharField(max_length=80, primary_key=True)
    window_start = models.DateTimeField()
    count = models.IntegerField(default=0)
