"""An offer from draft to yes: approvals, the letter, the answer with its evidence, and what follows."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from pypdf import PdfReader

from segue.catalog.models import JobStatus
from segue.engage.models import Message, Thread
from segue.engage.queries.threads import messages_of
from segue.hire.actions.applications import open_application, reject_application, withdraw_application
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
from segue.hire.actions.offers.clocks import watch_offers
from segue.hire.actions.offers.drafting import change_offer, draft_offer
from segue.hire.actions.offers.paper import print_letter
from segue.hire.actions.offers.sending import extend_offer, send_offer, take_on, withdraw_offer
from segue.hire.models import Application, Offer, OfferEvent, Outcome
from segue.hire.models.offers import folded
from segue.hire.queries.offers import (
    approvals_of,
    approvals_waiting,
    offer_by_token,
    offer_for,
    sees_offer_pay,
    token_of,
    turn_of,
)
from segue.kit import clock
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from segue.listen.models import Signal
from segue.trust.models import Account, Review
from tests import factories
from tests.factories import actor, make_application, make_job, make_offer, make_signing, make_terms

pytestmark = pytest.mark.django_db
VISITOR = Actor.anonymous()
MACHINE = Actor.machine("a test")


@pytest.fixture
def application(ada: Account) -> Application:
    return make_application(ada.person, make_job(title="Nurse", department="Care"))


def words_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def freshly(account: Account) -> Actor:
    """The account a moment after its link was used."""
    Account.objects.filter(pk=account.pk).update(last_login=clock.now())
    return actor(account)


def test_a_draft_goes_out_and_its_letter_says_what_was_written(application: Application) -> None:
    offer = make_offer(application)
    said = words_of(bytes(offer.pdf or b""))
    assert "Dear Ada, be our Night nurse" in said
    assert "EUR 64,000.00 a year" in said
    assert offer.sha256 == hashlib.sha256(bytes(offer.pdf or b"")).hexdigest()
    assert bytes(offer.pdf or b"") == print_letter(offer, at=offer.sent_at or clock.now())
    application.refresh_from_db()
    assert application.stage == "offer"
    thread = Thread.objects.get(about=f"application:{application.pk}")
    letter = Message.objects.get(thread=thread)
    assert token_of(offer) in letter.text
    assert "64" not in letter.text.replace(token_of(offer), "")
    assert Signal.objects.get(kind="offer.sent").props == {"version": 1}


def test_colleagues_read_it_without_its_key(application: Application, rosa: Account, ada: Account) -> None:
    offer = make_offer(application)
    Message.objects.update(state="sent")
    thread = Thread.objects.get()
    (for_rosa,) = messages_of(thread, actor(rosa))
    (for_ada,) = messages_of(thread, actor(ada))
    assert token_of(offer) not in for_rosa.words
    assert token_of(offer) in for_ada.words


def test_approvers_say_yes_one_after_the_other(application: Application, rosa: Account) -> None:
    mia, max_ = factories.mia(), factories.max_()
    factories.make_member(application.job, max_)
    set_approval_chain([max_.pk, mia.pk], department="Care", by=actor(rosa))
    offer = make_offer(application, upto="approving")
    assert [each.account for each in approvals_of(offer)] == [max_, mia]
    with pytest.raises(Conflict):
        approve_offer(offer, by=actor(mia))
    assert [turn.offer for turn in approvals_waiting(actor(max_))] == [offer]
    assert approvals_waiting(actor(mia)) == []
    approve_offer(offer, comment="Gladly", by=actor(max_))
    with pytest.raises(Conflict):
        send_offer(offer, by=actor(rosa))
    approve_offer(offer, by=actor(mia))
    assert send_offer(offer, by=actor(rosa)).state == "sent"
    asked = list(Message.objects.filter(kind="offer_approval").order_by("created_at"))
    assert [one.to_address for one in asked] == [max_.email, mia.email]
    assert all("Ada" not in one.text and "64" not in one.text for one in asked)


def test_other_terms_begin_the_chain_anew(application: Application, rosa: Account) -> None:
    mia = factories.mia()
    set_approval_chain([mia.pk], by=actor(rosa))
    offer = make_offer(application, upto="approving")
    approve_offer(offer, by=actor(mia))
    same = change_offer(offer, terms=offer.terms, by=actor(rosa))
    assert same.state == "approved"
    changed = change_offer(offer, terms=make_terms(clauses="A bicycle."), by=actor(rosa))
    assert changed.state == "draft"
    assert approvals_of(changed) == []
    with pytest.raises(Conflict):
        send_offer(changed, by=actor(rosa))
    again = submit_offer(changed, by=actor(rosa))
    assert turn_of(again) is not None


def test_what_is_sent_back_is_a_draft_with_a_word_on_it(application: Application, rosa: Account) -> None:
    mia = factories.mia()
    set_approval_chain([mia.pk], by=actor(rosa))
    offer = make_offer(application, upto="approving")
    with pytest.raises(Invalid):
        return_offer(offer, comment="", by=actor(mia))
    assert return_offer(offer, comment="Start a month later", by=actor(mia)).state == "draft"


def test_nobody_approves_their_own_where_another_is_named(application: Application, rosa: Account) -> None:
    mia = factories.mia()
    set_approval_chain([rosa.pk, mia.pk], job=application.job, by=actor(rosa))
    offer = make_offer(application, upto="approving")
    assert [each.account for each in approvals_of(offer)] == [mia]


def test_alone_in_the_chain_one_approves_oneself(application: Application, rosa: Account) -> None:
    set_approval_chain([rosa.pk], job=application.job, by=actor(rosa))
    assert [each.account for each in approvals_of(make_offer(application, upto="approving"))] == [rosa]


def test_a_chain_needs_somebody_who_sees_the_pay(application: Application, rosa: Account) -> None:
    with pytest.raises(Invalid) as refused:
        set_approval_chain([factories.max_().pk], by=actor(rosa))
    assert refused.value.field == "approvers"


def test_ada_says_yes_freshly_signed_in_and_all_follows(application: Application, ada: Account) -> None:
    bo = make_application(job=application.job)
    offer = make_offer(application)
    accept_offer(offer, signing=make_signing(offer), by=freshly(ada))
    offer.refresh_from_db()
    application.refresh_from_db()
    application.job.refresh_from_db()
    assert (offer.state, application.outcome, application.stage) == ("accepted", "hired", "hired")
    assert application.decided_by == offer.sent_by
    assert application.job.status == JobStatus.FILLED
    assert Review.objects.get(kind="job_filled").person == bo.person
    assert Signal.objects.filter(kind="offer.accepted", person=ada.person).count() == 1
    assert Message.objects.filter(kind="application_hired", person=ada.person).count() == 1
    evidence = OfferEvent.objects.get(kind="accepted")
    assert (evidence.identity, evidence.shown_sha256, evidence.by_name) == (
        "signed_in",
        offer.sha256,
        "Ada Lindqvist",
    )
    assert (evidence.address, evidence.agent) == ("203.0.113.7", "Mozilla/5.0 (a test)")
    assert "sign electronically" in evidence.agreed_to


def test_by_the_link_alone_a_code_shows_who_it_is(application: Application) -> None:
    offer = make_offer(application)
    with pytest.raises(Invalid) as refused:
        accept_offer(offer, signing=make_signing(offer), by=VISITOR)
    assert refused.value.field == "code"
    event = send_offer_code(offer, by=VISITOR)
    code = code_of(event)
    assert code in Message.objects.get(kind="offer_code").text
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    with pytest.raises(Invalid):
        accept_offer(offer, signing=make_signing(offer, code=wrong), by=VISITOR)
    with time_machine.travel(clock.now() + timedelta(minutes=31)), pytest.raises(Invalid):
        accept_offer(offer, signing=make_signing(offer, code=code), by=VISITOR)
    accept_offer(offer, signing=make_signing(offer, code=f"{code[:3]} {code[3:]}"), by=VISITOR)
    assert OfferEvent.objects.get(kind="accepted").identity == "code"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"typed_name": " "}, "typed_name"),
        ({"agrees": False}, "agrees"),
        ({"shown_sha256": "0" * 64}, "offer"),
    ],
)
def test_a_yes_needs_a_name_an_agreement_and_the_letter_itself(
    application: Application, ada: Account, change: dict[str, object], field: str
) -> None:
    offer = make_offer(application)
    with pytest.raises((Invalid, Conflict)) as refused:
        accept_offer(offer, signing=make_signing(offer, **change), by=freshly(ada))
    assert refused.value.field == field
    assert not OfferEvent.objects.filter(kind="accepted").exists()


def test_signed_in_long_ago_is_not_enough(application: Application, ada: Account) -> None:
    offer = make_offer(application)
    Account.objects.filter(pk=ada.pk).update(last_login=clock.now() - timedelta(hours=2))
    with pytest.raises(Invalid):
        accept_offer(offer, signing=make_signing(offer), by=actor(ada))


def test_nobody_else_answers(application: Application, rosa: Account, eve: Account) -> None:
    offer = make_offer(application)
    for who in (actor(rosa), MACHINE):
        with pytest.raises(NotAllowed):
            accept_offer(offer, signing=make_signing(offer), by=who)
        with pytest.raises(NotAllowed):
            decline_offer(offer, by=who)
    with pytest.raises(NotFound):
        decline_offer(offer, by=actor(eve))


def test_a_no_is_followed_by_a_person_and_the_application_stays_open(application: Application) -> None:
    offer = make_offer(application)
    decline_offer(offer, secret_reason="Too far", by=VISITOR)
    application.refresh_from_db()
    assert application.outcome == Outcome.OPEN
    assert Review.objects.get(kind="offer_declined").person == application.person
    second = make_offer(application, pay_amount=Decimal(70_000))
    assert (second.version, second.state) == (2, "sent")


def test_a_question_waits_in_the_thread(application: Application) -> None:
    offer = make_offer(application)
    ask_about_offer(offer, secret_text="May I bring my dog?", by=VISITOR)
    thread = Thread.objects.get(about=f"application:{application.pk}")
    assert thread.waiting_since is not None
    assert thread.messages.filter(kind="reply", text="May I bring my dog?").exists()


def test_a_newer_version_takes_the_place_of_the_older(application: Application, ada: Account) -> None:
    first = make_offer(application)
    second = make_offer(application, upto="approved", pay_amount=Decimal(70_000))
    first.refresh_from_db()
    assert first.state == "sent"
    send_offer(second, by=actor(factories.rosa()))
    first.refresh_from_db()
    assert first.state == "replaced"
    with pytest.raises(Conflict):
        accept_offer(first, signing=make_signing(first), by=freshly(ada))
    assert offer_by_token(token_of(first)) == first


def test_what_ran_out_goes_to_a_person_once_and_gets_time(application: Application, ada: Account) -> None:
    offer = make_offer(application)
    rosa = actor(factories.rosa())
    with time_machine.travel(offer.expires_at, tick=False):
        with pytest.raises(Conflict):
            accept_offer(offer, signing=make_signing(offer), by=freshly(ada))
        assert watch_offers(by=MACHINE) == 1
        assert watch_offers(by=MACHINE) == 0
        application.refresh_from_db()
        assert application.outcome == Outcome.OPEN
        assert Review.objects.get(kind="offer_expired").job == application.job
        offer.refresh_from_db()
        with pytest.raises(Invalid):
            extend_offer(offer, until=offer.expires_at, by=rosa)
        extend_offer(offer, until=offer.expires_at + timedelta(days=3), by=rosa)
        accept_offer(offer, signing=make_signing(offer), by=freshly(ada))
    offer.refresh_from_db()
    assert offer.state == "accepted"


def test_reminders_are_written_once(application: Application, rosa: Account) -> None:
    mia = factories.mia()
    set_approval_chain([mia.pk], by=actor(rosa))
    offer = make_offer(application)
    other = make_application(make_application().person, application.job)
    make_offer(other, upto="approving")
    with time_machine.travel(offer.expires_at - timedelta(hours=3), tick=False):
        for _ in range(3):
            watch_offers(by=MACHINE)
    assert Message.objects.filter(kind="offer_soon_over").count() == 1
    assert (
        Message.objects.filter(kind="offer_approval", to_address=mia.email).count() == 3
    )  # two asked, one waits


def test_taking_it_back_takes_a_human_and_reason(
    application: Application, rosa: Account, ada: Account
) -> None:
    offer = make_offer(application)
    with pytest.raises(Invalid):
        withdraw_offer(offer, reason="", by=actor(rosa))
    for who in (MACHINE, actor(ada), actor(factories.max_())):
        with pytest.raises(NotAllowed):
            withdraw_offer(offer, reason="The ward is closed.", by=who)
    withdraw_offer(offer, reason="The ward is closed.", by=actor(rosa))
    offer.refresh_from_db()
    assert (offer.state, offer.ended_by) == ("withdrawn", rosa)
    told = Message.objects.filter(thread__isnull=False).order_by("pk").last()
    assert told is not None
    assert "take our offer" in told.text
    assert "ward" not in told.text
    with pytest.raises(Conflict):
        accept_offer(offer, signing=make_signing(offer), by=freshly(ada))


def test_the_last_opening_taken_a_moment_before_goes_to_a_person(ada: Account, eve: Account) -> None:
    job = make_job(openings=1)
    first, second = make_application(ada.person, job), make_application(eve.person, job)
    hers, other = make_offer(first), make_offer(second)
    accept_offer(hers, signing=make_signing(hers), by=freshly(ada))
    answered = accept_offer(other, signing=make_signing(other), by=freshly(eve))
    assert answered.state == "held"
    second.refresh_from_db()
    assert second.outcome == Outcome.OPEN
    assert Review.objects.get(kind="offer_held").person == eve.person
    assert Message.objects.filter(kind="offer_held", person=eve.person).exists()
    rosa = actor(factories.rosa())
    with pytest.raises(Conflict):
        take_on(answered, by=rosa)
    job.openings = 2
    job.save()
    assert take_on(answered, by=rosa).state == "accepted"
    second.refresh_from_db()
    assert second.outcome == Outcome.HIRED


def test_a_settled_application_closes_its_offers(
    application: Application, ada: Account, rosa: Account
) -> None:
    offer = make_offer(application)
    make_offer(application, upto="draft")
    withdraw_application(application, by=actor(ada))
    assert set(Offer.objects.values_list("state", flat=True)) == {"closed"}
    with pytest.raises(Conflict):
        accept_offer(offer, signing=make_signing(offer), by=freshly(ada))
    other = make_application()
    make_offer(other)
    open_application(other, by=actor(rosa))
    reject_application(other, reason="The job is no more.", by=actor(rosa))
    assert not Offer.objects.filter(state="sent").exists()


def test_pay_is_a_scope_of_its_own(application: Application, rosa: Account, ada: Account) -> None:
    max_ = factories.max_()
    factories.make_member(application.job, max_)
    offer = make_offer(application)
    assert sees_offer_pay(actor(rosa), offer)
    assert sees_offer_pay(actor(ada), offer)
    assert offer_for(actor(max_), offer.pk) == offer
    assert not sees_offer_pay(actor(max_), offer)
    for who in (factories.ines(), factories.theo(), factories.eve()):
        with pytest.raises(NotFound):
            offer_for(actor(who), offer.pk)
    with pytest.raises(NotAllowed):
        draft_offer(application, terms=make_terms(), by=actor(max_))


def test_a_draft_is_nobody_elses_to_read(application: Application, ada: Account) -> None:
    offer = make_offer(application, upto="approved")
    with pytest.raises(NotFound):
        offer_for(actor(ada), offer.pk)
    with pytest.raises(NotFound):
        offer_by_token(token_of(offer))


def test_the_ledger_folds_to_where_it_stands_and_is_sealed(application: Application, ada: Account) -> None:
    offer = make_offer(application)
    send_offer_code(offer, by=VISITOR)
    accept_offer(offer, signing=make_signing(offer), by=freshly(ada))
    events = list(OfferEvent.objects.filter(offer=offer).order_by("pk"))
    assert folded(event.kind for event in events) == "accepted"
    before = ""
    for event in events:
        assert event.prev_hash == before
        assert event.hash == event.digest()
        before = event.hash
