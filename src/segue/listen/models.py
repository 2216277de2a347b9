from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from segue.catalog.models import Job, Person
from segue.kit.clock import now
from segue.kit.ids import uuid7
from segue.kit.privacy import holds_no_personal_data, holds_personal_data


class Tier(models.TextChoices):
    """How far a signal can be trusted; only A and B train a model or move anybody."""

    A = "A", "authenticated or explicit"
    B = "B", "first party with token"
    C = "C", "mail client, or a public key without proof"
    D = "D", "suspected robot"


class SourceKind(models.TextChoices):
    """Where a source's events come from, and so what they may claim."""

    PRODUCT = "product", _("our own pages")
    BROWSER = "browser", _("pages elsewhere, with a public key")
    SERVER = "server", _("servers, with a secret key")


class ConsentBasis(models.TextChoices):
    """Whose yes an anonymous visitor's events rest on."""

    CARRIED = "carried", _("each event carries the visitor's answer")
    ASSURED = "assured", _("whoever runs the source has asked, and sends only those who said yes")


def new_message_id() -> str:
    return str(uuid7())


@holds_no_personal_data("A place events come from, and what it may do.")
class Source(models.Model):
    """Something that sends events: our pages, a career site, a server. Its name is unique."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=10, choices=SourceKind, default=SourceKind.BROWSER)
    origins = ArrayField(models.CharField(max_length=200), default=list)  # none named: any origin
    consent = models.CharField(max_length=10, choices=ConsentBasis, default=ConsentBasis.CARRIED)
    limit_per_s = models.PositiveIntegerField(default=10_000)  # events, in each collector process
    created_at = models.DateTimeField(default=now)
    retired_at = models.DateTimeField(null=True)


@holds_no_personal_data("Keys of sources, as digests.")
class WriteKey(models.Model):
    """A source's key. Rotating makes another and lets the old one live until `expires_at`."""

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="keys")
    digest = models.CharField(max_length=64, unique=True)  # sha256, hex: the key itself is shown once
    hint = models.CharField(max_length=8)
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField(null=True)

    @property
    def is_alive(self) -> bool:
        return self.expires_at is None or self.expires_at > now()


@holds_personal_data(person="person", purpose="behaviour")
class Signal(models.Model):
    """One thing that happened, as heard. The ledger only grows; an undo is a signal too.

    The table is partitioned by the week of `received_at` (see migration 0002): in the database its key is
    (id, received_at), and no constraint refers to it or from it, so that a write costs one write.
    """

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(
        Source, on_delete=models.DO_NOTHING, null=True, db_constraint=False, related_name="+", db_index=False
    )  # null: recorded by our own code
    message_id = models.CharField(max_length=100, default=new_message_id)
    kind = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField(default=1)  # of the kind's schema
    event = models.CharField(max_length=200, default="")  # the name a sender gave, for kinds that carry one
    at = models.DateTimeField(default=now)
    received_at = models.DateTimeField(default=now)
    person = models.ForeignKey(
        Person,
        on_delete=models.CASCADE,
        null=True,
        related_name="signals",
        db_constraint=False,
        db_index=False,
    )
    anonymous_id = models.CharField(max_length=100, default="")
    job = models.ForeignKey(
        Job, on_delete=models.CASCADE, null=True, related_name="signals", db_constraint=False, db_index=False
    )
    undoes = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        related_name="undone_by",
        db_constraint=False,
        db_index=False,
    )
    props = models.JSONField(default=dict)
    context = models.JSONField(default=dict)  # page, locale, device; empty where it is nobody's
    tier = models.CharField(max_length=1, choices=Tier, default=Tier.A)
    purpose = models.CharField(max_length=20, default="behaviour")  # which consent it needs, or "service"
    purposes = ArrayField(models.CharField(max_length=20), default=list)  # what it may be used for, as heard
    flags = ArrayField(models.CharField(max_length=20), default=list)  # "clock", "robot", "scanner", …
    actor_role = models.CharField(max_length=20, default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["person", "-id"], name="signal_person", condition=models.Q(person__isnull=False)
            ),
            models.Index(
                fields=["job", "kind", "-id"], name="signal_job", condition=models.Q(job__isnull=False)
            ),
            models.Index(fields=["undoes"], name="signal_undoes", condition=models.Q(undoes__isnull=False)),
            models.Index(
                fields=["anonymous_id", "-id"], name="signal_anonymous", condition=~models.Q(anonymous_id="")
            ),
        ]


@holds_no_personal_data("Digests of message ids, so that a repeat is known for what it is.")
class Heard(models.Model):
    """The 30 days' memory of (source, messageId); a re-sent event is answered and not stored again."""

    digest = models.UUIDField(primary_key=True)  # blake2b-128 of source id and message id
    heard_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["heard_on"], name="heard_on")]


@holds_no_personal_data("Refused input belongs to nobody known; erasure searches its text (listen.traces).")
class Rejected(models.Model):
    """An event we could not take, with the reason; kept for a while so that its sender can be mended."""

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, null=True, related_name="rejected")
    received_at = models.DateTimeField(default=now)
    code = models.CharField(max_length=40)  # "not_json", "too_large", "unknown_kind", …: web/collect/README
    field = models.CharField(max_length=100, default="")
    message = models.CharField(max_length=300)
    remedy = models.CharField(max_length=300, default="")
    body = models.TextField(default="")  # what came, cut at 32 kB
    origin = models.CharField(max_length=200, default="")

    class Meta:
        indexes = [
            models.Index(fields=["source", "-id"], name="rejected_source"),
            # Both carry the source, so that counts never touch the rows with their bodies.
            models.Index(fields=["code", "-id"], include=["source"], name="rejected_code"),
            models.Index(fields=["received_at"], include=["source"], name="rejected_at"),
        ]


@holds_no_personal_data("How many events each source sent in each minute; no row says whose.")
class Tally(models.Model):
    """Events heard, by source and minute, so that the desk never counts the ledger itself."""

    id = models.BigAutoField(primary_key=True)
    minute = models.DateTimeField()  # of `received_at`
    source = models.ForeignKey(Source, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    events = models.BigIntegerField()
    last_id = models.BigIntegerField()  # of the signals counted: whoever reads again counts none twice

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["minute", "source"], name="tally_once", nulls_distinct=False)
        ]


@holds_personal_data(person="person", purpose="behaviour")
class Identity(models.Model):
    """An edge of identity: this anonymous id of this source is this person, from `since` on.

    Nothing heard before `since` (the person's consent) is ever attached.
    """

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, null=True, related_name="+")
    anonymous_id = models.CharField(max_length=100)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="identities")
    said_by = models.CharField(max_length=10)  # "identify" | "alias" | "token"
    since = models.DateTimeField()
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "anonymous_id"], name="identity_once", nulls_distinct=False
            )
        ]


@holds_personal_data(person="person", purpose="behaviour", exported=False)
class Subject(models.Model):
    """Who a pseudonym of the cold tier stands for, and the key to what is sealed there.

    Deleting the row is the erasure: what remains in the files is counted, and is nobody's.
    """

    pseudonym = models.BigIntegerField(primary_key=True)  # drawn at random
    person = models.OneToOneField(Person, on_delete=models.CASCADE, null=True, related_name="+")
    source = models.ForeignKey(Source, on_delete=models.CASCADE, null=True, related_name="+")
    anonymous_id = models.CharField(max_length=100, default="")
    same_as = models.BigIntegerField(null=True)  # the pseudonym it was stitched to
    key = models.BinaryField()  # 32 bytes, AES-256-GCM
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "anonymous_id"],
                name="subject_anonymous_once",
                condition=~models.Q(anonymous_id=""),
                nulls_distinct=False,
            )
        ]


@holds_no_personal_data("How far each consumer has read.")
class Cursor(models.Model):
    """A consumer's place in the ledger; it moves in the same transaction as what the consumer does."""

    consumer = models.CharField(max_length=80, primary_key=True)
    position = models.BigIntegerField()  # the id of the last signal read
    moved_at = models.DateTimeField(default=now)
    stumbles = models.PositiveIntegerField(default=0)  # failures in a row, at this place
    last_error = models.TextField(default="")
    paused = models.BooleanField(default=False)


@holds_no_personal_data("Signals a consumer could not digest, by id.")
class Parked(models.Model):
    """One signal one consumer gave up on; the others went on."""

    id = models.BigAutoField(primary_key=True)
    consumer = models.CharField(max_length=80)
    signal_id = models.BigIntegerField()
    at = models.DateTimeField(default=now)
    error = models.TextField(default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["consumer", "signal_id"], name="parked_once")]


@holds_no_personal_data("Which files make up the cold tier.")
class ColdFile(models.Model):
    """A file of the cold tier. What is not listed does not count: the list changes in one transaction."""

    id = models.BigAutoField(primary_key=True)
    path = models.CharField(max_length=200, unique=True)
    content = models.CharField(max_length=10)  # "events" | "sealed"
    purpose = models.CharField(max_length=20)
    week = models.DateField()  # its Monday, UTC
    shard = models.PositiveSmallIntegerField()
    rows = models.BigIntegerField()
    size_bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    created_at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["week", "content"], name="cold_week")]


@holds_no_personal_data(
    "Names of events that many people's events carry; a name only a few carry stays sealed."
)
class EventName(models.Model):
    """The dictionary from a cold event's name digest to its name."""

    digest = models.BigIntegerField(primary_key=True)
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=now)
