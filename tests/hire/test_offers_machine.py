"""Whatever anybody tries with offers, in whatever order: one version at most is out, no yes is without its
evidence, no machine answers or takes back, and the ledger folds to where each offer stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from segue.hire.actions.applications import withdraw_application
from segue.hire.actions.offers.answering import (
    accept_offer,
    ask_about_offer,
    code_of,
    decline_offer,
    send_offer_code,
)
from segue.hire.actions.offers.approving import (
    approve_offer,
    return_offer,
    set_approval_chain,
    submit_offer,
)
from segue.hire.actions.offers.clocks import expire_offer
from segue.hire.actions.offers.drafting import change_offer, draft_offer
from segue.hire.actions.offers.sending import extend_offer, send_offer, take_on, withdraw_offer
from segue.hire.models import Application, Offer, OfferEvent, Outcome
from segue.hire.models.offers import folded
from segue.kit import clock
from segue.kit.actor import Actor, Role
from segue.kit.errors import SegueError
from segue.trust.models import Account
from tests import factories
from tests.factories import make_application, make_job, make_member, make_signing, make_terms
from tests.hire.test_machine import cast_of

WHO = (
    "ada",
    "eve",
    "rosa",
    "max",
    "stranger manager",
    "mia",
    "retired",
    "machine",
    "masked machine",
    "visitor",
)
HONEST = ("rosa", "rosa", "mia", "ada", "visitor")
DEEDS = (
    *("draft", "draft", "change", "submit", "submit", "approve", "approve", "return", "send", "send", "send"),
    *("extend", "withdraw", "code", "accept", "accept", "decline", "ask", "expire", "take on", "leave"),
)
STEPS = st.lists(
    st.tuples(st.sampled_from(WHO + HONEST * 3), st.sampled_from(DEEDS), st.integers(0, 3)),
    min_size=4,
    max_size=24,
)
HUMANS = {Role.ADMINISTRATOR, Role.RECRUITER, Role.HIRING_MANAGER}


def newest(application: Application, back: int = 0) -> Offer:
    rows = list(Offer.objects.filter(application=application).order_by("-version")[: back + 1])
    return rows[-1] if rows else Offer(application=application)


def attempt(deed: str, number: int, application: Application, by: Actor) -> bool:
    """Try one deed; say whether it was let through."""
    offer = newest(application, 1 if number == 3 else 0)
    offer.application = application
    last_code = OfferEvent.objects.filter(offer=offer.pk, kind="code_sent").last()
    code = code_of(last_code) if last_code and number != 1 else "000000"
    terms = make_terms(pay_amount=Decimal(50_000 + number))
    signing = make_signing(offer, code=code, agrees=number != 2)
    verbs: dict[str, Callable[[], object]] = {
        "draft": lambda: draft_offer(application, terms=terms, by=by),
        "change": lambda: change_offer(offer, terms=terms, by=by),
        "submit": lambda: submit_offer(offer, by=by),
        "approve": lambda: approve_offer(offer, by=by),
        "return": lambda: return_offer(offer, comment="Less, please", by=by),
        "send": lambda: send_offer(offer, by=by),
        "extend": lambda: extend_offer(offer, until=offer.expires_at + timedelta(days=1), by=by),
        "withdraw": lambda: withdraw_offer(offer, reason="The ward is closed.", by=by),
        "code": lambda: send_offer_code(offer, by=by),
        "accept": lambda: accept_offer(offer, signing=signing, by=by),
        "decline": lambda: decline_offer(offer, by=by),
        "ask": lambda: ask_about_offer(offer, secret_text="Why?", by=by),
        "expire": lambda: expire_offer(offer, by=by),
        "take on": lambda: take_on(offer, by=by),
        "leave": lambda: withdraw_application(application, by=by, reason="Rang today"),
    }
    if offer._state.adding and deed not in {"draft", "leave"}:
        return False
    if deed == "leave" and number:
        return False  # or most walks would end here
    try:
        verbs[deed]()
    except SegueError:
        return False
    return True


class OfferMachine(TestCase):
    """Random walks through the verbs, each step checked."""

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(STEPS, st.booleans())
    def test_no_walk_breaks_the_law(self, steps: list[tuple[str, str, int]], chained: bool) -> None:
        job = make_job(openings=1)
        make_member(job, factories.max_())
        cast = cast_of()
        Account.objects.filter(pk=cast["ada"].account_id).update(last_login=clock.now())
        if chained:
            approvers = [factories.max_().pk, factories.mia().pk]
            set_approval_chain(approvers, by=cast["rosa"])
        application = make_application(factories.ada().person, job)
        sent: dict[object, tuple[str, str, str]] = {}
        with override_settings(PRESS="tests.hire.plain_press.PlainPress"):
            for who, deed, number in steps:
                attempt(deed, number, application, cast[who])
                application.refresh_from_db()
                self.at_most_one_is_out(application)
                for offer in Offer.objects.filter(application=application):
                    self.stands_explained(offer)
                    self.stays_as_sent(offer, sent)

    def at_most_one_is_out(self, application: Application) -> None:
        states = list(Offer.objects.filter(application=application).values_list("state", flat=True))
        assert sum(state in {"sent", "held", "accepted"} for state in states) <= 1
        assert sum(state in {"draft", "approving", "approved"} for state in states) <= 1
        assert application.outcome != Outcome.REJECTED
        assert (application.outcome == Outcome.HIRED) == ("accepted" in states)
        if application.outcome != Outcome.OPEN:
            assert not {"draft", "approving", "approved", "sent", "held"} & set(states)

    def stands_explained(self, offer: Offer) -> None:
        events = list(OfferEvent.objects.filter(offer=offer).select_related("by_account").order_by("pk"))
        assert folded(event.kind for event in events) == offer.state
        before = ""
        for event in events:
            assert (event.prev_hash, event.hash) == (before, event.digest())
            before = event.hash
            if event.kind in {"accepted", "held", "declined", "asked"}:
                assert event.by_role == Role.CANDIDATE
            elif event.kind not in {"expired", "closed", "code_sent"}:
                assert event.by_account is not None
                assert event.by_account.is_active
                assert Role(event.by_account.role) in HUMANS
        if offer.state == "accepted":
            (proof,) = [event for event in events if event.kind in {"accepted", "held"}]
            assert proof.shown_sha256 == offer.sha256
            assert proof.identity in {"signed_in", "code"}
            assert proof.agreed_to
            assert proof.typed_name
        if offer.state == "withdrawn":
            assert offer.ended_by is not None
            assert offer.reason

    def stays_as_sent(self, offer: Offer, sent: dict[object, tuple[str, str, str]]) -> None:
        if offer.sent_at is not None:
            now = (str(offer.pay_amount), offer.letter, offer.sha256)
            assert sent.setdefault(offer.pk, now) == now


class OfferWalks(TestCase):
    """Guards the property above against passing because nothing ever happens."""

    def test_a_walk_that_should_reach_each_end_does(self) -> None:
        ways = {
            "accepted": [("visitor", "code"), ("visitor", "accept")],
            "declined": [("visitor", "decline")],
            "withdrawn": [("rosa", "withdraw")],
            "closed": [("ada", "leave")],
        }
        for end, way in ways.items():
            application = make_application(factories.ada().person, make_job())
            cast = cast_of()
            for who, deed in [("rosa", "draft"), ("rosa", "submit"), ("rosa", "send"), *way]:
                with override_settings(PRESS="tests.hire.plain_press.PlainPress"):
                    assert attempt(deed, 0, application, cast[who]), (end, deed)
            assert newest(application).state == end
