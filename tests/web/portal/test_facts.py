"""Ada sees where each thing came from, confirms, corrects and takes out, and can undo each."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from segue.catalog.actions.facts import Said, retract_fact, state_facts
from segue.catalog.models import Fact, FactKind, FactSource, Person
from segue.kit.actor import Actor
from segue.trust.models import Account
from tests.factories import actor, make_resume

pytestmark = pytest.mark.django_db
SignIn = Callable[[Account], Client]
MACHINE = Actor.machine("an import")


def _import(person: Person, kind: str, value: object, source: FactSource = FactSource.ATS) -> Fact:
    state_facts(person, [Said(kind, value)], source=source, by=MACHINE)
    return Fact.objects.filter(person=person, kind=kind, source=source).latest("pk")


@pytest.fixture
def window(ada: Account, client_as: SignIn) -> Client:
    return client_as(ada)


@pytest.fixture
def person(ada: Account) -> Person:
    assert ada.person is not None
    return ada.person


def _page(window: Client) -> str:
    return window.get("/you/").content.decode()


def test_a_conflict_stands_beside_what_counts(window: Client, person: Person) -> None:
    _import(person, "city", "Berlin")
    _import(person, "city", "Bonn", FactSource.PARSED)
    page = _page(window)
    assert "Another source says Bonn: Read from your résumé" in page
    assert "Brought over from an earlier system" in page


def test_ada_chooses_the_other_word(window: Client, person: Person) -> None:
    _import(person, "city", "Berlin")
    bonn = _import(person, "city", "Bonn", FactSource.PARSED)
    assert f'action="/you/fact/{bonn.pk}/"' in _page(window)
    window.post(f"/you/fact/{bonn.pk}/", {"do": "confirm"})
    person.refresh_from_db()
    assert person.city == "Bonn"
    assert "Another source says Berlin: Brought over from an earlier system" in _page(window)


def test_ada_confirms_and_undoes_it(window: Client, person: Person) -> None:
    city = _import(person, "city", "Berlin")
    answer = window.post(f"/you/fact/{city.pk}/", {"do": "confirm"})
    confirmed = Fact.objects.get(person=person, source="confirmed")
    assert answer["Location"] == f"/you/#line-{confirmed.pk}"
    _import(person, "city", "Bonn")
    person.refresh_from_db()
    assert person.city == "Berlin"
    page = _page(window)
    assert "Another source says Bonn" in page
    assert f"/you/fact/{confirmed.pk}/undo/" in page
    window.post(f"/you/fact/{confirmed.pk}/undo/", {"next": "/you/"})
    person.refresh_from_db()
    assert person.city == "Bonn"
    again = window.post(f"/you/fact/{confirmed.pk}/undo/", follow=True)
    assert "This has changed since you looked." in again.content.decode()
    assert Fact.objects.filter(person=person, kind="city").count() == 3


def test_ada_corrects_and_undoes_both_halves_of_it(window: Client, person: Person) -> None:
    city = _import(person, "city", "Berlin")
    window.post(f"/you/fact/{city.pk}/", {"do": "correct", "value": "Hamburg"})
    person.refresh_from_db()
    assert person.city == "Hamburg"
    assert "Put it back" in _page(window)
    confirmed = Fact.objects.get(person=person, source="confirmed", confidence=1)
    window.post(f"/you/fact/{confirmed.pk}/undo/")
    person.refresh_from_db()
    assert person.city == "Berlin"
    assert "Put it back" not in _page(window)


def test_pay_is_corrected_field_by_field_and_refused_in_place(window: Client, person: Person) -> None:
    pay = _import(person, "pay_floor", {"amount": "3000", "currency": "EUR", "period": "month"})
    wrong = {"do": "correct", "amount": "much", "currency": "EUR", "period": "month"}
    answer = window.post(f"/you/fact/{pay.pk}/", wrong)
    assert answer.status_code == 422
    assert "Pay needs an amount, a currency and a period." in answer.content.decode()
    window.post(f"/you/fact/{pay.pk}/", wrong | {"amount": "3400"})
    person.refresh_from_db()
    assert (person.pay_floor, person.pay_currency) == (3400, "EUR")


def test_an_address_is_not_typed_over(window: Client, person: Person) -> None:
    address = _import(person, "email", "ada@people.example")
    answer = window.post(f"/you/fact/{address.pk}/", {"do": "correct", "value": "eve@evil.example"})
    assert answer.status_code == 422
    person.refresh_from_db()
    assert person.email == "ada@people.example"


def test_what_is_taken_out_stays_out_until_ada_says_otherwise(window: Client, person: Person) -> None:
    skill = _import(person, "skill", "java")
    window.post(f"/you/fact/{skill.pk}/", {"do": "retract"})
    for source in (FactSource.ATS, FactSource.PARSED, FactSource.RECRUITER):
        state_facts(person, [Said(FactKind.SKILL, "Java")], source=source, by=MACHINE)
    person.refresh_from_db()
    assert "java" not in person.skills
    assert "Put it back" in _page(window)
    denial = Fact.objects.get(person=person, method="taken_out")
    window.post(f"/you/fact/{denial.pk}/undo/")
    person.refresh_from_db()
    assert "java" in person.skills
    standing = Fact.objects.filter(person=person, kind="skill", normalised="java", superseded_at=None)
    assert {fact.source for fact in standing} == {"ats", "parsed", "recruiter"}
    assert {fact.confidence for fact in standing} == {1.0}


def test_what_ada_types_lets_it_in_again_for_herself(window: Client, person: Person) -> None:
    skill = _import(person, "skill", "java")
    window.post(f"/you/fact/{skill.pk}/", {"do": "retract"})
    window.post("/you/say/", {"kind": "skill", "value": "Java"})
    person.refresh_from_db()
    assert "java" in person.skills
    typed = Fact.objects.get(person=person, source="candidate", kind="skill")
    window.post(f"/you/fact/{typed.pk}/undo/")
    person.refresh_from_db()
    assert "java" not in person.skills


def test_a_recruiters_removal_is_told_and_can_be_put_back(
    window: Client, person: Person, rosa: Account
) -> None:
    skill = _import(person, "skill", "java")
    retract_fact(skill, by=actor(rosa))
    page = _page(window)
    assert "Taken out by a recruiter" in page
    denial = Fact.objects.get(person=person, method="taken_out")
    window.post(f"/you/fact/{denial.pk}/undo/")
    person.refresh_from_db()
    assert "java" in person.skills


def test_nobody_undoes_for_somebody_else(
    window: Client, person: Person, eve: Account, client_as: SignIn
) -> None:
    skill = _import(person, "skill", "java")
    window.post(f"/you/fact/{skill.pk}/", {"do": "retract"})
    denial = Fact.objects.get(person=person, method="taken_out")
    assert client_as(eve).post(f"/you/fact/{denial.pk}/undo/").status_code == 404
    denial.refresh_from_db()
    assert denial.valid_to is None


def test_the_page_costs_the_same_with_one_skill_and_with_five(window: Client, person: Person) -> None:
    counts = []
    for skills in (["java"], ["sql", "python", "excel", "welding"]):
        for skill in skills:
            _import(person, "skill", skill)
        _page(window)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            _page(window)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_words_of_a_resume_are_marked(window: Client, person: Person) -> None:
    resume = make_resume(person, text="I wrote Python for ten years.")
    said = [Said("skill", "python", confidence=0.8, method="lexicon", span=(8, 14))]
    state_facts(person, said, source=FactSource.PARSED, resume=resume, by=MACHINE, purposes=["recruiting"])
    page = _page(window)
    assert 'I wrote <mark title="Skill">Python</mark> for ten years.' in page
    assert "May serve: recruiting" in page
