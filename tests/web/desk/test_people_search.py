"""Rosa asks for people in her own words, sees why each is there, and keeps a search."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from segue.catalog.actions.erasure import erase_person
from segue.kit import clock
from segue.kit.actor import Actor
from segue.learn.actions.saved_searches import count_news
from segue.learn.actions.searching import index_people
from segue.learn.models import SavedSearch
from segue.trust.models import Account
from tests.factories import make_person, make_resume, make_skill

US = Actor.machine("test")
# Session, account, pairs, kept searches, skills as for the list; who matches and how many, what is told of
# them; people, and for their reasons people, facts and résumés; the vocabulary's state twice more.
SEARCH_BUDGET = 16


@pytest.fixture
def desk(rosa: Account, client_as: Callable[[Account], Client]) -> Client:
    return client_as(rosa)


def look(desk: Client, query: str) -> str:
    index_people(by=US)
    answer = desk.get(reverse("desk:people"), {"q": query})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_a_search_costs_the_same_with_one_row_and_with_three(
    rows: int, desk: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        make_resume(make_person(headline="Nurse", skills=["python"]), text="Intensive care")
    index_people(by=US)
    with django_assert_num_queries(SEARCH_BUDGET):
        desk.get(reverse("desk:people"), {"q": 'nurse "intensive care" near:Berlin'})


def test_each_row_says_why(desk: Client) -> None:
    make_skill("python")
    make_resume(make_person(headline="Head Nurse", skills=["python"]), text="Ten years of intensive care.")
    page = look(desk, 'nurse python "intensive care" near:Potsdam')
    assert "One person" in page
    assert 'Head <mark title="Title">Nurse</mark>' in page
    assert '<mark title="Skill">Python</mark>' in page
    assert '<mark title="Résumé">intensive care</mark>' in page
    assert "27 km from Potsdam" in page


def test_what_was_understood_is_shown(desk: Client) -> None:
    make_skill("python")
    page = look(desk, 'python (icu OR "head nurse") -title:agency country:de')
    for chip in ("python (also as a skill)", "icu or “head nurse”", "not Title: agency", "Germany"):
        assert f"<bdi>{chip}</bdi>" in page


def test_an_error_stands_in_place_and_the_words_stay(desk: Client) -> None:
    page = look(desk, "nurse (icu")
    assert "A bracket is open since character 7." in page
    assert "Close it with )." in page
    assert 'value="nurse (icu"' in page
    assert "Nobody answers this" not in page


def test_beginnings_are_found_where_nobody_has_the_words(ada: Account, desk: Client) -> None:
    page = look(desk, "lindq")
    assert "Ada Lindqvist" in page
    assert "words that begin so" in page


def test_markup_in_a_search_stays_text(desk: Client) -> None:
    assert "<script>x" not in look(desk, "<script>x(</script>")
    assert "<b>" not in look(desk, 'name:"<b>"')


@pytest.mark.parametrize(
    "query", ["\x00", "-" * 900, "(" * 500, '"', "%s %(x)s", "';--", "a" * 3000, "near:,", "\\ '"]
)
def test_odd_words_are_answered(query: str, desk: Client) -> None:
    page = look(desk, query)
    assert 'id="list-error"' in page
    assert "Server error" not in page


def test_filters_narrow_the_words(desk: Client) -> None:
    make_person(name="Ada", headline="Nurse", skills=["python"])
    make_person(name="Ben", headline="Nurse", country="FR")
    index_people(by=US)
    answer = desk.get(reverse("desk:people"), {"q": "nurse OR x", "skill": "Python", "country": "de"})
    assert [person.name for person in answer.context["rows"]] == ["Ada"]
    assert answer.context["results"].text == '(nurse OR x) skill:"python" country:de'


def test_the_next_page_goes_on_where_the_first_ended(desk: Client) -> None:
    for number in range(60):
        make_person(name=f"P{number}", headline="Nurse")
    index_people(by=US)
    first = desk.get(reverse("desk:people"), {"q": "nurse"})
    second = desk.get(first.context["next_page"])
    names = [person.name for page in (first, second) for person in page.context["rows"]]
    assert (len(names), len(set(names)), second.context["next_page"]) == (60, 60, "")


def test_a_kept_search_tells_of_new_people_until_looked_at(desk: Client, rosa: Account) -> None:
    make_person(headline="Nurse")
    index_people(by=US)
    desk.post(reverse("desk:search_save"), {"q": "nurse", "name": "Nurses"})
    kept = SavedSearch.objects.get(account=rosa)
    assert count_news(by=US) == 0
    make_person(headline="Night nurse")
    make_person(headline="Cook")
    index_people(by=US)
    assert count_news(by=US) == 1
    assert "1 new" in desk.get(reverse("desk:home")).content.decode()
    assert "1 new" in desk.get(reverse("desk:searches")).content.decode()
    opened = desk.get(reverse("desk:people"), {"saved": str(kept.pk)})
    assert len(opened.context["rows"]) == 2
    assert "1 new" not in desk.get(reverse("desk:home")).content.decode()
    assert count_news(by=US) == 0


def test_a_kept_search_is_its_owners_alone(
    desk: Client, mia: Account, client_as: Callable[[Account], Client]
) -> None:
    desk.post(reverse("desk:search_save"), {"q": "nurse", "name": "Nurses"})
    kept = SavedSearch.objects.get()
    other = client_as(mia)
    assert "Nurses" not in other.get(reverse("desk:searches")).content.decode()
    other.post(reverse("desk:search_drop", args=[kept.pk]))
    other.post(reverse("desk:search_mail", args=[kept.pk]), {"by_mail": "1"})
    assert other.get(reverse("desk:people"), {"saved": str(kept.pk)}).context["wanted"]["q"] == ""
    kept.refresh_from_db()
    assert not kept.by_mail


def test_a_kept_search_can_go_and_come_back(desk: Client) -> None:
    desk.post(reverse("desk:search_save"), {"q": "nurse", "name": "Nurses"})
    desk.post(reverse("desk:search_drop", args=[SavedSearch.objects.get().pk]))
    toast = desk.get(reverse("desk:searches")).context["toast"]
    desk.post(toast["undo_url"], toast["undo_fields"])
    assert SavedSearch.objects.get().text == "nurse"


@pytest.mark.parametrize(
    ("q", "name", "said"),
    [("", "x", "nothing to keep"), ("(", "x", "bracket"), ("nurse", "Twice", "already")],
)
def test_what_cannot_be_kept_says_why(q: str, name: str, said: str, desk: Client) -> None:
    desk.post(reverse("desk:search_save"), {"q": "cook", "name": "Twice"})
    desk.get(reverse("desk:home"))
    desk.post(reverse("desk:search_save"), {"q": q, "name": name})
    assert said in desk.get(reverse("desk:searches")).context["toast"]["text"]
    assert SavedSearch.objects.count() == 1


def test_a_search_that_names_the_erased_goes_with_them(rosa: Account) -> None:
    person = make_person(name="Ada Lindqvist")
    for name, text in (("Hers", 'name:"ada lindqvist"'), ("Other", "nurse")):
        SavedSearch.objects.create(account=rosa, name=name, text=text)
    erase_person(person, by=US)
    assert [kept.name for kept in SavedSearch.objects.all()] == ["Other"]


def test_news_of_somebody_who_left_is_nobodys(rosa: Account) -> None:
    long_ago = clock.now() - timedelta(days=1)
    SavedSearch.objects.create(account=rosa, name="Nurses", text="nurse", looked_at=long_ago)
    make_person(headline="Nurse")
    index_people(by=US)
    rosa.is_active = False
    rosa.save()
    assert count_news(by=US) == 0


@pytest.mark.parametrize("who", ["max_", "ines", "theo", "ada", "eve"])
def test_the_door_is_the_talent_teams(
    who: str, request: pytest.FixtureRequest, client_as: Callable[[Account], Client]
) -> None:
    client = client_as(request.getfixturevalue(who))
    for name in ("desk:people", "desk:searches"):
        assert client.get(reverse(name), {"q": "nurse"}).status_code in {302, 403}
