"""The database itself refuses: raw SQL, as a careless script or a broken release would send it."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from segue.catalog.actions.erasure import erase_person
from segue.hire.actions.offers.answering import accept_offer
from segue.hire.actions.offers.sending import withdraw_offer
from segue.hire.models import Application, Offer, OfferEvent, Outcome
from segue.kit import clock
from segue.kit.actor import Actor
from segue.trust.models import Account, Review
from tests.factories import actor, ada, eve, make_application, make_job, make_offer, make_signing, rosa

pytestmark = pytest.mark.django_db


def sql(statement: str, *args: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, args)


@pytest.fixture
def offer() -> Offer:
    return make_offer(make_application())


def event_of(offer: Offer, kind: str, **columns: Any) -> None:
    """Write a line into the ledger as a script would, well chained."""
    last = OfferEvent.objects.filter(offer=offer).latest("pk")
    event = OfferEvent(offer=offer, kind=kind, prev_hash=last.hash, hash=uuid.uuid4().hex, **columns)
    with transaction.atomic():
        event.save(force_insert=True)


@pytest.mark.parametrize(
    "change",
    ["pay_amount = 1", "letter = 'Hi'", "clauses = 'x'", "pdf = 'x'", "sha256 = ''", "sent_by_id = NULL"],
)
def test_what_was_sent_stays_as_it_was_sent(offer: Offer, change: str) -> None:
    with pytest.raises(IntegrityError, match="stays as it was sent"):
        sql(f"UPDATE hire_offer SET {change} WHERE id = %s", offer.pk)


def test_time_is_only_ever_given(offer: Offer) -> None:
    with pytest.raises(IntegrityError):
        sql("UPDATE hire_offer SET expires_at = expires_at - interval '1 second' WHERE id = %s", offer.pk)
    sql("UPDATE hire_offer SET expires_at = expires_at + interval '1 second' WHERE id = %s", offer.pk)


def test_no_yes_without_evidence(offer: Offer) -> None:
    with pytest.raises(IntegrityError, match="with evidence"):
        sql("UPDATE hire_offer SET state = 'accepted' WHERE id = %s", offer.pk)


@pytest.mark.parametrize(
    "lie",
    [
        {"by_role": "machine"},
        {"by_role": "recruiter"},
        {"identity": ""},
        {"identity": "code"},
        {"identity": "signed_in"},
        {"agreed_to": " "},
        {"typed_name": ""},
    ],
)
def test_no_evidence_that_proves_nothing(offer: Offer, lie: dict[str, str]) -> None:
    said = {
        "by_role": "candidate",
        "identity": "signed_in",
        "agreed_to": "all of it",
        "typed_name": "Ada",
        "shown_sha256": offer.sha256,
    }
    with pytest.raises(IntegrityError):
        event_of(offer, "accepted", **(said | lie))


@pytest.mark.parametrize("who", ["nobody", "a candidate", "one who left"])
def test_nobody_but_a_human_takes_it_back(offer: Offer, who: str) -> None:
    whose: dict[str, Account | None] = {"nobody": None, "a candidate": ada(), "one who left": rosa()}
    account = whose[who]
    if who == "one who left":
        Account.objects.filter(pk=rosa().pk).update(is_active=False)
    key = account.pk if account else None
    with pytest.raises(IntegrityError, match="named human"):
        sql(
            "UPDATE hire_offer SET state = 'withdrawn', reason = 'x', ended_by_id = %s WHERE id = %s",
            key,
            offer.pk,
        )
    with pytest.raises(IntegrityError):
        event_of(offer, "withdrawn", by_role="recruiter", by_account=account)


def test_two_offers_are_not_out_at_once(offer: Offer) -> None:
    make_offer(offer.application, upto="draft")
    second = Offer.objects.get(state="draft")
    sql("UPDATE hire_offer SET state = 'approving' WHERE id = %s", second.pk)
    sql("UPDATE hire_offer SET state = 'approved' WHERE id = %s", second.pk)
    with pytest.raises(IntegrityError, match="offer_one_out"):
        sql(
            "UPDATE hire_offer SET state = 'sent', sent_at = now(), sent_by_id = %s, pdf = 'x',"
            " sha256 = encode(sha256('x'), 'hex') WHERE id = %s",
            rosa().pk,
            second.pk,
        )


def test_an_offer_begins_as_a_draft_and_is_sent_with_its_letter(offer: Offer) -> None:
    copy = Offer.objects.get(pk=offer.pk)
    copy.pk, copy.version, copy._state.adding = uuid.uuid4(), 9, True
    with pytest.raises(IntegrityError, match="begins as a draft"), transaction.atomic():
        copy.save(force_insert=True)
    ready = make_offer(make_application(), upto="approved")
    with pytest.raises(IntegrityError, match="with its letter"):
        sql("UPDATE hire_offer SET state = 'sent' WHERE id = %s", ready.pk)


def test_an_end_is_final(offer: Offer) -> None:
    withdraw_offer(offer, reason="The ward is closed.", by=actor(rosa()))
    for state in ("sent", "accepted", "draft"):
        with pytest.raises(IntegrityError):
            sql("UPDATE hire_offer SET state = %s WHERE id = %s", state, offer.pk)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE hire_offerevent SET comment = 'x' WHERE offer_id = %s",
        "DELETE FROM hire_offerevent WHERE offer_id = %s",
        "DELETE FROM hire_offer WHERE id = %s",
    ],
)
def test_nothing_leaves_the_ledger(offer: Offer, statement: str) -> None:
    with pytest.raises(IntegrityError):
        sql(statement, offer.pk)


def test_a_line_follows_the_last_one(offer: Offer) -> None:
    first = OfferEvent.objects.filter(offer=offer).earliest("pk")
    event = OfferEvent(offer=offer, kind="expired", by_role="machine", prev_hash=first.hash, hash="x")
    with pytest.raises(IntegrityError, match="follows the last"), transaction.atomic():
        event.save(force_insert=True)


def test_offers_go_with_their_person(offer: Offer) -> None:
    erase_person(offer.application.person, by=Actor.machine("a test"))
    assert not Offer.objects.exists()
    assert not OfferEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_say_yes_at_once_to_the_last_opening() -> None:
    """Two connections, one opening: exactly one is hired, and a person looks at the other's yes."""
    job = make_job(openings=1)
    both = [ada(), eve()]
    offers = [make_offer(make_application(one.person, job)) for one in both]
    Account.objects.filter(pk__in=[one.pk for one in both]).update(last_login=clock.now())

    def say_yes(place: int) -> str:
        try:
            offer = offers[place]
            return accept_offer(offer, signing=make_signing(offer), by=actor(both[place])).state
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        states = sorted(pool.map(say_yes, range(2)))
    assert states == ["accepted", "held"]
    assert Application.objects.filter(job=job, outcome=Outcome.HIRED).count() == 1
    assert Application.objects.filter(job=job, outcome=Outcome.OPEN).count() == 1
    assert Review.objects.filter(kind="offer_held").count() == 1
