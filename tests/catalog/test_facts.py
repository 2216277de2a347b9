"""What is said about Ada, by whom, and which of it counts."""

from __future__ import annotations

import pytest

from segue.catalog.actions.facts import (
    Said,
    confirm_fact,
    retract_fact,
    settle_kept_apart,
    settle_profile,
    state_facts,
    undo_fact,
)
from segue.catalog.actions.merging import merge_people, unmerge
from segue.catalog.actions.people import add_resume, read_resume, welcome_person
from segue.catalog.models import Fact, FactKind, FactSource, Person
from segue.kit.actor import Actor
from segue.kit.errors import Invalid, NotAllowed
from segue.trust.models import Account
from tests.factories import actor, make_person

pytestmark = pytest.mark.django_db
MACHINE = Actor.machine("an import")


def of(person: Person) -> Actor:
    from segue.kit.actor import Role

    return Actor(role=Role.CANDIDATE, name=person.name, person_id=person.pk)


def test_a_person_is_welcomed_once_however_their_address_is_written() -> None:
    first, new = welcome_person(email="Nora@People.example", name="Nora Lind", by=Actor.anonymous())
    again, new_again = welcome_person(email="nora@people.EXAMPLE", name="N. Lind", by=MACHINE)
    assert (new, new_again) == (True, False)
    assert again == first
    assert first.name == "Nora Lind"
    assert {fact.kind for fact in Fact.objects.filter(person=first)} == {"name", "email"}


def test_what_the_candidate_typed_outweighs_what_was_imported() -> None:
    nora, _ = welcome_person(email="nora@people.example", name="Nora Lind", by=of(make_person()))
    state_facts(
        nora,
        [Said(FactKind.CITY, "Hamburg"), Said(FactKind.COUNTRY, "DE")],
        source=FactSource.CANDIDATE,
        by=of(nora),
    )
    state_facts(nora, [Said(FactKind.CITY, "Berlin")], source=FactSource.ATS, by=MACHINE)
    nora.refresh_from_db()
    assert nora.city == "Hamburg"
    assert nora.lat == pytest.approx(53.55)
    assert nora.time_zone == "Europe/Berlin"


def test_saying_the_same_thing_twice_is_saying_it_once() -> None:
    nora = make_person()
    said = [Said(FactKind.SKILL, "Python"), Said(FactKind.SKILL, "python"), Said(FactKind.PHONE, "+49 30 1")]
    first = state_facts(nora, said, source=FactSource.CANDIDATE, by=of(nora))
    second = state_facts(nora, said, source=FactSource.CANDIDATE, by=of(nora))
    assert [fact.pk for fact in first] == [fact.pk for fact in second]
    assert Fact.objects.filter(person=nora).count() == 2


def test_a_new_phone_number_supersedes_the_old_one_and_the_old_one_is_kept() -> None:
    nora = make_person()
    for number in ("+49 30 1", "+49 30 2"):
        state_facts(nora, [Said(FactKind.PHONE, number)], source=FactSource.CANDIDATE, by=of(nora))
    nora.refresh_from_db()
    assert nora.phone == "+49 30 2"
    assert Fact.objects.filter(person=nora, superseded_at__isnull=False).get().value == "+49 30 1"


def test_a_stranger_cannot_change_what_a_person_said_of_themselves() -> None:
    nora = make_person(email="nora@people.example", name="")
    state_facts(nora, [Said(FactKind.NAME, "Nora Lind")], source=FactSource.CANDIDATE, by=of(nora))
    mischief = [
        Said(FactKind.NAME, "Mallory", method="unverified"),
        Said(FactKind.EMAIL, "mallory@evil.example", method="unverified"),
        Said(FactKind.PHONE, "+1 555 0100", method="unverified"),
    ]
    state_facts(nora, mischief, source=FactSource.CANDIDATE, by=Actor.anonymous())
    nora.refresh_from_db()
    assert (nora.name, nora.email) == ("Nora Lind", "nora@people.example")
    assert nora.phone == "+1 555 0100"  # a gap is filled, until somebody knows better


def test_a_confirmed_skill_stays_and_a_skill_taken_back_is_not_read_again() -> None:
    nora = make_person()
    resume, new = add_resume(nora, text="I write Python and SQL.", by=of(nora))
    read_resume(resume, by=MACHINE)
    nora.refresh_from_db()
    assert new
    assert nora.skills == ["python", "sql"]
    python, sql = Fact.objects.filter(person=nora, kind=FactKind.SKILL).order_by("span_start")
    assert resume.text[python.span_start : python.span_end] == "Python"
    confirm_fact(python, by=of(nora))
    retract_fact(sql, by=of(nora))
    longer, _ = add_resume(nora, text="I write SQL and Java.", by=of(nora))
    read_resume(longer, by=MACHINE)
    nora.refresh_from_db()
    assert nora.skills == [
        "python",
        "java",
    ]  # SQL was taken back; Python is confirmed, though no longer written
    assert longer.version == 2
    assert add_resume(nora, text="I write SQL and Java.", by=of(nora)) == (longer, False)


def test_only_the_candidate_confirms(rosa: object) -> None:
    nora = make_person()
    (fact,) = state_facts(nora, [Said(FactKind.CITY, "Bonn")], source=FactSource.ATS, by=MACHINE)
    with pytest.raises(NotAllowed):
        confirm_fact(fact, by=actor(rosa))  # type: ignore[arg-type]


def test_settling_twice_writes_once(django_assert_num_queries: object) -> None:
    nora = make_person()
    state_facts(nora, [Said(FactKind.HEADLINE, "Nurse")], source=FactSource.CANDIDATE, by=of(nora))
    nora.refresh_from_db()
    before = nora.updated_at
    settle_profile(nora, by=MACHINE)
    nora.refresh_from_db()
    assert nora.updated_at == before


def test_taking_back_the_only_city_leaves_none() -> None:
    nora = make_person(city="", lat=None, lon=None)
    (fact,) = state_facts(nora, [Said(FactKind.CITY, "Berlin")], source=FactSource.CANDIDATE, by=of(nora))
    retract_fact(fact, by=of(nora))
    nora.refresh_from_db()
    assert (nora.city, nora.lat) == ("", None)


def test_a_recruiter_does_not_take_out_what_the_candidate_vouches_for(rosa: Account) -> None:
    nora = make_person()
    (fact,) = state_facts(nora, [Said(FactKind.SKILL, "sql")], source=FactSource.CANDIDATE, by=of(nora))
    with pytest.raises(NotAllowed):
        retract_fact(fact, by=actor(rosa))


def test_a_denial_goes_along_when_two_records_become_one(rosa: Account) -> None:
    nora, twin = make_person(skills=[]), make_person(skills=[])
    (sql,) = state_facts(nora, [Said(FactKind.SKILL, "sql")], source=FactSource.ATS, by=MACHINE)
    denial = retract_fact(sql, by=of(nora))
    (theirs,) = state_facts(twin, [Said(FactKind.SKILL, "sql")], source=FactSource.ATS, by=MACHINE)
    merge = merge_people(nora, twin, evidence=[], by=actor(rosa))
    nora.refresh_from_db()
    assert nora.skills == []
    unmerge(merge, by=actor(rosa))
    theirs.refresh_from_db()
    assert (theirs.person_id, theirs.superseded_at) == (twin.pk, None)
    undo_fact(denial, by=of(nora))
    nora.refresh_from_db()
    assert nora.skills == ["sql"]


def test_profiles_settled_when_other_purposes_still_reached_columns_are_settled_again() -> None:
    nora, ines = make_person(skills=["sql", "kites"], city=""), make_person(skills=["sql"])
    payroll = [Said(FactKind.PHONE, "+49 30 1"), Said(FactKind.CITY, "Bonn"), Said(FactKind.SKILL, "kites")]
    state_facts(nora, payroll, source=FactSource.ATS, by=MACHINE, purposes=["payroll"])
    state_facts(nora, [Said(FactKind.HEADLINE, "Nurse")], source=FactSource.ATS, by=MACHINE)
    as_before = {"phone": "+49 30 1", "city": "Bonn", "lat": 50.7, "lon": 7.1, "skills": ["sql", "kites"]}
    Person.objects.filter(pk=nora.pk).update(**as_before)
    untouched = Person.objects.filter(pk=ines.pk).values().get()
    assert settle_kept_apart(by=MACHINE) == 1
    nora.refresh_from_db()
    assert (nora.phone, nora.city, nora.lat, nora.lon) == ("", "", None, None)
    assert (nora.skills, nora.headline) == (["sql"], "Nurse")
    assert settle_kept_apart(by=MACHINE) == 0
    assert Person.objects.filter(pk=ines.pk).values().get() == untouched


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("email", "nora at home"),
        ("country", "Atlantis"),
        ("location", {"lat": 91, "lon": 0}),
        ("pay_floor", {"amount": "much", "currency": "EUR", "period": "year"}),
        ("remote", "sometimes"),
        ("name", ""),
        ("name", "Nora\x00"),
        ("shoe_size", 38),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_name(kind: str, value: object) -> None:
    with pytest.raises(Invalid) as refused:
        state_facts(make_person(), [Said(kind, value)], source=FactSource.CANDIDATE, by=MACHINE)
    assert refused.value.field in {kind, "kind"}
    assert Fact.objects.count() == 0
