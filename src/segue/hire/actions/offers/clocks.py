"""The clocks of offers: what ran out goes back to a human, and who is waited for is reminded once a day."""

from __future__ import annotations

from datetime import timedelta

from segue.hire.actions.offers.approving import ask_for_a_yes
from segue.hire.actions.offers.drafting import held_offer
from segue.hire.actions.offers.ledger import note
from segue.hire.actions.offers.letters import tell_soon_over
from segue.hire.models import ApprovalState, Offer, OfferApproval, OfferDeed, OfferState, Outcome
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.listen.actions.record import record
from segue.trust.actions.reviews import open_review

SOON = timedelta(hours=24)
PATIENCE = timedelta(hours=24)
BATCH = 500


@action("hire.expire_offer")
def expire_offer(offer: Offer, *, by: Actor) -> bool:
    """Let an offer whose time is over lie, and ask a person what comes next; nobody is turned down by it.

    Says whether it did: one that was answered, extended or expired meanwhile is left as it is.
    """
    row = held_offer(offer)
    if row.state != OfferState.SENT or clock.now() < row.expires_at:
        return False
    note(row, OfferDeed.EXPIRED, by=by)
    application = row.application
    record(
        "offer.expired",
        by=by,
        person_id=application.person_id,
        job_id=application.job_id,
        version=row.version,
    )
    open_review("offer_expired", person=application.person, job=application.job, days=2, by=by)
    return True


def watch_offers(*, by: Actor) -> int:
    """Go through all clocks of offers; returns how many ran out. It may run as often as one likes."""
    at = clock.now()
    over = Offer.objects.filter(state=OfferState.SENT, expires_at__lte=at).defer("pdf")
    expired = sum(expire_offer(offer, by=by) for offer in over.order_by("expires_at")[:BATCH])
    _remind_candidates(by=by)
    _remind_approvers(by=by)
    return expired


def _remind_candidates(*, by: Actor) -> None:
    """A day before the end, once; not where the offer itself is no older than that."""
    at = clock.now()
    rows = Offer.objects.filter(
        state=OfferState.SENT,
        application__outcome=Outcome.OPEN,
        expires_at__gt=at,
        expires_at__lte=at + SOON,
        sent_at__lt=at - SOON,
    )
    for offer in rows.select_related("application__person").defer("pdf").order_by("expires_at")[:BATCH]:
        tell_soon_over(offer, by=by)


def _remind_approvers(*, by: Actor) -> None:
    at = clock.now()
    rows = OfferApproval.objects.filter(
        state=ApprovalState.WAITING,
        asked_at__lt=at - PATIENCE,
        offer__state=OfferState.APPROVING,
        account__is_active=True,
    )
    for turn in rows.select_related("account").order_by("asked_at")[:BATCH]:
        ask_for_a_yes(turn, by=by, once_for=f"{turn.pk}:{at:%Y-%m-%d}")
