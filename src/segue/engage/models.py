from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from segue.catalog.models import Job, Person
from segue.kit.clock import now
from segue.kit.ids import uuid7
from segue.kit.privacy import holds_no_personal_data, holds_personal_data
from segue.trust.models import Account


class MessageState(models.TextChoices):
    SCHEDULED = "scheduled", _("Goes out later")
    QUEUED = "queued", _("Waiting")
    SENT = "sent", _("Sent")
    OUTBOX = "outbox", _("Kept in the outbox")
    FAILED = "failed", _("Not sent")
    CANCELLED = "cancelled", _("Taken back")
    RECEIVED = "received", _("Received")


@holds_personal_data(person="person", purpose="writing with us")
class Thread(models.Model):
    """A conversation with one person: about an application or a job, or just with them.

    `waiting_since` is set while they have written and nobody has answered or said it needs none.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="threads")
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="threads")
    about = models.CharField(max_length=80, default="")  # "application:<id>", of a room above
    subject = models.CharField(max_length=200)
    owner = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField(default=now)
    last_at = models.DateTimeField(default=now)
    waiting_since = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["-last_at", "-id"], name="thread_latest"),
            models.Index(
                fields=["waiting_since"],
                name="thread_waiting",
                condition=models.Q(waiting_since__isnull=False),
            ),
            models.Index(fields=["about"], name="thread_about"),
        ]


@holds_personal_data(person="person", purpose="service messages")
class Message(models.Model):
    """One message to one address, or from one; its id is the idempotency key of a send."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="messages")
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, null=True, related_name="messages")
    author = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=40)  # "sign_in", "application_received", "letter", "reply", ...
    to_address = models.EmailField(max_length=254)
    from_address = models.CharField(max_length=254, default="")  # of what was received
    subject = models.CharField(max_length=200)
    text = models.TextField()
    header_id = models.CharField(max_length=300, default="")  # Message-ID, with its angle brackets
    references = models.TextField(default="")  # the Message-IDs this one answers, oldest first
    automatic = models.BooleanField(default=False)  # an out-of-office note: nobody waits for an answer
    state = models.CharField(max_length=9, choices=MessageState, default=MessageState.QUEUED)
    error = models.TextField(default="")
    created_at = models.DateTimeField(default=now)
    send_at = models.DateTimeField(null=True)  # not before; until then it can be taken back
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["thread", "created_at"], name="message_in_thread"),
            models.Index(fields=["header_id"], name="message_header", condition=~models.Q(header_id="")),
        ]


@holds_personal_data(person="message__person", purpose="writing with us")
class Attachment(models.Model):
    """A file that came with a message."""

    id = models.BigAutoField(primary_key=True)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=120)
    size = models.PositiveIntegerField()
    content = models.BinaryField()


class ArrivalState(models.TextChoices):
    FILED = "filed", _("Filed")
    HELD = "held", _("Held for a person")
    IGNORED = "ignored", _("Set aside")
    BOUNCE = "bounce", _("A mail that came back")


@holds_personal_data(
    person="message__person",
    purpose="mail that reached us; held until somebody says whose it is",
    exported=False,
)
class Arrival(models.Model):
    """A mail that reached us, once however often it is handed over. What is filed keeps no second copy."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=64, unique=True)  # SHA-256 of the Message-ID, else of the whole
    state = models.CharField(max_length=7, choices=ArrivalState)
    why = models.CharField(max_length=40, default="")  # the name of the rule that filed or held it
    message = models.ForeignKey(Message, on_delete=models.CASCADE, null=True, related_name="+")
    from_address = models.CharField(max_length=254, default="")
    subject = models.CharField(max_length=200, default="")
    raw = models.BinaryField(null=True)
    at = models.DateTimeField(default=now)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["at"], name="arrival_held", condition=models.Q(state="held"))]


@holds_no_personal_data("How far our own mailbox was read.")
class MailboxMark(models.Model):
    """The last mail read of a mailbox, in IMAP's own numbers."""

    name = models.CharField(max_length=300, primary_key=True)
    validity = models.BigIntegerField(default=0)
    last_uid = models.BigIntegerField(default=0)
    read_at = models.DateTimeField(null=True)
    error = models.TextField(default="")


@holds_no_personal_data("Words that colleagues write once and use often.")
class MailTemplate(models.Model):
    """A letter with places for names; they are checked when it is written and again when it is used."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120, unique=True)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    changed_at = models.DateTimeField(default=now)
    retired_at = models.DateTimeField(null=True)


@holds_no_personal_data("How a colleague ends a letter.")
class Signature(models.Model):
    """What stands below a colleague's letters."""

    account = models.OneToOneField(
        Account, on_delete=models.CASCADE, primary_key=True, related_name="signature"
    )
    text = models.CharField(max_length=600, default="")
