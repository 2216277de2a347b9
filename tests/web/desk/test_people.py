"""Rosa looks for people, and sees what we know of each and from where."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from segue.catalog.actions.facts import Said, confirm_fact, retract_fact, state_facts
from segue.catalog.models import FactSource
from segue.kit.actor import Actor, Role
from segue.trust.models import Account, AuditLine, Purpose
from tests.factories import actor, grant, make_person, make_resume

LIST_BUDGET = 8  # session, account, people, looks noted, pairs, kept searches, the vocabulary's state twice


@pytest.fixture
def desk(rosa: Account, client_as: Callable[[Account], Client]) -> Client:
    return client_as(rosa)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_with_one_row_and_with_three(
    rows: int, desk: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        make_person(skills=["python"])
    with django_assert_num_queries(LIST_BUDGET):
        desk.get(reverse("desk:people"))


@pytest.mark.parametrize(
    "query", ["?text=lindq", "?text=ada@", "?skill=Python", "?skill=python&country=de", "?text=ADA+lind"]
)
def test_people_are_found_by_name_address_and_skill(query: str, ada: Account, desk: Client) -> None:
    make_person(name="Somebody Else", skills=["welding"])
    rows = desk.get(reverse("desk:people") + query).context["rows"]
    assert [row.name for row in rows] == ["Ada Lindqvist"]


def test_a_skill_nobody_has_finds_nobody(ada: Account, desk: Client) -> None:
    assert not desk.get(reverse("desk:people") + "?skill=falconry").context["rows"]


def test_every_fact_shows_its_source_and_its_words(desk: Client, rosa: Account) -> None:
    person = make_person(name="Ada Lindqvist")
    resume = make_resume(person, text="I wrote Python for ten years.")
    state_facts(
        person,
        [Said("skill", "python", confidence=0.8, method="lexicon", span=(8, 14))],
        source=FactSource.PARSED,
        resume=resume,
        by=actor(rosa),
    )
    page = desk.get(reverse("desk:person", args=[person.pk])).content.decode()
    assert "Read from a résumé" in page
    assert "80\xa0%" in page
    assert 'I wrote <mark title="Skill">Python</mark> for ten years.</q>' in page


def test_a_fact_tells_what_it_outweighs_what_it_replaced_and_who_took_what_out(
    desk: Client, rosa: Account
) -> None:
    person = make_person(name="Ada Lindqvist", city="", country="")
    ada = Actor(role=Role.CANDIDATE, name="Ada", person_id=person.pk)
    us = Actor.machine("an import")
    for city in ("Berlin", "Hamburg"):
        state_facts(person, [Said("city", city)], source=FactSource.ATS, by=us)
    (bonn,) = state_facts(person, [Said("city", "Bonn")], source=FactSource.PARSED, by=us)
    state_facts(person, [Said("phone", "+49 30 1")], source=FactSource.ATS, by=us, purposes=["payroll"])
    confirm_fact(bonn, by=ada)
    (java,) = state_facts(person, [Said("skill", "java")], source=FactSource.ATS, by=us)
    retract_fact(java, by=ada)
    answer = desk.get(reverse("desk:person", args=[person.pk]))
    told = {s.lead.fact.kind: s for section in answer.context["sections"] for s in section.stories}
    assert (told["city"].lead.value, told["city"].lead.fact.source) == ("Bonn", "confirmed")
    assert [(line.value, line.why) for line in told["city"].conflicts] == [
        ("Hamburg", "Not shown: “Confirmed by the candidate” weighs more.")
    ]
    assert [(line.value, line.why) for line in told["city"].past] == [
        ("Berlin", "Replaced by a newer word of the same source.")
    ]
    assert not told["phone"].is_shown
    assert told["phone"].lead.why == "Kept for other purposes; no profile shows it."
    (gone,) = answer.context["gone"]
    assert {gone.lead.why, *(line.why for line in gone.past)} == {
        "Took it out; it stays out until they say otherwise.",
        "Taken out by Ada; it stays out.",
    }
    page = answer.content.decode()
    assert "Shown no more" in page
    assert "payroll" in page


def test_a_look_at_a_person_is_noted(desk: Client, rosa: Account) -> None:
    person = make_person()
    desk.get(reverse("desk:person", args=[person.pk]))
    line = AuditLine.objects.get(verb="trust.note_access")
    assert (line.actor_id, line.subject_id) == (rosa.pk, str(person.pk))


def test_the_page_says_what_the_person_allows(desk: Client) -> None:
    person = make_person()
    grant(person, Purpose.PROFILE)
    allowed = dict(desk.get(reverse("desk:person", args=[person.pk])).context["consents"])
    assert [allowed[purpose.label] for purpose in Purpose] == [True, False, False, False]


def test_a_person_without_a_name_still_has_a_page(desk: Client) -> None:
    person = make_person(name="", email=None)
    assert "No name given" in desk.get(reverse("desk:person", args=[person.pk])).content.decode()
