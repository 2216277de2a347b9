"""Segments by rule: exactly whom a rule holds of, by what they allowed; kept up to date, undone, told why."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segue.catalog.actions.facts import Said, state_facts
from segue.catalog.models import Fact, FactKind, FactSource, Person
from segue.kit import clock
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from segue.learn.actions.searching import index_people
from segue.learn.actions.segments.editing import (
    archive_segment,
    duplicate_segment,
    edit_segment,
    make_segment,
)
from segue.learn.actions.segments.refreshing import place_people, refresh_segment, refresh_segments
from segue.learn.actions.tastes import reset_taste, set_wishes
from segue.learn.models import Segment, SegmentCount, SegmentMember
from segue.learn.queries.segments.counting import count_rule, matching, preview, sample
from segue.learn.queries.segments.listing import members_of, segment_for, segments_visible_to
from segue.learn.queries.segments.rules import understand_rule
from segue.learn.queries.segments.wording import in_words, warnings_of
from segue.listen.actions.record import record
from segue.listen.models import Signal
from segue.trust.actions.consent import set_consent
from segue.trust.models import Purpose
from tests import factories
from tests.factories import actor, grant, make_job, make_person, make_skill, rosa, theo

pytestmark = pytest.mark.django_db
MACHINE = Actor.machine("a test")
Rule = dict[str, Any]


def rule_of(node: Rule) -> Rule:
    return {"version": 1, "rule": node}


def who(node: Rule) -> set[str]:
    """The names of those a rule holds of now, everybody counted anew."""
    place_people(list(Person.objects.values_list("pk", flat=True)), by=MACHINE)
    rule = understand_rule(rule_of(node))
    found = matching(rule, by=MACHINE)
    assert count_rule(rule, by=MACHINE) == len(found)
    return set(Person.objects.filter(pk__in=found).values_list("name", flat=True))


def person(name: str, *purposes: str, **fields: Any) -> Person:
    made = make_person(name=name, **fields)
    grant(made, *(purposes or ()))
    return made


@pytest.fixture
def three() -> tuple[Person, Person, Person]:
    """Ada in Berlin knows Python and SQL, Bo in Hamburg knows Python, Cy in Berlin allows nothing."""
    for slug in ("python", "sql", "care"):
        make_skill(slug)
    ada = person("Ada", skills=["python", "sql"], headline="Data engineer", source="referral")
    bo = person("Bo", skills=["python"], city="Hamburg", lat=53.55, lon=9.99, headline="Nurse")
    cy = make_person(name="Cy", skills=["python", "sql"], headline="Data engineer")
    index_people(by=MACHINE)
    return ada, bo, cy


def save(who_: Person, times: int = 1) -> list[Signal]:
    by = Actor(role=factories.actor(factories.eve()).role, name=who_.name, person_id=who_.pk)
    return [record("card.saved", by=by, person_id=who_.pk, job_id=make_job().pk) for _ in range(times)]


PYTHON: Rule = {"kind": "skills", "which": "all", "skills": ["Python"]}
BERLIN: Rule = {"kind": "place", "near": "Berlin", "km": 50}
SAVED: Rule = {"kind": "did", "signal": "card.saved", "at_least": 2, "days": 30}


def test_a_nested_rule_holds_of_exactly_those_it_says(three: tuple[Person, ...]) -> None:
    assert who(PYTHON) == {"Ada", "Bo"}
    assert who({"all": [PYTHON, BERLIN]}) == {"Ada"}
    assert who({"all": [PYTHON, {"not": BERLIN}]}) == {"Bo"}
    assert who({"any": [BERLIN, {"kind": "title", "titles": ["nurse", "carer"]}]}) == {"Ada", "Bo"}
    assert who({"kind": "skills", "which": "none", "skills": ["sql"]}) == {"Bo"}
    assert who({"kind": "skills", "which": "any", "skills": ["sql", "care"]}) == {"Ada"}
    assert who({"kind": "source", "sources": ["Referral"]}) == {"Ada"}
    assert who({"kind": "text", "query": "title:engineer OR nurse"}) == {"Ada", "Bo"}
    assert who({}) == {"Ada", "Bo", "Cy"}
    assert who({"any": []}) == set()


def test_neither_a_condition_nor_its_opposite_holds_without_the_consent(three: tuple[Person, ...]) -> None:
    """Cy allowed nothing: a rule that denies something about him must not catch him for want of knowing."""
    for node in (PYTHON, BERLIN, SAVED, {"kind": "seen", "days": 9}, {"kind": "text", "query": "python"}):
        assert "Cy" not in who(node) | who({"not": node}) | who({"not": {"not": node}})
    assert "Cy" in who({"not": {"kind": "consent", "purpose": "contact"}}), (
        "asking for the consent needs none"
    )


def test_a_no_counts_from_the_moment_it_is_said(three: tuple[Person, ...]) -> None:
    ada = three[0]
    assert who(PYTHON) == {"Ada", "Bo"}
    set_consent(ada, purpose="profile", granted=False, by=MACHINE)
    rule = understand_rule(rule_of(PYTHON))
    assert matching(rule, by=MACHINE) == {three[1].pk}, "no job ran in between"
    set_consent(ada, purpose="profile", granted=True, by=MACHINE)
    assert count_rule(rule, by=MACHINE) == 2


def test_deeds_are_counted_by_day_and_an_undone_one_is_none(three: tuple[Person, ...]) -> None:
    ada, bo, cy = three
    signals = save(ada, 2)
    save(bo)
    save(cy, 5)
    assert who(SAVED) == {"Ada"}
    assert who({"kind": "did", "signal": "card.saved", "at_most": 1}) == {"Bo"}
    assert who({"kind": "did", "signal": "card.saved", "at_least": 1, "at_most": 1}) == {"Bo"}
    assert who({"kind": "did", "signal": "card.liked", "at_most": 0}) == {"Ada", "Bo"}, "who never did"
    record("stance.undone", by=MACHINE, person_id=ada.pk, undoes=signals[0])
    assert who(SAVED) == set()
    assert who({"kind": "seen", "days": 1}) == {"Ada", "Bo"}
    with time_machine.travel(clock.now() + timedelta(days=40)):
        assert who({"kind": "seen", "days": 30}) == set()
        assert who({"not": {"kind": "seen", "days": 30}}) == {"Ada", "Bo"}
        assert who({"kind": "did", "signal": "card.saved", "at_least": 1}) == {"Ada", "Bo"}, "ever"


def test_what_is_taken_back_counts_no_more(three: tuple[Person, ...]) -> None:
    ada = three[0]
    save(ada, 3)
    assert who(SAVED) == {"Ada"}
    reset_taste(ada, by=MACHINE)
    assert who(SAVED) == set()
    with time_machine.travel(clock.now() + timedelta(hours=1)):
        save(ada, 2)
        assert who(SAVED) == {"Ada"}
        set_consent(ada, purpose="behaviour", granted=False, by=MACHINE)
        assert who(SAVED) == set()


def test_applications_stages_wishes_and_records(three: tuple[Person, ...]) -> None:
    ada, bo, cy = three
    for one in (ada, cy):
        record("application.submitted", by=MACHINE, person_id=one.pk, job_id=make_job().pk)
    record("application.moved", by=MACHINE, person_id=ada.pk, job_id=make_job().pk, stage="interview")
    set_wishes(bo, wishes={"skill:care": 1.0, "remote:remote": -1.0}, by=MACHINE)
    said = [
        Said(FactKind.POSITION, {"title": "Nurse", "start": "2010-01-01", "end": "2016-01-01"}),
        Said(FactKind.EDUCATION, {"school": "A school", "degree": "BSc Nursing"}),
        Said(FactKind.LICENCE, "forklift"),
    ]
    state_facts(bo, said, source=FactSource.CANDIDATE, by=MACHINE)
    index_people(by=MACHINE, anew=True)
    assert who({"kind": "applied", "at_least": 1}) == {"Ada", "Cy"}, "whom we keep it for anyway"
    assert who({"kind": "stage", "stage": "interview"}) == {"Ada"}
    assert who({"kind": "wish", "stance": "for", "what": "skill:care"}) == {"Bo"}
    assert who({"kind": "wish", "stance": "against", "what": "remote:remote"}) == {"Bo"}
    assert who({"kind": "years", "at_least": 5, "at_most": 7}) == {"Bo"}
    assert who({"kind": "education", "level": "bachelor"}) == {"Bo"}
    assert who({"kind": "education", "level": "master"}) == set()
    assert who({"kind": "licences", "which": "all", "licences": ["Forklift"]}) == {"Bo"}


def test_a_fact_kept_for_another_purpose_is_nobodys_in_a_rule(three: tuple[Person, ...]) -> None:
    ada = three[0]
    Fact.objects.create(
        person=ada,
        kind=FactKind.SKILL,
        value="sql",
        normalised="sql",
        source="candidate",
        purposes=["payroll"],
    )
    assert "Ada" in who({"kind": "skills", "which": "all", "skills": ["sql"]}), "as her row still says"
    index_people(by=MACHINE, anew=True)
    assert "Ada" not in who({"kind": "skills", "which": "all", "skills": ["sql"]})


EVENTS = ("card.saved", "card.liked", "job.dwelled", "card.skipped")
RULES: list[Rule] = [
    PYTHON,
    BERLIN,
    SAVED,
    {"not": SAVED},
    {"not": PYTHON},
    {"kind": "did", "signal": "card.liked", "at_most": 0},
    {"any": [{"kind": "seen", "days": 30}, {"all": [{"not": BERLIN}, PYTHON]}]},
    {"kind": "title", "titles": ["nurse"]},
    {"not": {"kind": "text", "query": "nurse"}},
    {"kind": "fresh", "days": 30},
    {"kind": "wish", "stance": "for", "what": "skill:python"},
    {"not": {"kind": "years", "at_least": 2}},
]
NEEDED = {"skill": "profile", "city": "profile", "wish": "profile", "event": "behaviour"}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_is_not_granted_never_moves_a_membership_or_a_count(db: None, data: st.DataObject) -> None:
    """Whatever somebody's facts or deeds become: without the purpose, every rule answers as before."""
    from django.db import transaction

    with transaction.atomic():
        make_skill("python")
        granted = data.draw(st.sets(st.sampled_from(Purpose.values)), label="granted")
        one = make_person(name="One", headline="Clerk")
        if granted:
            grant(one, *granted)
        index_people(by=MACHINE)

        def answers() -> list[bool]:
            place_people([one.pk], by=MACHINE)
            return [one.pk in matching(understand_rule(rule_of(rule)), by=MACHINE) for rule in RULES]

        before = answers()
        for change in data.draw(st.lists(st.sampled_from(sorted(NEEDED)), min_size=1, max_size=4)):
            _change(one, change, data)
        changed = answers()
        for rule, was, now_is in zip(RULES, before, changed, strict=True):
            if not _needs(rule) & granted:
                assert was is now_is is False, rule
        transaction.set_rollback(True)


def _change(one: Person, change: str, data: st.DataObject) -> None:
    if change == "event":
        kind = data.draw(st.sampled_from(EVENTS))
        for _ in range(2):
            # Straight into the ledger, as if the gate had failed: the rule must not read it even then.
            props = {"dwell_s": 4.0} if kind == "job.dwelled" else {}
            Signal.objects.create(kind=kind, person=one, props=props, job=make_job())
        return
    if change == "wish":
        set_wishes(one, wishes={"skill:python": 1.0}, by=MACHINE)
    elif change == "skill":
        state_facts(one, [Said(FactKind.SKILL, "python")], source=FactSource.CANDIDATE, by=MACHINE)
    else:
        state_facts(one, [Said(FactKind.HEADLINE, "Nurse")], source=FactSource.CANDIDATE, by=MACHINE)
        Person.objects.filter(pk=one.pk).update(lat=53.55, lon=9.99, updated_at=clock.now())
    index_people(by=MACHINE, anew=True)


def _needs(rule: Rule) -> set[str]:
    from segue.engine.segments import VOCABULARY, conditions, read_rule

    return {VOCABULARY[one.kind].needs for one in conditions(read_rule(rule_of(rule)))}


def test_members_come_and_go_once_and_the_ledger_says_so(three: tuple[Person, ...]) -> None:
    ada, bo, _ = three
    by = actor(rosa())
    segment = make_segment(name="Pythons in Berlin", rule=rule_of({"all": [PYTHON, BERLIN]}), by=by)
    assert refresh_segment(segment, by=MACHINE) == (1, 0)
    assert refresh_segment(segment, by=MACHINE) == (0, 0), "twice changes nothing"
    Person.objects.filter(pk=bo.pk).update(lat=52.52, lon=13.4)
    index_people(by=MACHINE, anew=True)
    assert place_people([bo.pk], by=MACHINE) == 1
    set_consent(ada, purpose="profile", granted=False, by=MACHINE)
    assert place_people([ada.pk], by=MACHINE) == 1
    assert [one.person_id for one in members_of(segment, by=by)] == [bo.pk]
    stay = SegmentMember.objects.get(person=ada)
    assert stay.left_at is not None
    assert stay.why == {"version": 1, "held": [0, 1]}
    told = Signal.objects.filter(kind__startswith="segment.").order_by("pk")
    assert [(one.kind, one.person_id) for one in told] == [
        ("segment.entered", ada.pk),
        ("segment.entered", bo.pk),
        ("segment.left", ada.pk),
    ]
    assert told[0].props == {"segment_id": str(segment.pk)}
    count = SegmentCount.objects.get(segment=segment)
    assert (count.size, count.entered, count.left) == (1, 2, 1)
    segment.refresh_from_db()
    assert segment.size == 1


def test_what_a_behaviour_rule_tells_rests_on_that_consent(three: tuple[Person, ...]) -> None:
    """Being in "saved two jobs" tells of what somebody did: told after that yes has gone, it names nobody."""
    ada = three[0]
    save(ada, 2)
    segment = make_segment(name="Savers", rule=rule_of(SAVED), by=actor(rosa()))
    place_people([ada.pk], by=MACHINE)
    refresh_segment(segment, by=MACHINE)
    entered = Signal.objects.get(kind="segment.entered")
    assert (entered.person_id, entered.purpose) == (ada.pk, "behaviour")
    set_consent(ada, purpose="behaviour", granted=False, by=MACHINE)
    place_people([ada.pk], by=MACHINE)
    left = Signal.objects.get(kind="segment.left")
    assert (left.person_id, left.props) == (None, {})


def test_a_segment_may_ask_for_another_and_never_for_itself(three: tuple[Person, ...]) -> None:
    by = actor(rosa())
    pythons = make_segment(name="Pythons", rule=rule_of(PYTHON), by=by)
    asks = {"all": [{"kind": "segment", "segment": str(pythons.pk)}, BERLIN]}
    near = make_segment(name="Near pythons", rule=rule_of(asks), by=by)
    assert refresh_segments(by=MACHINE) == {"segments": 2, "entered": 3, "left": 0}
    for of, to in ((pythons, near), (near, near)):
        circle = rule_of({"kind": "segment", "segment": str(to.pk)})
        with pytest.raises(Invalid, match="itself"):
            edit_segment(of, rule=circle, by=by)
    with pytest.raises(Conflict, match="Near pythons"):
        archive_segment(pythons, archived=True, by=by)
    with pytest.raises(Invalid, match="not there"):
        understand_rule(rule_of({"kind": "segment", "segment": str(uuid.uuid4())}))


def test_edits_are_undone_versions_kept_apart_and_previews_true(three: tuple[Person, ...]) -> None:
    by = actor(rosa())
    segment = make_segment(name="Pythons", rule=rule_of(PYTHON), by=by)
    refresh_segment(segment, by=MACHINE)
    change = preview(segment, understand_rule(rule_of({"all": [PYTHON, BERLIN]})), by=by)
    assert (change.stay, change.enter, change.leave) == (1, 0, 1)
    edited = edit_segment(segment, name="Berlin pythons", rule=rule_of({"all": [PYTHON, BERLIN]}), by=by)
    assert edited.version == 2
    with pytest.raises(Conflict, match="changed meanwhile"):
        edit_segment(segment, name="Mine", version=1, by=by)
    assert refresh_segment(edited, by=MACHINE) == (change.enter, change.leave)
    back = edit_segment(edited, name="Pythons", rule=rule_of(PYTHON), version=2, by=by)
    assert refresh_segment(back, by=MACHINE) == (1, 0)
    copy = duplicate_segment(back, by=by)
    assert (copy.name, copy.rule) == ("Pythons, a copy", back.rule)
    with pytest.raises(Conflict, match="already"):
        edit_segment(copy, name="Pythons", by=by)
    archive_segment(copy, archived=True, by=by)
    assert copy.pk not in {one.pk for one in segments_visible_to(by)}
    assert archive_segment(copy, archived=False, by=by).state == "active"


def test_only_the_team_sees_who_and_analysts_see_how_many(three: tuple[Person, ...]) -> None:
    segment = make_segment(name="Pythons", rule=rule_of(PYTHON), by=actor(rosa()))
    rule = understand_rule(segment.rule)
    analyst, manager, candidate = actor(theo()), actor(factories.max_()), actor(factories.ada())
    assert count_rule(rule, by=analyst) == 2
    assert sample(rule, by=analyst) == []
    assert segment_for(analyst, segment.pk) == segment
    for stranger in (manager, candidate, Actor.anonymous()):
        assert not segments_visible_to(stranger).exists()
        with pytest.raises(NotFound):
            segment_for(stranger, segment.pk)
        with pytest.raises(NotAllowed):
            count_rule(rule, by=stranger)
    for other in (analyst, manager, candidate):
        with pytest.raises(NotAllowed):
            members_of(segment, by=other)
        with pytest.raises(NotAllowed):
            edit_segment(segment, name="Mine", by=other)


@pytest.mark.parametrize(
    ("node", "words"),
    [
        ({"kind": "gender", "is": "f"}, "gender"),
        ({"kind": "years", "at_least": 1, "age": 30}, "age"),
        ({"kind": "text", "query": "nurse AND female"}, "gender"),
        ({"kind": "text", "query": "age:30 nurse"}, "age"),
        ({"kind": "skills", "which": "any", "skills": ["Muslim"]}, "religion"),
        ({"not": {"kind": "wish", "stance": "for", "what": "skill:pregnant"}}, "pregnancy"),
    ],
)
def test_what_is_protected_is_refused_by_name_and_kindly(node: Rule, words: str) -> None:
    with pytest.raises(Invalid, match=f"{words}.*Nobody is grouped by that here"):
        understand_rule(rule_of(node))


def test_a_rule_reads_as_a_sentence_and_warns_of_proxies(three: tuple[Person, ...]) -> None:
    node = {"all": [{"kind": "place", "near": "Berlin", "km": 5}, PYTHON, SAVED, {"not": {"any": [
        {"kind": "years", "at_most": 10}, {"kind": "seen", "days": 7}]}}]}  # fmt: skip
    rule = understand_rule(rule_of(node))
    assert in_words(rule.tree) == (
        "lives within 5 km of Berlin and knows Python and saved a job at least 2 times in the last 30 days"
        " and not: (has at most 10 years in work or was here in the last 7 days)"
    )
    warned = warnings_of(rule.tree)
    assert [(one.number, one.ground) for one in warned] == [(0, "ethnic origin"), (3, "age")]
    assert all(one.reason for one in warned)


def test_an_erased_person_leaves_no_trace_in_segments(three: tuple[Person, ...]) -> None:
    from segue.catalog.actions.erasure import erase_person

    ada = three[0]
    segment = make_segment(name="Pythons", rule=rule_of(PYTHON), by=actor(rosa()))
    refresh_segment(segment, by=MACHINE)
    erase_person(ada, by=MACHINE)
    assert not SegmentMember.objects.filter(person_id=ada.pk).exists()
    refresh_segment(segment, by=MACHINE)
    assert (Segment.objects.get(pk=segment.pk).size, ada.consents.exists()) == (1, True)
