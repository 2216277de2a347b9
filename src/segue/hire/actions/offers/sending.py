"""Sending an offer, giving it more time, taking it back: each by a named colleague of the talent team."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.utils.translation import gettext as _

from segue.hire.actions.deciding import checked_reason, take_opening
from segue.hire.actions.ledger import enter_stage, hold_stages
from segue.hire.actions.offers.drafting import held_offer, offer_maker, void_approvals
from segue.hire.actions.offers.ledger import note
from segue.hire.actions.offers.letters import tell_extended, tell_sent, tell_withdrawn
from segue.hire.actions.offers.paper import print_letter
from segue.hire.actions.offers.terms import check_end, filled_in
from segue.hire.models import Application, Offer, OfferDeed, OfferState, Outcome, Stage
from segue.hire.models.offers import IN_HAND, OUT
from segue.hire.queries.pipelines import spec_named, stages_of
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid
from segue.listen.actions.record import record
from segue.trust.actions.reviews import open_review


@action("hire.send_offer")
def send_offer(offer: Offer, *, by: Actor) -> Offer:
    """Print an approved offer and send its link in the application's conversation; it takes the place of the
    version before. Taking back the letter does not take back the offer: that is `withdraw_offer`.

    Raises NotAllowed, NotFound, Conflict, Invalid where it ran out meanwhile or cannot be printed.
    """
    account_id = offer_maker(by)
    row = held_offer(offer)
    application = row.application
    if row.state != OfferState.APPROVED:
        raise Conflict(
            _("This offer is not approved."), field="offer", remedy=_("Put it before its approvers first.")
        )
    if application.outcome != Outcome.OPEN:
        raise Conflict(_("This application is already settled."), field="application")
    if not application.person.email:
        raise Conflict(
            _("They have no e-mail address."), field="person", remedy=_("Add one to their profile first.")
        )
    at = clock.now()
    check_end(row.expires_at, after=at)
    _replace_older(row, by=by)
    row.letter = filled_in(row, sender=by.name)
    row.pdf = print_letter(row, at=at)
    row.sha256 = hashlib.sha256(row.pdf).hexdigest()
    row.sent_at, row.sent_by_id = at, account_id
    note(row, OfferDeed.SENT, by=by, version=row.version, sha256=row.sha256, terms=row.terms_digest())
    _bring_to_offer(application, by=by)
    record(
        "offer.sent", by=by, person_id=application.person_id, job_id=application.job_id, version=row.version
    )
    tell_sent(row, by=by)
    return row


def _replace_older(offer: Offer, *, by: Actor) -> None:
    older = Offer.objects.select_for_update().filter(application=offer.application_id, state__in=OUT).first()
    if older is None:
        return
    if older.state == OfferState.HELD:
        raise Conflict(
            _("They have said yes already."), field="offer", remedy=_("Take them on, or withdraw it first.")
        )
    note(older, OfferDeed.REPLACED, by=by, version=offer.version)


def _bring_to_offer(application: Application, *, by: Actor) -> None:
    """Put the application where offers are, without a letter of its own: the offer is the news."""
    if application.stage == Stage.OFFER:
        return
    hold_stages([application.job_id])
    if spec_named(stages_of(application.job_id), Stage.OFFER) is None:
        return  # this job has no such stage; a yes is taken wherever it stands
    enter_stage(application, stage=Stage.OFFER, by=by, reason=_("An offer was sent."))
    record(
        "application.moved",
        by=by,
        person_id=application.person_id,
        job_id=application.job_id,
        stage=str(Stage.OFFER),
    )


@action("hire.extend_offer")
def extend_offer(offer: Offer, *, until: datetime, by: Actor) -> Offer:
    """Give more time, also to one whose time has just run out; the letter stays as it is.

    Raises NotAllowed, NotFound, Invalid for a moment that is past or no later, Conflict for an offer that
    is not with the candidate, or has a successor.
    """
    offer_maker(by)
    row = held_offer(offer)
    later = Offer.objects.filter(
        application=row.application_id, version__gt=row.version, sent_at__isnull=False
    )
    if row.state not in {OfferState.SENT, OfferState.EXPIRED} or later.exists():
        raise Conflict(
            _("This offer is not with the candidate."), field="offer", remedy=_("Write a new version.")
        )
    if row.application.outcome != Outcome.OPEN:
        raise Conflict(_("This application is already settled."), field="application")
    check_end(until, after=clock.now())
    if until <= row.expires_at:
        raise Invalid(_("That is no more time."), field="expires_at", remedy=_("Choose a later moment."))
    row.expires_at = until
    note(row, OfferDeed.EXTENDED, by=by, until=until.isoformat())
    tell_extended(row, by=by)
    return row


@action("hire.withdraw_offer")
def withdraw_offer(offer: Offer, *, reason: str, by: Actor) -> Offer:
    """Take an offer back, in the name of a colleague and for a reason; one that was sent with a kind letter.

    A yes that is kept for want of an opening can be taken back too, and then a person talks to them.
    Raises NotAllowed, NotFound, Conflict once it has ended, Invalid without a reason.
    """
    account_id = offer_maker(by)
    words = checked_reason(reason)
    row = held_offer(offer)
    was_out = row.state in OUT
    if not was_out and row.state not in IN_HAND:
        raise Conflict(_("This offer has ended already."), field="offer", remedy=_("Load the page again."))
    row.reason, row.ended_by_id = words, account_id
    if not was_out:
        void_approvals(row)
    note(row, OfferDeed.WITHDRAWN, by=by, comment=words)
    if was_out:
        _tell_of_withdrawal(row, by=by)
    return row


def _tell_of_withdrawal(offer: Offer, *, by: Actor) -> None:
    application = offer.application
    record(
        "offer.withdrawn",
        by=by,
        person_id=application.person_id,
        job_id=application.job_id,
        version=offer.version,
    )
    if application.person.email:
        tell_withdrawn(offer, by=by)
    open_review("offer_withdrawn", person=application.person, job=application.job, days=2, by=by)


@action("hire.take_on")
def take_on(offer: Offer, *, by: Actor) -> Offer:
    """Hire somebody whose yes came a moment too late, once an opening is there for them.

    Raises NotAllowed, NotFound, Conflict while there is no opening.
    """
    account_id = offer_maker(by)
    row = held_offer(offer)
    if row.state != OfferState.HELD:
        raise Conflict(_("Nobody's yes waits here."), field="offer", remedy=_("Load the page again."))
    if row.application.outcome != Outcome.OPEN:
        raise Conflict(_("This application is already settled."), field="application")
    note(row, OfferDeed.TAKEN_ON, by=by)
    take_opening(row.application, by=by, decider=account_id, reason=_("An opening was found for them."))
    application = row.application
    record(
        "offer.accepted",
        by=by,
        person_id=application.person_id,
        job_id=application.job_id,
        version=row.version,
    )
    return row
