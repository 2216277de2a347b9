"""Figures and hours of an offer: exact, or refused. Nothing is rounded, and no hour is anybody else's."""

from __future__ import annotations

import io
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from segue.catalog.models import Person
from segue.engage.actions.webhooks import EVENTS
from segue.hire.actions.offers.sending import send_offer
from segue.hire.actions.offers.terms import checked, first_letter, moment_in, read_amount, said_in
from segue.hire.models import Application, Offer, Terms
from segue.hire.models.offers import LEADS_TO, OfferDeed, OfferState, folded
from segue.kit.errors import Invalid
from segue.trust.models import Account
from tests import factories
from tests.factories import actor, make_application, make_offer, make_terms

AMOUNTS = st.decimals(min_value="0.01", max_value="99999999999", places=2)
ZONES = st.sampled_from(
    ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Kiritimati", "Australia/Lord_Howe", "UTC"]
)
NAIVE = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1))


def offer_of(terms: Terms) -> Offer:
    return Offer(**{field.name: getattr(terms, field.name) for field in fields(terms)})


@given(AMOUNTS)
def test_every_amount_of_two_digits_stays_exactly_itself(amount: Decimal) -> None:
    kept = checked(make_terms(pay_amount=amount)).pay_amount
    assert kept == amount
    said = offer_of(make_terms(pay_amount=kept)).pay_said
    assert read_amount(said.split()[1], field="pay_amount") == amount


@given(st.decimals(allow_nan=True, allow_infinity=True))
def test_any_other_figure_is_refused_and_never_rounded(amount: Decimal) -> None:
    payable = amount.is_finite() and 0 < amount < 10**11 and amount % Decimal("0.01") == 0
    if payable:
        assert checked(make_terms(pay_amount=amount)).pay_amount == amount
        return
    with pytest.raises(Invalid) as refused:
        checked(make_terms(pay_amount=amount))
    assert refused.value.field == "pay_amount"


@given(AMOUNTS, AMOUNTS)
def test_approvals_are_for_one_figure(one: Decimal, other: Decimal) -> None:
    end = make_terms().expires_at
    digests = {offer_of(make_terms(pay_amount=pay, expires_at=end)).terms_digest() for pay in (one, other)}
    assert (len(digests) == 1) == (one == other)


@given(NAIVE, ZONES)
def test_a_moment_is_said_by_the_clocks_it_was_written_by(naive: datetime, zone: str) -> None:
    at = moment_in(zone, naive)
    there = at.astimezone(UTC).astimezone(ZoneInfo(zone))
    skipped = there.replace(tzinfo=None) != naive
    if not skipped:  # an hour that the clocks leave out is the one after it
        assert f"{naive:%H:%M} ({zone})" in said_in(zone, at)
    assert abs(there.replace(tzinfo=None) - naive) <= timedelta(hours=1)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": " "}, "title"),
        ({"pay_currency": "XXX"}, "pay_currency"),
        ({"pay_period": ""}, "pay_period"),
        ({"hours_per_week": Decimal(0)}, "hours_per_week"),
        ({"hours_per_week": Decimal("37.25")}, "hours_per_week"),
        ({"remote": "moon"}, "remote"),
        ({"template": "{{ salary }}"}, "template"),
        ({"template": "{{ pay"}, "template"),
        ({"starts_on": datetime(2020, 1, 1).date()}, "starts_on"),
        ({"expires_at": datetime(2020, 1, 1, tzinfo=UTC)}, "expires_at"),
        ({"clauses": "x" * 10_001}, "clauses"),
    ],
)
def test_what_makes_no_sense_is_named(change: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked(make_terms(**change))
    assert refused.value.field == field
    assert refused.value.remedy


def test_the_first_letter_has_no_place_we_do_not_know() -> None:
    assert checked(make_terms(template=first_letter()))


def test_every_state_but_the_first_is_led_to_by_a_deed() -> None:
    assert set(LEADS_TO.values()) == set(OfferState)
    assert set(LEADS_TO) <= set(OfferDeed)
    assert folded([]) == ""


def test_what_happens_to_offers_is_told_outside() -> None:
    told = {"offer.sent", "offer.accepted", "offer.declined", "offer.expired", "offer.withdrawn"}
    assert told <= set(EVENTS)


@pytest.mark.django_db
def test_a_name_in_arabic_is_printed_and_one_we_have_no_letters_for_is_refused(rosa: Account) -> None:
    leyla = factories.make_person(name="ليلى العمري")
    offer = make_offer(make_application(leyla), template="{{ name }}, willkommen.")
    assert offer.state == "sent"
    chinese = make_offer(make_application(factories.make_person(name="李雷")), upto="approved")
    with pytest.raises(Invalid) as refused:
        send_offer(chinese, by=actor(rosa))
    assert "李" in refused.value.message


@pytest.mark.django_db
def test_who_speaks_a_language_we_do_not_gets_a_letter_wholly_in_ours(ada: Account) -> None:
    person = make_application(ada.person).person
    Person.objects.filter(pk=person.pk).update(locale="ja")
    offer = make_offer(Application.objects.get(person=person))
    printed = PdfReader(io.BytesIO(bytes(offer.pdf or b"")))
    assert f"{offer.starts_on:%-d %B %Y}" in "".join(page.extract_text() for page in printed.pages)
