"""An import brings somebody twice: rules merge what is certain, people are asked about the rest."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from segue.catalog.actions.facts import Said, state_facts
from segue.catalog.actions.merging import unmerge
from segue.catalog.actions.same_people import ask_later, say_different, say_same
from segue.catalog.models import FactKind, FactSource, Merge, Person, SamePair
from segue.catalog.queries.same_people import open_pairs, people_to_compare
from segue.kit import clock
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, NotAllowed
from segue.kit.queue import enqueue, work_off
from segue.learn.actions.same_people import find_same_people, merge_same
from segue.trust.actions.dials import set_dial
from segue.trust.models import Account
from segue.trust.queries.dials import OFF, SAME_PEOPLE, SUGGEST
from tests.factories import actor, grant, make_account, make_person, make_resume

pytestmark = pytest.mark.django_db
MACHINE = Actor.machine("a test")


def said(person: Person, *facts: Said) -> Person:
    state_facts(person, list(facts), source=FactSource.ATS, by=MACHINE)
    return person


def search() -> None:
    enqueue("learn.find_same_people")
    work_off()


@pytest.fixture
def bobs() -> tuple[Person, Person]:
    """Bob and Robert of one number; they applied once by a job board and once by mail."""
    one = make_person(name="Robert Camus", email="robert@people.example", phone="+49 30 1234567")
    other = make_person(name="Bob Camus", email="relay-1@jobboard.example", phone="030 1234567")
    return one, other


def test_a_certain_pair_is_merged_with_its_reasons(bobs: tuple[Person, Person]) -> None:
    search()
    merge = Merge.objects.get()
    assert (merge.survivor, merge.merged, merge.rule, merge.by) == (*bobs, "phone", "worker")
    assert {"field": "given", "how": "nickname"} in merge.evidence


def test_searching_again_changes_nothing(bobs: tuple[Person, Person]) -> None:
    search()
    search()
    assert Merge.objects.count() == 1
    assert merge_same(bobs[0].pk, bobs[1].pk, by=MACHINE) is None


def test_an_undone_merge_is_not_done_again(bobs: tuple[Person, Person]) -> None:
    search()
    unmerge(Merge.objects.get(), by=MACHINE)
    search()
    assert not Merge.objects.filter(undone_at=None).exists()
    assert not open_pairs(MACHINE).exists()


def test_a_household_is_neither_merged_nor_asked_about(bobs: tuple[Person, Person]) -> None:
    bobs[1].delete()
    make_person(name="Karin Camus", email="karin@people.example", phone="+49 30 1234567")
    search()
    assert not Merge.objects.exists()
    assert not SamePair.objects.exists()


def test_three_records_of_one_person_become_one(bobs: tuple[Person, Person]) -> None:
    make_person(name="R. Camus", email="robert+jobs@people.example", phone="")
    search()
    assert Person.objects.filter(merged_into=bobs[0]).count() == 2


def test_the_dial_turned_to_suggest_only_asks(bobs: tuple[Person, Person]) -> None:
    set_dial(SAME_PEOPLE, SUGGEST, by=MACHINE)
    search()
    assert not Merge.objects.exists()
    assert open_pairs(MACHINE).get().reason == "rule"
    set_dial(SAME_PEOPLE, OFF, by=MACHINE)
    assert find_same_people(by=MACHINE).asked == 0


def test_who_signs_in_is_merged_by_an_address_or_by_a_person(bobs: tuple[Person, Person]) -> None:
    make_account(person=bobs[0], email="robert@people.example", name="Robert")
    search()
    assert not Merge.objects.exists()
    assert open_pairs(MACHINE).get().reason == "account"
    said(bobs[1], Said(FactKind.EMAIL, "robert@people.example"))
    search()
    assert Merge.objects.get().rule == "email"


def test_different_answers_are_a_question(bobs: tuple[Person, Person]) -> None:
    grant(bobs[0], "behaviour")
    bobs[1].consents.create(purpose="behaviour", granted=False, text_shown="", by="Bob")
    search()
    assert not Merge.objects.exists()
    assert open_pairs(MACHINE).get().reason == "consent"


@pytest.fixture
def unsure(rosa: Account) -> SamePair:
    """Two of one name in one town: too few people to learn from, so the name alone makes it a question."""
    make_person(name="Jessica Hunter", email="jess@people.example", city="Leeds", phone="+44 1632 960001")
    make_person(name="Jessica Hunter", email="hunter@people.example", city="Leeds", phone="+44 1632 960002")
    search()
    return open_pairs(actor(rosa)).get()


def test_a_person_says_same_and_takes_it_back(unsure: SamePair, rosa: Account) -> None:
    merge = say_same(unsure, by=actor(rosa))
    assert merge.by == "Rosa Feld"
    with pytest.raises(Conflict):
        say_different(unsure, by=actor(rosa))
    unmerge(merge, by=actor(rosa), ask_again=True)
    assert open_pairs(actor(rosa)).get() == unsure


def test_a_no_is_for_good_and_later_is_a_week(unsure: SamePair, rosa: Account, eve: Account) -> None:
    with pytest.raises(NotAllowed):
        say_different(unsure, by=actor(eve))
    ask_later(unsure, by=actor(rosa))
    search()
    assert not open_pairs(actor(rosa)).exists()
    with time_machine.travel(clock.now() + timedelta(days=8)):
        assert say_different(open_pairs(actor(rosa)).get(), by=actor(rosa))
        search()
        assert not open_pairs(actor(rosa)).exists()


def test_people_are_as_many_records_as_they_have_addresses() -> None:
    person = make_person(name="Ada L", email="a@people.example")
    said(person, Said(FactKind.POSITION, {"title": "Engineer", "employer": "Analytical"}))
    make_resume(person, text="See https://www.linkedin.com/in/ada-l-1815 for more.")
    first = Said(FactKind.EMAIL, "a@people.example")
    state_facts(person, [first], source=FactSource.RECRUITER, by=MACHINE)
    said(person, Said(FactKind.EMAIL, "b@people.example"))
    known = people_to_compare(MACHINE)
    assert known.ids == (person.pk, person.pk)
    assert list(known.records.email) == ["a@people.example", "b@people.example"]
    assert (known.records.employer[0], known.records.profile[0]) == ("Analytical", "ada-l-1815")
