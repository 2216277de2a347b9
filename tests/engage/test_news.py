"""Rosa is told by mail who is new to a search she keeps, once, and without anybody's name in it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from segue.engage.actions.news import tell_news
from segue.engage.models import Message
from segue.kit import clock
from segue.kit.actor import Actor
from segue.learn.actions.searching import index_people
from segue.learn.models import SavedSearch
from segue.trust.models import Account
from tests.factories import make_person

pytestmark = pytest.mark.django_db
US = Actor.machine("test")


@pytest.fixture
def kept(rosa: Account) -> SavedSearch:
    at = clock.now() - timedelta(days=1)
    return SavedSearch.objects.create(account=rosa, name="Nurses", text="nurse", by_mail=True, looked_at=at)


def newcomer(headline: str = "Nurse") -> None:
    make_person(name="Ada Lindqvist", headline=headline)
    index_people(by=US)


def test_news_is_told_once(kept: SavedSearch, rosa: Account) -> None:
    newcomer()
    newcomer("Cook")
    (letter,) = tell_news(by=US)
    assert letter.to_address == rosa.email
    assert letter.subject == "1 person is new to “Nurses”"
    assert f"/desk/people/?saved={kept.pk}" in letter.text
    assert "Lindqvist" not in letter.text
    assert tell_news(by=US) == []


def test_what_comes_later_that_day_waits_for_tomorrow(kept: SavedSearch) -> None:
    with time_machine.travel(clock.now().replace(hour=8), tick=False) as traveller:
        newcomer()
        tell_news(by=US)
        traveller.shift(timedelta(hours=1))
        newcomer()
        tell_news(by=US)
        assert Message.objects.filter(kind="search_news").count() == 1
        traveller.shift(timedelta(days=1))
        newcomer()
        tell_news(by=US)
    assert Message.objects.filter(kind="search_news").count() == 2


@pytest.mark.parametrize("change", [{"by_mail": False}, {"text": "near:Xyzzy"}, {"text": "falconer"}])
def test_no_news_no_mail(change: dict[str, object], kept: SavedSearch) -> None:
    SavedSearch.objects.update(**change)
    newcomer()
    assert tell_news(by=US) == []


def test_whoever_left_the_team_is_not_told(kept: SavedSearch, rosa: Account) -> None:
    rosa.role = "interviewer"
    rosa.save()
    newcomer()
    assert tell_news(by=US) == []
