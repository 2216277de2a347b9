"""Whoever was in the catalog twice signs in by either address, and is one."""

from __future__ import annotations

import pytest

from segue.catalog.actions.merging import merge_people, unmerge
from segue.engage.actions.sign_in import send_sign_in_link
from segue.engage.models import Message
from segue.kit.actor import Actor
from segue.trust.models import Account
from tests.factories import make_account, make_person

pytestmark = pytest.mark.django_db
MACHINE = Actor.machine("a test")


def ask(address: str) -> Message | None:
    Message.objects.all().delete()
    send_sign_in_link(address, base_url="http://x", by=Actor.anonymous())
    return Message.objects.first()


def test_the_merged_address_sends_the_survivor_a_link(ada: Account) -> None:
    assert ada.person is not None
    merge_people(ada.person, make_person(email="old@people.example"), evidence=[], by=MACHINE)
    message = ask("old@people.example")
    assert message is not None
    assert (message.to_address, message.person) == ("ada@people.example", ada.person)


def test_a_second_account_rests_and_its_address_leads_to_the_first(ada: Account) -> None:
    other = make_account(email="second@people.example", name="Ada")
    assert ada.person is not None
    assert other.person is not None
    made = merge_people(ada.person, other.person, evidence=[], by=MACHINE)
    message = ask("second@people.example")
    assert message is not None
    assert message.to_address == "ada@people.example"
    unmerge(made, by=MACHINE)
    message = ask("second@people.example")
    assert message is not None
    assert message.to_address == "second@people.example"


def test_an_account_goes_along_where_the_survivor_has_none(ada: Account) -> None:
    assert ada.person is not None
    survivor = make_person(email="first@people.example")
    merge_people(survivor, ada.person, evidence=[], by=MACHINE)
    ada.refresh_from_db()
    assert (ada.person, ada.is_active) == (survivor, True)


def test_a_colleague_who_was_let_go_stays_outside(rosa: Account) -> None:
    Account.objects.filter(pk=rosa.pk).update(is_active=False)
    assert ask(rosa.email) is None
