from __future__ import annotations

from django.db import models

from segue.catalog.models import Person
from segue.kit.clock import now
from segue.kit.privacy import holds_no_personal_data, holds_personal_data


@holds_no_personal_data("How an invented company was made.")
class WorldRun(models.Model):
    """One generated company: the seed and sizes that make it again, byte for byte."""

    id = models.BigAutoField(primary_key=True)
    seed = models.BigIntegerField()
    people = models.PositiveIntegerField()
    jobs = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    founded_at = models.DateTimeField(default=now)
    finished_at = models.DateTimeField(null=True)


@holds_personal_data(
    person="person", purpose="simulation of invented people", exported=False, on_merge="stay"
)
class WorldTruth(models.Model):
    """An invented person's hidden utilities. No model may read this table; a house test watches."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="+")
    run = models.ForeignKey(WorldRun, on_delete=models.CASCADE, related_name="truths")
    truth = models.JSONField()
