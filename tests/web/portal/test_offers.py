"""The page of an offer: whoever comes, whatever became of it, it says kindly where things stand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from segue.hire.actions.offers.answering import decline_offer
from segue.hire.actions.offers.clocks import watch_offers
from segue.hire.actions.offers.sending import withdraw_offer
from segue.hire.actions.offers.terms import moment_in
from segue.hire.models import Application, Offer, OfferEvent
from segue.hire.queries.offers import token_of
from segue.kit import clock
from segue.kit.actor import Actor
from segue.trust.models import Account
from tests import factories
from tests.factories import actor, make_application, make_offer

SignIn = Callable[[Account], Client]
pytestmark = pytest.mark.django_db
PAGE_BY_LINK = 7  # offer; newer version, code, answer; contact of the job; site and session
PAY = "EUR 64,000.00 a year"


@pytest.fixture
def application(ada: Account) -> Application:
    return make_application(ada.person)


@pytest.fixture
def offer(application: Application) -> Offer:
    return make_offer(application)


def page_of(offer: Offer) -> str:
    return f"/offer/{token_of(offer)}/"


def test_the_link_shows_the_offer(
    offer: Offer, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(PAGE_BY_LINK):
        answer = client.get(page_of(offer))
    assert PAY in answer.content.decode()
    assert answer["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]


def test_a_lost_letter_in_the_link_says_how_to_go_on(offer: Offer, client: Client) -> None:
    answer = client.get(page_of(offer)[:-3] + "/")
    assert answer.status_code == 404
    assert "This link opens nothing" in answer.content.decode()


@pytest.mark.parametrize("who", ["rosa", "max", "eve"])
def test_it_is_shown_to_nobody_else_who_is_signed_in(
    offer: Offer, client_as: SignIn, who: str, request: pytest.FixtureRequest
) -> None:
    account = factories.max_() if who == "max" else request.getfixturevalue(who)
    window = client_as(account)
    answer = window.get(page_of(offer))
    assert answer.status_code == 200
    assert PAY not in answer.content.decode()
    assert window.get(f"{page_of(offer)}letter.pdf").status_code == 302
    window.post(f"{page_of(offer)}decline/")
    offer.refresh_from_db()
    assert offer.state == "sent"


def test_freshly_signed_in_she_needs_no_code(offer: Offer, ada: Account, client_as: SignIn) -> None:
    window = client_as(ada)  # signing in notes the moment
    shown = window.get(page_of(offer)).content.decode()
    assert 'name="code"' not in shown
    said = {"shown": offer.sha256, "typed_name": "Ada Lindqvist", "agrees": "1"}
    window.post(f"{page_of(offer)}accept/", said)
    offer.refresh_from_db()
    assert offer.state == "accepted"
    assert OfferEvent.objects.get(kind="accepted").identity == "signed_in"
    assert "You said yes" in window.get(page_of(offer)).content.decode()


def test_what_is_refused_is_told_beside_its_field_and_kept(offer: Offer, client: Client) -> None:
    client.post(f"{page_of(offer)}code/")
    said = {"shown": offer.sha256, "typed_name": "Ada Lindqvist", "agrees": "1", "code": "nonsense"}
    answer = client.post(f"{page_of(offer)}accept/", said)
    assert answer.status_code == 422
    assert 'id="code-error"' in answer.content.decode()
    assert "Ada Lindqvist" in answer.content.decode()


def test_whoever_guesses_is_stopped(offer: Offer, client: Client) -> None:
    client.post(f"{page_of(offer)}code/")
    said = {"shown": offer.sha256, "typed_name": "Ada", "agrees": "1", "code": "000000"}
    answers = [client.post(f"{page_of(offer)}accept/", said).status_code for _ in range(11)]
    assert answers[-1] == 429


def test_each_end_has_a_kind_page(application: Application, client: Client) -> None:
    rosa = actor(factories.rosa())
    first = make_offer(application)
    second = make_offer(application)
    assert "newer version" in client.get(page_of(first)).content.decode()
    decline_offer(second, by=Actor.anonymous())
    assert "You said no" in client.get(page_of(second)).content.decode()
    third = make_offer(application)
    withdraw_offer(third, reason="The ward is closed.", by=rosa)
    taken_back = client.get(page_of(third)).content.decode()
    assert "take this offer back" in taken_back
    assert "ward" not in taken_back
    fourth = make_offer(application)
    with time_machine.travel(fourth.expires_at, tick=False):
        assert "is over" in client.get(page_of(fourth)).content.decode()  # though no job has run yet
        answer = client.post(f"{page_of(fourth)}decline/")
        assert answer.status_code == 409
        watch_offers(by=Actor.machine("test"))
        assert "is over" in client.get(page_of(fourth)).content.decode()
    assert client.get(page_of(first)).status_code == 200


def test_a_status_link_does_not_lead_on_to_the_pay(
    offer: Offer, client: Client, ada: Account, client_as: SignIn
) -> None:
    status = f"/a/{offer.application.status_key}/"
    by_link = client.get(status).content.decode()
    assert "Your offer" in by_link
    assert token_of(offer) not in by_link
    assert token_of(offer) in client_as(ada).get(status).content.decode()


@pytest.mark.parametrize(
    ("zone", "said"),
    [("Europe/Berlin", "18:00 (Europe/Berlin)"), ("America/New_York", "18:00 (America/New_York)")],
)
def test_it_ends_by_the_clocks_where_they_live(zone: str, said: str, client: Client) -> None:
    person = factories.make_person(time_zone=zone)
    evening = datetime.combine(clock.now().date() + timedelta(days=5), time(18))
    offer = make_offer(make_application(person), expires_at=moment_in(zone, evening))
    assert said in client.get(page_of(offer)).content.decode()
    with time_machine.travel(offer.expires_at - timedelta(seconds=1), tick=False):
        assert watch_offers(by=Actor.machine("test")) == 0
    with time_machine.travel(offer.expires_at, tick=False):
        assert watch_offers(by=Actor.machine("test")) == 1
