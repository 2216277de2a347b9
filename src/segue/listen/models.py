from __future__ import annotations

from django.db import models

from segue.catalog.models import Job, Person
from segue.kit.clock import now
from segue.kit.ids import uuid7
from segue.kit.privacy import holds_personal_data


class Tier(models.TextChoices):
    """How far a signal can be trusted; only A and B train a model or move anybody."""

    A = "A", "authenticated or explicit"
    B = "B", "first party with token"
    C = "C", "mail client"
    D = "D", "suspected robot"


@holds_personal_data(person="person", purpose="behaviour")
class Signal(models.Model):
    """One thing that happened, as heard. The ledger only grows; an undo is a signal too."""

    id = models.BigAutoField(primary_key=True)
    message_id = models.UUIDField(default=uuid7, unique=True)
    kind = models.CharField(max_length=60)
    at = models.DateTimeField(default=now)
    received_at = models.DateTimeField(default=now)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="signals")
    anonymous_id = models.CharField(max_length=64, default="")
    job = models.ForeignKey(Job, on_delete=models.CASCADE, null=True, related_name="signals")
    undoes = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="undone_by")
    props = models.JSONField(default=dict)
    tier = models.CharField(max_length=1, choices=Tier, default=Tier.A)
    purpose = models.CharField(max_length=20, default="behaviour")
    actor_role = models.CharField(max_length=20, default="")

    class Meta:
        indexes = [
            models.Index(fields=["person", "-id"], name="signal_person"),
            models.Index(fields=["job", "kind", "-id"], name="signal_job"),
        ]
