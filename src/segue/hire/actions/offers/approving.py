"""Who has to say yes before an offer leaves, one after the other."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext as _

from segue.catalog.models import Job
from segue.engage.actions.messages import write_message
from segue.hire.actions.deciding import named_human
from segue.hire.actions.offers.drafting import held_offer, offer_maker, void_approvals
from segue.hire.actions.offers.ledger import note
from segue.hire.actions.offers.terms import checked, filled_in
from segue.hire.models import (
    ApprovalChain,
    ApprovalState,
    Offer,
    OfferApproval,
    OfferDeed,
    OfferState,
    Outcome,
)
from segue.hire.queries.offers import chain_for, no_offer, offers_visible_to, turn_of, who_may_approve
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import TALENT_TEAM, Actor, Role
from segue.kit.errors import Conflict, Invalid
from segue.trust.models import Account

MOST_APPROVERS = 8


@action("hire.set_approval_chain")
def set_approval_chain(
    approvers: Sequence[uuid.UUID], *, by: Actor, job: Job | None = None, department: str = ""
) -> ApprovalChain:
    """Say who approves a job's offers, else a department's, else everybody's, in order; nobody is nobody.

    Offers under way keep the chain they began with. Raises NotAllowed, Invalid for colleagues who cannot
    decide, or a chain in which nobody sees what is paid.
    """
    account_id = offer_maker(by)
    wanted = list(dict.fromkeys(approvers))
    known = {one.pk: one for one in who_may_approve().filter(pk__in=wanted)}
    if len(wanted) > MOST_APPROVERS or set(wanted) - set(known):
        raise Invalid(
            _("These colleagues cannot approve an offer."),
            field="approvers",
            remedy=_("Choose up to eight of the talent team and the hiring managers."),
        )
    if wanted and not any(Role(one.role) in TALENT_TEAM for one in known.values()):
        raise Invalid(
            _("Nobody in this chain sees the pay."),
            field="approvers",
            remedy=_("Add somebody of the talent team: a figure nobody read is approved by nobody."),
        )
    department = "" if job else " ".join(department.split())[:200]
    chain, _made = ApprovalChain.objects.update_or_create(
        job=job,
        department=department,
        defaults={"approvers": wanted, "changed_at": clock.now(), "changed_by_id": account_id},
    )
    return chain


@action("hire.submit_offer")
def submit_offer(offer: Offer, *, by: Actor) -> Offer:
    """Put a draft before its approvers, or, where none are named, make it ready to send.

    Whoever asks is not asked themselves where somebody else is. Raises NotAllowed, NotFound, Conflict,
    Invalid where the letter cannot be filled in or a day has passed meanwhile.
    """
    account_id = offer_maker(by)
    row = held_offer(offer)
    if row.state != OfferState.DRAFT:
        raise Conflict(_("This offer is no draft any more."), field="offer", remedy=_("Load the page again."))
    if row.application.outcome != Outcome.OPEN:
        raise Conflict(_("This application is already settled."), field="application")
    checked(row.terms)
    filled_in(row, sender=by.name)
    void_approvals(row)
    asked = _asked(row, account_id)
    note(row, OfferDeed.SUBMITTED, by=by, terms=row.terms_digest(), approvers=len(asked))
    OfferApproval.objects.bulk_create(
        [OfferApproval(offer=row, place=place, account=one) for place, one in enumerate(asked, 1)]
    )
    _pass_on(row, by=by)
    return row


def _asked(offer: Offer, requester: uuid.UUID) -> list[Account]:
    chain = chain_for(offer.application.job)
    if chain is None:
        return []
    known = {one.pk: one for one in who_may_approve().filter(pk__in=chain.approvers)}
    named = [known[key] for key in chain.approvers if key in known]
    others = [one for one in named if one.pk not in {requester, offer.made_by_id}]
    return others or named


@action("hire.approve_offer")
def approve_offer(offer: Offer, *, by: Actor, comment: str = "") -> Offer:
    """Say yes to an offer's terms. Raises NotFound, NotAllowed, Conflict where it is not one's turn."""
    row, turn = _my_turn(offer, by)
    turn.state, turn.comment, turn.done_at = ApprovalState.APPROVED, comment.strip()[:5000], clock.now()
    turn.save(update_fields=["state", "comment", "done_at"])
    note(row, OfferDeed.APPROVED, by=by, comment=comment, terms=row.terms_digest())
    _pass_on(row, by=by)
    return row


@action("hire.return_offer")
def return_offer(offer: Offer, *, comment: str, by: Actor) -> Offer:
    """Send an offer back with a word on what should change: it is a draft again.

    Raises NotFound, NotAllowed, Conflict where it is not their turn, Invalid without a word.
    """
    if len(comment.split()) < 2:
        raise Invalid(
            _("Say what should change."), field="comment", remedy=_("A few words are enough to go on with.")
        )
    row, turn = _my_turn(offer, by)
    turn.state, turn.comment, turn.done_at = ApprovalState.RETURNED, comment.strip()[:5000], clock.now()
    turn.save(update_fields=["state", "comment", "done_at"])
    note(row, OfferDeed.RETURNED, by=by, comment=comment)
    return row


def _my_turn(offer: Offer, by: Actor) -> tuple[Offer, OfferApproval]:
    if not offers_visible_to(by).filter(pk=offer.pk).exists():
        raise no_offer()
    account_id = named_human(by)
    row = held_offer(offer)
    turn = turn_of(row)
    if turn is None:
        raise Conflict(
            _("This offer waits for nobody's yes."), field="offer", remedy=_("Load the page again.")
        )
    if turn.account_id != account_id:
        name = turn.account.name or turn.account.email
        raise Conflict(_("It is the turn of %s.") % name, field="offer", remedy=_("Let them look at it."))
    return row, turn


def _pass_on(offer: Offer, *, by: Actor) -> None:
    """Ask whoever is next; where nobody is left, the offer is ready to send."""
    turn = turn_of(offer)
    if turn is None:
        note(offer, OfferDeed.CLEARED, by=by, terms=offer.terms_digest())
        return
    turn.asked_at = clock.now()
    turn.save(update_fields=["asked_at"])
    ask_for_a_yes(turn, by=by, once_for=f"{turn.pk}:asked")


def ask_for_a_yes(turn: OfferApproval, *, by: Actor, once_for: str) -> None:
    """Write to whose turn it is. The mail names nobody and no figure, for mails outlive an erasure."""
    account = turn.account
    greeting = _("Hello %(name)s,") % {"name": account.name}
    link = settings.BASE_URL.rstrip("/") + f"/desk/offers/{turn.offer_id}/"
    said = _("an offer waits for your yes.")
    write_message(
        to=account.email,
        subject=_("An offer waits for your yes"),
        text=f"{greeting}\n\n{said}\n\n{link}\n\n{settings.EMPLOYER_NAME}",
        kind="offer_approval",
        by=by,
        once_for=once_for,
    )
