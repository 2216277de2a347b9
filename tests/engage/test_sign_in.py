"""Signing in by mail: one answer for all who ask, one use for each link."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import login
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import RequestFactory

from segue.engage.actions.sign_in import redeem_link, send_sign_in_link, sign_in_link
from segue.engage.models import Message
from segue.kit import clock
from segue.kit.actor import Actor
from segue.kit.errors import Invalid, TooMany
from segue.listen.models import Signal
from segue.trust.models import Account, AuditLine
from tests.factories import make_person

VISITOR = Actor.anonymous()

pytestmark = pytest.mark.django_db


def ask(email: str, *, ip: str = "", next_path: str = "") -> None:
    send_sign_in_link(email, base_url="https://jobs.example", next_path=next_path, by=VISITOR, ip=ip)


def token_of(account: Account) -> str:
    return sign_in_link(account, base_url="").split("/")[2]


def token_sent() -> str:
    found = re.search(r"https://jobs\.example/sign-in/([A-Za-z0-9_-]+)/", Message.objects.get().text)
    assert found is not None
    return found[1]


def test_ada_gets_a_link_and_is_signed_in_by_it(ada: Account) -> None:
    ask("Ada@People.example ", next_path="/taste/")
    message = Message.objects.get()
    assert (message.kind, message.to_address, message.person) == ("sign_in", ada.email, ada.person)
    assert "/?next=%2Ftaste%2F" in message.text
    assert redeem_link(token_sent()) == ada
    assert Signal.objects.get(kind="person.signed_in").person_id == ada.person_id


def test_the_account_is_ready_for_djangos_login(ada: Account) -> None:
    account = redeem_link(token_of(ada))
    assert account is not None
    request = RequestFactory().post("/")
    request.session = SessionStore()
    login(request, account)
    assert request.session["_auth_user_id"] == str(ada.pk)


def test_a_known_candidate_gets_an_account_when_they_first_ask() -> None:
    person = make_person(email="noor@people.example")
    ask("noor@people.example")
    account = redeem_link(token_sent())
    assert account is not None
    assert account.person == person


def test_a_stranger_gets_the_same_answer_and_no_mail(rosa: Account) -> None:
    make_person(email=None, erased_at=clock.now())
    ask("nobody@elsewhere.example")
    assert not Message.objects.exists()
    assert Account.objects.count() == 1


def test_colleagues_out_of_service_get_nothing(rosa: Account) -> None:
    token = token_of(rosa)
    Account.objects.update(is_active=False)
    ask(rosa.email)
    assert not Message.objects.exists()
    assert redeem_link(token) is None


def test_a_link_works_once(ada: Account) -> None:
    token = token_of(ada)
    assert redeem_link(token) == ada
    assert redeem_link(token) is None


def test_using_one_link_spends_the_others(ada: Account) -> None:
    first, second = token_of(ada), token_of(ada)
    assert redeem_link(second) == ada
    assert redeem_link(first) is None


def test_a_link_lives_half_an_hour(ada: Account) -> None:
    token = token_of(ada)
    with time_machine.travel(clock.now() + timedelta(minutes=31)):
        assert redeem_link(token) is None
    assert redeem_link(token) == ada


@pytest.mark.parametrize("token", ["", "x", "x" * 40, "x" * 72, "é" * 40, "a.b", "a:b:c"])
def test_forgeries_open_nothing(ada: Account, token: str) -> None:
    assert redeem_link(token) is None


def test_adas_link_with_rosas_name_opens_nothing(ada: Account, rosa: Account) -> None:
    mine, hers = token_of(ada), token_of(rosa)
    assert redeem_link(hers[:21] + mine[21:]) is None


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_sign_in_once(ada: Account) -> None:
    token = token_of(ada)

    def click(_: int) -> bool:
        try:
            return redeem_link(token) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(click, range(4))) == 1


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "taste/",
        "/" * 600,
    ],
)
def test_a_link_leads_nowhere_else(ada: Account, elsewhere: str) -> None:
    ask(ada.email, next_path=elsewhere)
    assert "next=" not in Message.objects.get().text


def test_no_audit_line_holds_a_key(ada: Account) -> None:
    ask(ada.email)
    token = token_sent()
    redeem_link(token)
    for line in AuditLine.objects.all():
        assert token not in str(line.detail)
        assert ada.email not in str(line.detail)


def test_five_times_an_address(ada: Account) -> None:
    for _ in range(5):
        ask(ada.email)
    with pytest.raises(TooMany):
        ask(ada.email.upper())
    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        ask(ada.email)


def test_a_limit_holds_for_addresses_nobody_has() -> None:
    for _ in range(5):
        ask("nobody@elsewhere.example")
    with pytest.raises(TooMany):
        ask("nobody@elsewhere.example")


def test_thirty_times_a_machine() -> None:
    for i in range(30):
        ask(f"guess{i}@elsewhere.example", ip="192.0.2.1")
    with pytest.raises(TooMany):
        ask("guess31@elsewhere.example", ip="192.0.2.1")


def test_what_is_no_address_is_said_so() -> None:
    with pytest.raises(Invalid) as refused:
        ask("ada at people")
    assert refused.value.field == "email"
