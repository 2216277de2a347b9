from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from segue.catalog.models import Person
from segue.kit.clock import now
from segue.kit.ids import uuid7
from segue.kit.privacy import holds_personal_data


class MessageState(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    SENT = "sent", _("Sent")
    OUTBOX = "outbox", _("Kept in the outbox")
    FAILED = "failed", _("Not sent")


@holds_personal_data(person="person", purpose="service messages")
class Message(models.Model):
    """One message to one address; its id is the idempotency key of the send."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="messages")
    kind = models.CharField(max_length=40)  # "sign_in", "application_received", ...
    to_address = models.EmailField(max_length=254)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    state = models.CharField(max_length=6, choices=MessageState, default=MessageState.QUEUED)
    error = models.TextField(default="")
    created_at = models.DateTimeField(default=now)
    sent_at = models.DateTimeField(null=True)
