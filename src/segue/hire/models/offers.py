"""Offers: what was put before somebody, who allowed it, and the proof of what they answered."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from segue.catalog.models import Job, PayPeriod, Remote
from segue.hire.models.applications import Application
from segue.kit.clock import now
from segue.kit.ids import uuid7
from segue.kit.privacy import holds_no_personal_data, holds_personal_data
from segue.trust.models import Account


class OfferState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    APPROVING = "approving", _("Waits for approval")
    APPROVED = "approved", _("Approved, not sent")
    SENT = "sent", _("With the candidate")
    HELD = "held", _("Yes said, no opening left")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Expired")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REPLACED = "replaced", _("Replaced by a newer version")
    CLOSED = "closed", _("Closed with its application")


IN_HAND = (OfferState.DRAFT, OfferState.APPROVING, OfferState.APPROVED)  # ours to change
OUT = (OfferState.SENT, OfferState.HELD)  # the candidate has it
LIVE = (*IN_HAND, *OUT)


class OfferDeed(models.TextChoices):
    """What can be written into an offer's ledger."""

    DRAFTED = "drafted", _("Drafted")
    CHANGED = "changed", _("Terms changed")
    SUBMITTED = "submitted", _("Put before the approvers")
    APPROVED = "approved", _("Approved")
    CLEARED = "cleared", _("All approvals are there")
    RETURNED = "returned", _("Sent back")
    SENT = "sent", _("Sent to the candidate")
    EXTENDED = "extended", _("Given more time")
    CODE_SENT = "code_sent", _("A code was sent to their address")
    ASKED = "asked", _("The candidate asked a question")
    ACCEPTED = "accepted", _("Accepted and signed")
    HELD = "held", _("Accepted and signed; the last opening was taken a moment before")
    TAKEN_ON = "taken_on", _("An opening was found for them")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("The time ran out")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REPLACED = "replaced", _("A newer version was sent")
    CLOSED = "closed", _("The application was settled otherwise")


# Where a deed leaves the offer; deeds that are not here leave it where it was.
LEADS_TO: dict[str, OfferState] = {
    OfferDeed.DRAFTED: OfferState.DRAFT,
    OfferDeed.CHANGED: OfferState.DRAFT,
    OfferDeed.SUBMITTED: OfferState.APPROVING,
    OfferDeed.CLEARED: OfferState.APPROVED,
    OfferDeed.RETURNED: OfferState.DRAFT,
    OfferDeed.SENT: OfferState.SENT,
    OfferDeed.EXTENDED: OfferState.SENT,
    OfferDeed.ACCEPTED: OfferState.ACCEPTED,
    OfferDeed.HELD: OfferState.HELD,
    OfferDeed.TAKEN_ON: OfferState.ACCEPTED,
    OfferDeed.DECLINED: OfferState.DECLINED,
    OfferDeed.EXPIRED: OfferState.EXPIRED,
    OfferDeed.WITHDRAWN: OfferState.WITHDRAWN,
    OfferDeed.REPLACED: OfferState.REPLACED,
    OfferDeed.CLOSED: OfferState.CLOSED,
}


def folded(kinds: Iterable[str]) -> str:
    """Return the state that a ledger's deeds lead to; nothing for an empty ledger.

    >>> str(folded(["drafted", "submitted", "cleared", "sent", "asked"]))
    'sent'
    """
    state = ""
    for kind in kinds:
        state = LEADS_TO.get(kind, state)
    return state


@dataclass(frozen=True, slots=True)
class Terms:
    """What an offer says. `template` is the letter with its places, `expires_at` an aware moment."""

    title: str
    pay_amount: Decimal
    pay_currency: str
    pay_period: str
    starts_on: date
    place: str
    remote: str
    hours_per_week: Decimal
    clauses: str
    template: str
    expires_at: datetime

    def __str__(self) -> str:
        return "the terms of an offer"  # audit lines and logs do not repeat what somebody is paid


@holds_personal_data(person="application__person", purpose="recruiting")
class Offer(models.Model):
    """One version of an offer. Once sent, its terms and its letter never change: the database sees to it.

    Pay, clauses and the letter are for whoever may see pay; what is left is for the job's people.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="offers", db_index=False
    )
    version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=9, choices=OfferState, default=OfferState.DRAFT)
    title = models.CharField(max_length=300)
    pay_amount = models.DecimalField(max_digits=14, decimal_places=2)
    pay_currency = models.CharField(max_length=3)
    pay_period = models.CharField(max_length=5, choices=PayPeriod)
    starts_on = models.DateField()
    place = models.CharField(max_length=200, default="")
    remote = models.CharField(max_length=7, choices=Remote, default="")
    hours_per_week = models.DecimalField(max_digits=4, decimal_places=1)
    clauses = models.TextField(default="")
    template = models.TextField(default="")
    letter = models.TextField(default="")  # the template filled in, from the moment it is sent
    expires_at = models.DateTimeField()
    time_zone = models.CharField(max_length=60, default="UTC")  # the candidate's: expiry is said in it
    pdf = models.BinaryField(null=True)
    sha256 = models.CharField(max_length=64, default="")  # of the PDF
    made_at = models.DateTimeField(default=now)
    made_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    moved_at = models.DateTimeField(default=now)
    sent_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(default="")  # why it was declined or withdrawn
    ended_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "version"], name="offer_version_once"),
            models.UniqueConstraint(
                fields=["application"],
                name="offer_one_in_hand",
                condition=models.Q(state__in=["draft", "approving", "approved"]),
            ),
            models.UniqueConstraint(
                fields=["application"],
                name="offer_one_out",
                condition=models.Q(state__in=["sent", "held", "accepted"]),
            ),
            models.CheckConstraint(condition=models.Q(pay_amount__gt=0), name="offer_pays_something"),
        ]
        indexes = [
            models.Index(fields=["state", "-moved_at", "-id"], name="offer_listed"),
            models.Index(fields=["expires_at"], name="offer_clock", condition=models.Q(state="sent")),
        ]

    @property
    def terms(self) -> Terms:
        return Terms(**{name: getattr(self, name) for name in Terms.__dataclass_fields__})

    @property
    def person_id(self) -> UUID:
        return self.application.person_id

    @property
    def job_id(self) -> UUID:
        return self.application.job_id

    @property
    def pay_said(self) -> str:
        """Say the pay in full, the same wherever it stands: `EUR 64,000.00 a year`."""
        period = PayPeriod(self.pay_period).label
        return f"{self.pay_currency} {self.pay_amount:,.2f} {period}"

    def terms_digest(self) -> str:
        """Return the SHA-256 of the terms: what the approvers said yes to."""
        said = {name: _plain(getattr(self, name)) for name in Terms.__dataclass_fields__}
        return hashlib.sha256(_canonical(said)).hexdigest()


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else str(value)


def _canonical(said: dict[str, Any]) -> bytes:
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


# The columns a line's hash covers, besides its offer, its moment and its account.
SEALED = (
    *("kind", "by_role", "by_name", "comment", "shown_sha256", "identity", "typed_name", "agreed_to"),
    *("address", "agent", "detail", "prev_hash"),
)


@holds_personal_data(person="offer__application__person", purpose="recruiting")
class OfferEvent(models.Model):
    """The ledger of an offer and its evidence at once: it only grows, and each line seals the one before.

    An acceptance says what was shown (the hash of the PDF), when, from which address, with which program,
    how it was made sure who it was, and to which words they agreed.
    """

    id = models.BigAutoField(primary_key=True)
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="events", db_index=False)
    kind = models.CharField(max_length=9, choices=OfferDeed)
    at = models.DateTimeField(default=now)
    by_role = models.CharField(max_length=20)
    by_name = models.CharField(max_length=300, default="")
    by_account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    comment = models.TextField(default="")
    shown_sha256 = models.CharField(max_length=64, default="")
    identity = models.CharField(max_length=10, default="")  # "signed_in" | "code"
    typed_name = models.CharField(max_length=300, default="")
    agreed_to = models.TextField(default="")
    address = models.CharField(max_length=45, default="")
    agent = models.CharField(max_length=300, default="")
    detail = models.JSONField(default=dict)
    prev_hash = models.CharField(max_length=64, default="")
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offer", "prev_hash"], name="offer_event_chain"),
        ]

    def digest(self) -> str:
        """Return what `hash` must be: of every column of this line, and of the line before."""
        said = {name: getattr(self, name) for name in SEALED}
        said |= {"offer": str(self.offer_id), "at": self.at.isoformat(timespec="microseconds")}
        said["by_account"] = str(self.by_account_id or "")
        return hashlib.sha256(_canonical(said)).hexdigest()


class ApprovalState(models.TextChoices):
    WAITING = "waiting", _("Waits")
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Sent back")
    VOID = "void", _("No longer asked: the terms changed")


@holds_personal_data(person="offer__application__person", purpose="recruiting")
class OfferApproval(models.Model):
    """One named colleague's turn in an offer's chain."""

    id = models.BigAutoField(primary_key=True)
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="approvals")
    place = models.PositiveSmallIntegerField()
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=8, choices=ApprovalState, default=ApprovalState.WAITING)
    comment = models.TextField(default="")
    asked_at = models.DateTimeField(null=True)  # when their turn came
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["offer", "place"],
                name="offer_approval_place",
                condition=models.Q(state__in=["waiting", "approved"]),
            )
        ]
        indexes = [
            models.Index(fields=["account"], name="offer_approval_turn", condition=models.Q(state="waiting"))
        ]


@holds_no_personal_data("Which colleagues approve a job's or a department's offers, in which order.")
class ApprovalChain(models.Model):
    """Who says yes before an offer leaves: for a job, else for a department, else ("") for all."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    job = models.ForeignKey(Job, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    department = models.CharField(max_length=200, default="")
    approvers = ArrayField(models.UUIDField(), default=list)  # accounts, in order
    changed_at = models.DateTimeField(default=now)
    changed_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["job"], name="approval_chain_of_job", condition=models.Q(job__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["department"],
                name="approval_chain_of_department",
                condition=models.Q(job__isnull=True),
            ),
        ]


@holds_no_personal_data("Letters of offer that colleagues write once, with places for names and terms.")
class OfferTemplate(models.Model):
    """A letter of offer to start from."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120, unique=True)
    text = models.TextField()
    changed_at = models.DateTimeField(default=now)
    retired_at = models.DateTimeField(null=True)
