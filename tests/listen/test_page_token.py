"""A page's token says whom it was made for, for a day, and nobody else can write one."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from datetime import timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from segue.kit import clock
from segue.listen.page_token import (
    PageToken,
    issue,
    read,
    user_secret,
    user_token,
    user_token_is_right,
)

ADA = uuid.UUID(int=7)


def test_it_says_whom_the_page_is_for_and_what_they_allow() -> None:
    token = issue(person_id=ADA, granted={"profile", "behaviour"})
    assert read(token) == PageToken(ADA, ("behaviour", "profile"))
    assert read(issue(person_id=None, granted=())) == PageToken(None, ())
    assert token.isascii()
    assert len(token) < 150


def test_it_lives_two_days() -> None:
    token = issue(person_id=ADA, granted=())
    with time_machine.travel(clock.now() + timedelta(hours=47)):
        assert read(token) is not None
    with time_machine.travel(clock.now() + timedelta(hours=49)):
        assert read(token) is None


def test_another_installation_cannot_read_it(settings: pytest.FixtureRequest) -> None:
    token = issue(person_id=ADA, granted=())
    assert read(token)
    settings.SECRET_KEY = "another"  # type: ignore[attr-defined]  # pytest-django's settings
    assert read(token) is None


@given(place=st.integers(0, 200), bit=st.integers(0, 5))
def test_one_changed_letter_and_it_says_nothing(place: int, bit: int) -> None:
    token = issue(person_id=ADA, granted=["behaviour"])
    place %= len(token) - 1  # the last letter may carry unused bits
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    other = letters[letters.index(token[place]) ^ (1 << bit)]
    assert read(token[:place] + other + token[place + 1 :]) is None


@given(st.text(max_size=600))
def test_anything_else_says_nothing(text: str) -> None:
    assert read(text) is None


def test_a_sites_own_servers_can_vouch_for_a_user() -> None:
    """What a server elsewhere does, in the words of its documentation: HMAC-SHA256, hex."""
    vouched = hmac.new(user_secret(3).encode(), b"user-1", hashlib.sha256).hexdigest()
    assert user_token(3, "user-1") == vouched
    assert user_token_is_right(3, "user-1", vouched)
    assert not user_token_is_right(3, "user-2", vouched)
    assert not user_token_is_right(4, "user-1", vouched)
    for wrong in ("", "x" * 64, "ü" * 64, vouched[:-1]):
        assert not user_token_is_right(3, "user-1", wrong)
