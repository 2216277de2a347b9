"""People found by what became of their applications, and nobody learning a status by filtering."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segue.catalog.actions.merging import merge_people
from segue.catalog.models import Person
from segue.engine.query import Applied, all_of, any_of, negated
from segue.hire.models import Application, Outcome, Stage
from segue.kit.actor import Actor, Role
from segue.kit.errors import Invalid
from segue.learn.actions.searching import index_people
from segue.learn.queries.search.asking import ask_of, understand
from segue.learn.queries.search.explaining import reasons_of
from segue.learn.queries.search.finding import count_people, find_people, matching_ids
from segue.learn.queries.search.statement import where
from tests.factories import make_application, make_job, make_member, make_person
from tests.factories.cast import actor, eve, ines, max_, rosa, theo

pytestmark = pytest.mark.django_db
TEAM = Actor(Role.RECRUITER, name="Rosa")
US = Actor.machine("test")


def apply(person: Person, job: Any, outcome: str = "open", stage: str = "applied") -> Application:
    fields: dict[str, Any] = {"outcome": outcome, "stage": stage}
    if outcome == Outcome.REJECTED:
        fields |= {"decided_by": rosa(), "decision_reason": "Others fitted more closely."}
    return make_application(person, job, **fields)


@pytest.fixture
def four() -> dict[str, Person]:
    ward, lodz = make_job(title="Ward Nurse"), make_job(title="Porter in Łódź", external_id="R-7")
    people = {name: make_person(name=name, headline="Nurse") for name in ("Ada", "Ben", "Cem", "Dee")}
    apply(people["Ada"], ward, "rejected", "interview")
    apply(people["Ada"], lodz, stage="interview")
    apply(people["Ben"], ward, stage="interview")
    apply(people["Cem"], lodz, "rejected", "screen")
    index_people(by=US)
    return people


@pytest.mark.parametrize(
    ("typed", "who"),
    [
        ("status:rejected OR near:Paris", "Ada Cem Eli"),
        ("NOT (status:rejected OR near:Paris)", "Ben Dee"),
        ("nurse (stage:interview OR NOT near:Paris)", "Ada Ben Cem Dee"),
        ("-near:Paris -(near:Paris OR status:rejected)", "Ben Dee"),
        ("near:Paris (status:rejected OR porter)", "Eli"),
    ],
)
def test_circles_beside_applications(typed: str, who: str, four: dict[str, Person]) -> None:
    """Who lives nowhere known is not near, and not kept out by a NOT."""
    Person.objects.filter(name__in=["Ben", "Cem"]).update(lat=None, lon=None)
    paris = {"city": "Paris", "country": "FR", "lat": 48.86, "lon": 2.35}
    people = four | {"Eli": make_person(name="Eli", headline="Porter", **paris)}
    index_people(by=US)
    assert matching_ids(TEAM, understand(typed)) == {people[name].pk for name in who.split()}


@pytest.mark.parametrize(
    ("typed", "who"),
    [
        ("status:rejected", "Ada Cem"),
        ("nurse -status:rejected", "Ben Dee"),
        ("NOT status:rejected", "Ben Dee"),
        ('status:rejected job:"ward nurse"', "Ada"),
        ('-status:rejected job:"ward nurse"', "Ben Cem Dee"),
        ("status:rejected AND job:lodz", "Ada Cem"),  # two applications may bear out the two
        ("status:rejected job:lodz", "Cem"),
        ("job:R-7", "Ada Cem"),
        ("stage:interview", "Ada Ben"),
        ("stage:interview status:rejected", "Ada"),
        ("status:(rejected OR hired)", "Ada Cem"),
        ("status:hired", ""),
        ("status:active -job:porter", "Ben"),
        ("nurse (status:rejected OR stage:interview)", "Ada Ben Cem"),
        ("-job:nurse", "Cem Dee"),
        ("job:nobody", ""),
        ("job:ward -nurse", ""),
    ],
)
def test_who_answers(typed: str, who: str, four: dict[str, Person]) -> None:
    found = matching_ids(TEAM, understand(typed))
    assert found == {four[name].pk for name in who.split()}
    assert count_people(TEAM, understand(typed)) == len(found)
    assert {hit.person_id for hit in find_people(TEAM, understand(typed)).hits} == found


@pytest.mark.parametrize("typed", ["status:sacked", "stage:limbo", "status:(rejected OR sacked)"])
def test_a_status_nobody_knows_is_refused_with_those_there_are(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        understand(typed)
    assert Stage.INTERVIEW in refused.value.remedy or Outcome.REJECTED in refused.value.remedy


def test_the_reason_names_the_application(four: dict[str, Person]) -> None:
    ada = four["Ada"].pk
    (why,) = reasons_of(understand("nurse status:rejected"), [ada], TEAM)[ada][1:]
    assert (why.where, why.text) == ("application", "Ward Nurse: Interview, rejected")
    (only,) = reasons_of(understand("nurse status:rejected"), [ada], Actor(Role.ANALYST))[ada]
    assert only.where == "title"


def test_an_application_kept_with_a_merged_record_counts_for_who_they_are(four: dict[str, Person]) -> None:
    merge_people(four["Dee"], four["Cem"], evidence={}, by=actor(rosa()))
    index_people(by=US)
    assert matching_ids(TEAM, understand("status:rejected")) == {four["Ada"].pk, four["Dee"].pk}
    assert four["Dee"].pk not in matching_ids(TEAM, understand("nurse -status:rejected"))


def test_a_hiring_manager_is_answered_by_their_own_job_only(four: dict[str, Person]) -> None:
    make_member(Application.objects.filter(job__title="Ward Nurse")[0].job, max_())
    assert answers(understand("status:rejected"), actor(max_())) == {four["Ada"].pk}
    assert answers(understand("-status:rejected"), actor(max_())) == {
        four[name].pk for name in ("Ben", "Cem", "Dee")
    }


def answers(ask: Any, by: Actor) -> set[uuid.UUID]:
    """Whom the condition lets through for somebody, even where they may not search at all."""
    sql, values = where(ask, by)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT person_id FROM learn_searchrow WHERE {sql}", values)
        return {row[0] for row in cursor.fetchall()}


LEAVES = st.builds(
    Applied,
    st.sampled_from(["", *Outcome.values]),
    st.sampled_from(["", *Stage.values]),
    st.sampled_from(["", "Ward", "Porter"]),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(all_of),
        st.lists(inner, min_size=2, max_size=3).map(any_of),
        inner.map(negated),
    ),
    max_leaves=4,
)
STATES = st.tuples(st.sampled_from(Outcome.values), st.sampled_from(Stage.values))


@pytest.mark.parametrize("who", [max_, ines, theo, eve])
@given(tree=TREES, one=STATES, other=STATES)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_they_may_not_see_changes_nothing_they_are_answered(
    who: Any, tree: Any, one: tuple[str, str], other: tuple[str, str], four: dict[str, Person]
) -> None:
    """Whoever sees no application of the ward is answered alike, whatever became of each of them."""
    if who in (max_, ines):
        porter = Application.objects.filter(job__title__startswith="Porter")[0].job
        porter.members.get_or_create(account=who(), duty="hiring_manager" if who is max_ else "interviewer")
    by, heard = actor(who()), []
    for outcome, stage in (one, other):
        Application.objects.filter(job__title="Ward Nurse").update(
            outcome=outcome, stage=stage, decided_by=rosa(), decision_reason="For this story."
        )
        heard.append(answers(ask_of(tree), by))
        assert find_people(by, ask_of(tree)).hits == []
    assert heard[0] == heard[1]
