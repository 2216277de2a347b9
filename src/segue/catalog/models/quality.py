"""What the last audit found wrong."""

from __future__ import annotations

from django.db import models

from segue.catalog.models.jobs import Job
from segue.catalog.models.people import Person
from segue.kit.privacy import holds_no_personal_data, holds_personal_data


@holds_no_personal_data("Counts of rows and of filled fields.")
class Audit(models.Model):
    """A day's reading of everything: how many rows, and how much of each field each source fills."""

    day = models.DateField(primary_key=True)
    people = models.PositiveIntegerField(default=0)
    jobs = models.PositiveIntegerField(default=0)
    filled = models.JSONField(default=dict)  # {source: {"people": n, field: rows in which it says something}}


@holds_personal_data(person="person", purpose="keeping what we know right", exported=False, on_merge="stay")
class Finding(models.Model):
    """One thing found wrong with one person or one job by the last audit."""

    id = models.BigAutoField(primary_key=True)
    fault = models.CharField(max_length=40)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="findings")
    job = models.ForeignKey(Job, on_delete=models.CASCADE, null=True, related_name="findings")
    field = models.CharField(max_length=20)
    detail = models.CharField(max_length=300, default="")
    source = models.CharField(max_length=60, default="")  # where the row came from

    class Meta:
        indexes = [models.Index(fields=["fault", "id"], name="finding_by_fault")]
