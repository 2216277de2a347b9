"""Offers as each actor may see them: who reads one, who reads its pay, and what opens its page."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.core.signing import BadSignature, Signer
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from segue.catalog.models import Job
from segue.catalog.queries.people import sees_pay
from segue.hire.models import (
    Application,
    ApprovalChain,
    ApprovalState,
    Offer,
    OfferApproval,
    OfferDeed,
    OfferEvent,
    OfferState,
    OfferTemplate,
    Outcome,
)
from segue.hire.models.offers import IN_HAND, LIVE
from segue.hire.queries.access import of_person
from segue.kit import clock
from segue.kit.actor import Actor, Role
from segue.kit.errors import NotFound
from segue.trust.models import Account

OFFER_SCOPES = ("offers:read", "pay:read")
APPROVER_ROLES = ("administrator", "recruiter", "hiring_manager")
SHOWN = ("application__person", "application__job__brand", "made_by", "sent_by")
CODE_LIFE = timedelta(minutes=30)
ANSWERS = (OfferDeed.ACCEPTED, OfferDeed.HELD, OfferDeed.DECLINED)
INSIDE = (
    OfferDeed.DRAFTED,
    OfferDeed.CHANGED,
    OfferDeed.SUBMITTED,
    OfferDeed.APPROVED,
    OfferDeed.CLEARED,
    OfferDeed.RETURNED,
)
_SIGNER = Signer(sep=".", salt="segue.hire.offer")


def offers_visible_to(actor: Actor) -> QuerySet[Offer]:
    """Return the offers this actor may see.

    The talent team, our processes and keys with the scope see all; a hiring manager those of their jobs and
    those they are asked to approve; a candidate their own, once sent. Nobody else sees any. Pay is another
    question: see `sees_offer_pay`.
    """
    rows = Offer.objects.select_related(*SHOWN).defer("pdf")
    if actor.is_talent_team or actor.is_machine or actor.has_scope(*OFFER_SCOPES):
        return rows
    if actor.role is Role.HIRING_MANAGER and actor.account_id is not None:
        asked = OfferApproval.objects.filter(offer=OuterRef("pk"), account=actor.account_id)
        return rows.filter(Q(application__job_id__in=actor.job_ids) | Exists(asked))
    if actor.role is Role.CANDIDATE and actor.person_id is not None:
        theirs = Application.objects.filter(of_person(actor.person_id)).values("pk")
        return rows.filter(application__in=theirs, sent_at__isnull=False)
    return rows.none()


def offer_for(actor: Actor, offer_id: uuid.UUID | str) -> Offer:
    """Return one offer. Raises NotFound where there is none, or none for this actor."""
    found = offers_visible_to(actor).filter(pk=offer_id).first()
    if found is None:
        raise no_offer()
    return found


def offers_of(application: Application, by: Actor) -> QuerySet[Offer]:
    """Return an application's offers that this actor may see, the newest version first."""
    return offers_visible_to(by).filter(application=application.pk).order_by("-version")


def sees_offer_pay(actor: Actor, offer: Offer) -> bool:
    """Say whether this actor may read the pay, the clauses and the letter: the scope of pay."""
    return sees_pay(actor, offer.application.person)


def token_of(offer: Offer) -> str:
    """Return what opens an offer's page: its id, signed. No key to it lies in the database."""
    return _SIGNER.sign(offer.pk.hex)


def offer_by_token(token: str) -> Offer:
    """Return the offer a signed link opens; whatever became of it, it is there. Raises NotFound."""
    try:
        key = uuid.UUID(_SIGNER.unsign(token))
    except (BadSignature, ValueError):
        raise no_offer() from None
    found = Offer.objects.select_related(*SHOWN).defer("pdf").filter(pk=key, sent_at__isnull=False).first()
    if found is None:
        raise no_offer()
    return found


def is_theirs(offer: Offer, actor: Actor) -> bool:
    """Say whether the offer was made to who is signed in, or to a record merged into theirs."""
    person = offer.application.person
    return actor.person_id is not None and actor.person_id in {person.pk, person.merged_into_id}


def letter_pdf(offer: Offer) -> bytes:
    """Return the letter as it was sent. Raises NotFound before it is."""
    found = Offer.objects.filter(pk=offer.pk).values_list("pdf", flat=True).first()
    if found is None:
        raise no_offer()
    return bytes(found)


def story_of(offer: Offer, by: Actor) -> list[OfferEvent]:
    """Return the ledger of an offer this actor may see, oldest first."""
    if not offers_visible_to(by).filter(pk=offer.pk).exists():
        return []
    return list(OfferEvent.objects.filter(offer=offer).order_by("pk"))


def approvals_of(offer: Offer) -> list[OfferApproval]:
    """Return the chain that is being asked, in order."""
    rows = OfferApproval.objects.filter(offer=offer).exclude(state=ApprovalState.VOID)
    return list(rows.select_related("account").order_by("place", "pk"))


def turn_of(offer: Offer) -> OfferApproval | None:
    """Return whose yes an offer waits for now."""
    if offer.state != OfferState.APPROVING:
        return None
    return next((each for each in approvals_of(offer) if each.state == ApprovalState.WAITING), None)


def approvals_waiting(by: Actor) -> list[OfferApproval]:
    """Return the offers that wait for this colleague's yes now, the longest-waiting first."""
    if not by.is_human_staff:
        return []
    rows = OfferApproval.objects.filter(
        account=by.account_id,
        state=ApprovalState.WAITING,
        asked_at__isnull=False,
        offer__state=OfferState.APPROVING,
    )
    return list(
        rows.select_related("offer__application__person", "offer__application__job").order_by("asked_at")
    )


def chain_for(job: Job) -> ApprovalChain | None:
    """Return the chain in force for a job: its own, else its department's, else the one for all."""
    rows = ApprovalChain.objects.filter(Q(job=job) | Q(job=None, department__in=["", job.department]))
    found = sorted(rows, key=lambda each: (each.job_id is not None, each.department != ""))
    return found[-1] if found else None


@dataclass(frozen=True, slots=True)
class ChainShown:
    """A chain with its colleagues' names, in order; those who left are not in it."""

    chain: ApprovalChain
    approvers: tuple[Account, ...]


def chains(by: Actor) -> list[ChainShown]:
    """Return every chain with its colleagues, for the talent team."""
    if not by.is_talent_team:
        return []
    rows = list(ApprovalChain.objects.select_related("job").order_by("job", "department"))
    wanted = {key for row in rows for key in row.approvers}
    known = {one.pk: one for one in Account.objects.filter(pk__in=wanted, is_active=True)}
    return [ChainShown(row, tuple(known[key] for key in row.approvers if key in known)) for row in rows]


def who_may_approve() -> QuerySet[Account]:
    """Return the colleagues who can be named in a chain, by name."""
    return Account.objects.filter(is_active=True, role__in=APPROVER_ROLES).order_by("name", "pk")


def offer_templates() -> QuerySet[OfferTemplate]:
    """Return the letters in use, by name."""
    return OfferTemplate.objects.filter(retired_at=None).order_by("name")


def offer_template_for(template_id: uuid.UUID) -> OfferTemplate:
    """Return one letter, also one taken off the list. Raises NotFound."""
    found = OfferTemplate.objects.filter(pk=template_id).first()
    if found is None:
        raise NotFound(_("There is no such letter."), field="template")
    return found


def can_be_answered(offer: Offer) -> bool:
    """Say whether the candidate can still say yes or no, leaving the clock aside."""
    return offer.state == OfferState.SENT and offer.application.outcome == Outcome.OPEN


def code_is_out(offer: Offer) -> bool:
    """Say whether a code was sent that still works."""
    since = clock.now() - CODE_LIFE
    return OfferEvent.objects.filter(offer=offer, kind=OfferDeed.CODE_SENT, at__gt=since).exists()


def answer_of(offer: Offer) -> OfferEvent | None:
    """Return the line that keeps the candidate's answer, if they gave one."""
    rows = OfferEvent.objects.filter(offer=offer, kind__in=ANSWERS)
    return rows.order_by("-pk").first()


def own_story_of(offer: Offer) -> list[OfferEvent]:
    """Return the ledger as its candidate may have it: from the sending on, what was said inside left out."""
    rows = OfferEvent.objects.filter(offer=offer).exclude(kind__in=INSIDE)
    return list(rows.order_by("pk"))


def newest_out(offer: Offer) -> Offer | None:
    """Return the version that took this one's place and is with the candidate, if there is one."""
    rows = Offer.objects.filter(application=offer.application_id, version__gt=offer.version)
    return rows.filter(sent_at__isnull=False).defer("pdf").order_by("-version").first()


def live_offer(application: Application, by: Actor) -> Offer | None:
    """Return the version that is being prepared, else the one the candidate has."""
    rows = list(offers_of(application, by).filter(state__in=LIVE))
    return next((row for row in rows if row.state in IN_HAND), rows[0] if rows else None)


@dataclass(frozen=True, slots=True)
class OfferOnPage:
    """An offer on an application's page; its key is there for the person signed in, and for nobody else."""

    offer: Offer
    token: str


def offers_on_page(application: Application, by: Actor) -> list[OfferOnPage]:
    """Return what was sent about an application, newest first.

    A status link lies in many letters, which colleagues read too: it does not lead on to what is paid.
    """
    rows = Offer.objects.filter(application_id=application.pk, sent_at__isnull=False)
    rows = rows.only("version", "state", "sent_at", "expires_at", "title").order_by("-version")
    person = application.person
    own = by.person_id is not None and by.person_id in {person.pk, person.merged_into_id}
    return [OfferOnPage(row, token_of(row) if own else "") for row in rows]


def no_offer() -> NotFound:
    return NotFound(_("There is no such offer."), field="offer")
