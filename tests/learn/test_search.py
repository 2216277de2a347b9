"""Who is found by what somebody types, who is never found, and why a row is there."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segue.catalog.actions.erasure import erase_person
from segue.catalog.actions.merging import merge_people, unmerge
from segue.catalog.models import Fact, FactSource, Person
from segue.engine.query import All, Near, Node, Term, all_of, any_of, negated
from segue.kit import queue
from segue.kit.actor import FINDERS, Actor, Role
from segue.kit.errors import Invalid
from segue.learn.actions.fitting import refresh_features
from segue.learn.actions.searching import index_people, index_person
from segue.learn.models import PersonFeatures, SearchRow
from segue.learn.queries.search.asking import Ask, ask_of, begins_so, understand
from segue.learn.queries.search.closeness import closeness_of, skill_credit
from segue.learn.queries.search.explaining import reasons_of
from segue.learn.queries.search.finding import count_people, find_people, matching_ids
from segue.trust.models import Consent, Purpose
from tests.factories import grant, make_job, make_person, make_resume, make_skill

pytestmark = pytest.mark.django_db
TEAM = Actor(Role.RECRUITER, name="Rosa")
US = Actor.machine("test")


def found(text: str, actor: Actor = TEAM, **filters: str) -> list[str]:
    index_people(by=US)
    hits = find_people(actor, understand(text, **filters)).hits
    names = Person.objects.in_bulk([hit.person_id for hit in hits])
    return [names[hit.person_id].name for hit in hits]


def state(person: Person, kind: str, value: Any, *, purposes: list[str], **fields: Any) -> Fact:
    normalised = fields.pop("normalised", str(value).casefold())
    return Fact.objects.create(
        person=person,
        kind=kind,
        value=value,
        normalised=normalised,
        source=FactSource.ATS,
        purposes=purposes,
        **fields,
    )


@pytest.fixture
def three() -> None:
    make_skill("kubernetes", synonyms=["k8s", "kube"])
    ada = make_person(name="Ada Łódź", headline="Head Nurse", skills=["kubernetes"], remote="hybrid")
    make_resume(ada, text="Intensive care since 2019. I care for intensive cases.")
    ben = make_person(name="Ben", headline="Nurse", city="Potsdam", lat=52.39, lon=13.06)
    make_resume(ben, text="I worked for an agency, on intensive wards; care came later.")
    state(ben, "position", {"title": "Porter", "employer": "Night Owls"}, purposes=[])
    state(ben, "education", {"title": "BSc", "school": "Charité"}, purposes=[])
    make_person(name="أحمد", headline="看護師", city="Paris", country="FR", lat=48.86, lon=2.35)


@pytest.fixture
def indexed(three: None) -> None:
    make_person(name="Nowhere", headline="Nurse", lat=None, lon=None)
    index_people(by=US)


@pytest.mark.parametrize(
    ("typed", "who"),
    [
        ("nurse", {"Ada Łódź", "Ben"}),
        ("NURSE lodz", {"Ada Łódź"}),
        ('"intensive care"', {"Ada Łódź"}),
        ("intensive care", {"Ada Łódź", "Ben"}),
        ("nurse -agency", {"Ada Łódź"}),
        ("porter (-agency OR -wards)", set()),
        ("NOT nurse", {"أحمد"}),
        ("agency OR 看護", {"Ben", "أحمد"}),
        ("-(agency OR 看護)", {"Ada Łódź"}),
        ("احمد", {"أحمد"}),
        ("nurs*", {"Ada Łódź", "Ben"}),
        ("title:porter", {"Ben"}),
        ("title:agency", set()),
        ("employer:(owls OR x)", {"Ben"}),
        ("school:charite", {"Ben"}),
        ("name:ada", {"Ada Łódź"}),
        ("skill:k8s", {"Ada Łódź"}),
        ("kube", {"Ada Łódź"}),
        ("-k8s", {"Ben", "أحمد"}),
        ("skill:kub*", {"Ada Łódź"}),
        ("skill:falconry", set()),
        ("remote:hybrid", {"Ada Łódź"}),
        ("country:Germany", {"Ada Łódź", "Ben"}),
        ("city:potsdam", {"Ben"}),
        ("near:Berlin within:10km", {"Ada Łódź"}),
        ("near:Berlin", {"Ada Łódź", "Ben"}),
        ("nurse -near:Berlin within:10km", set()),
        ("nurse -(near:Berlin within:10km)", {"Ben"}),
        ("near:Paris OR porter", {"Ben", "أحمد"}),
        ("", {"Ada Łódź", "Ben", "أحمد"}),
    ],
)
def test_who_answers(typed: str, who: set[str], three: None) -> None:
    if typed == "nurse -near:Berlin within:10km":
        who = {"Ben"}  # NOT binds the place with its distance
    assert set(found(typed)) == who


def test_filters_beside_the_words_narrow_all_of_them(three: None) -> None:
    assert found("nurse OR porter", skill="kubernetes") == ["Ada Łódź"]
    assert set(found("nurse OR 看護", country="fr")) == {"أحمد"}


def test_a_skill_of_several_words_is_recognised_without_quotes() -> None:
    make_skill("machine-learning", label="Machine learning", synonyms=["statistical learning"])
    make_person(name="Ada", skills=["machine-learning"])
    assert found("statistical learning") == ["Ada"]


@pytest.mark.parametrize(
    ("typed", "said"), [("nurse (icu", "character 7"), ("near:Xyzzy", "Xyzzy"), ("country:zz", "zz")]
)
def test_what_cannot_be_asked_says_so_with_a_remedy(typed: str, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        understand(typed)
    assert said in refused.value.message
    assert refused.value.remedy


@pytest.mark.parametrize("role", [role for role in Role if role not in FINDERS | {Role.MACHINE}])
def test_nobody_but_the_team_finds_anybody(role: Role, three: None) -> None:
    assert found("nurse", Actor(role)) == []
    assert count_people(Actor(role), understand("nurse")) == 0
    assert matching_ids(Actor(role), Ask(understand("").tree)) == set()


def test_the_erased_and_the_merged_are_found_no_more(three: None) -> None:
    ben, ada = Person.objects.get(name="Ben"), Person.objects.get(name="Ada Łódź")
    assert found("porter") == ["Ben"]
    merge = merge_people(ada, ben, evidence=[], by=US)
    assert not SearchRow.objects.filter(person=ben).exists()
    index_person(ada.pk, by=US)
    assert found("porter") == ["Ada Łódź"]
    unmerge(merge, by=US)
    for person in (ada, ben):
        index_person(person.pk, by=US)
    assert found("porter") == ["Ben"]
    erase_person(ben, by=US)
    assert found("porter") == []


def test_a_changed_profile_is_found_by_its_new_words(
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    from segue.catalog.actions.facts import Said, state_facts

    ada = make_person(name="Ada", headline="Nurse")
    with django_capture_on_commit_callbacks(execute=True):
        state_facts(ada, [Said("headline", "Welder")], source=FactSource.CANDIDATE, by=US)
    queue.work_off()
    assert {hit.person_id for hit in find_people(TEAM, understand("welder")).hits} == {ada.pk}
    assert not find_people(TEAM, understand("title:nurse")).hits


def test_the_head_of_a_profile_weighs_more_than_the_resume() -> None:
    for name, headline, text in (("Far", "Cook", "once a welder"), ("Near", "Welder", "I weld")):
        make_resume(make_person(name=name, headline=headline), text=text)
    assert found("welder") == ["Near", "Far"]


@pytest.mark.parametrize("size", [1, 7, 50])
def test_pages_hold_everybody_once_and_in_one_order(size: int) -> None:
    whole, seen = thirty_welders(size)
    assert seen == whole
    assert len(set(seen)) == 30


@pytest.mark.parametrize("size", [3, 7, 10, 11])
def test_pages_go_on_beyond_those_put_in_full_order(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("segue.learn.queries.search.finding.WINDOW", 10)
    whole, seen = thirty_welders(size)
    assert seen == whole
    assert len(set(seen)) == 30


def thirty_welders(size: int) -> tuple[list[object], list[object]]:
    """Everybody as one long page has them, and as pages of this size do."""
    Person.objects.bulk_create(
        Person(name=f"P{n}", headline="welder " * (n % 3 + 1), email=f"p{n}@people.example")
        for n in range(30)
    )
    index_people(by=US)
    ask, after, seen = understand("welder"), "", list[object]()
    whole: list[object] = [hit.person_id for hit in find_people(TEAM, ask, size=500).hits]
    while True:
        page = find_people(TEAM, ask, after=after, size=size)
        seen += [hit.person_id for hit in page.hits]
        after = page.next_after
        if not after:
            return whole, seen


def test_more_than_can_be_ranked_come_newest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("segue.learn.queries.search.finding.COUNTED", 3)
    people = [make_person(headline="welder") for _ in range(5)]
    index_people(by=US)
    page = find_people(TEAM, understand("welder"), size=3)
    assert (page.total, page.more_than) == (3, True)
    rest = find_people(TEAM, understand("welder"), after=page.next_after, size=3)
    ids = [hit.person_id for hit in (*page.hits, *rest.hits)]
    assert ids == [person.pk for person in reversed(people)]


@pytest.mark.parametrize("after", ["", "x", "w1.zz", "r9", "n.", "w99999999999999999999.00"])
def test_an_odd_place_in_the_order_is_the_beginning(after: str) -> None:
    make_person(headline="welder")
    index_people(by=US)
    assert len(find_people(TEAM, understand("welder"), after=after).hits) == 1


def test_each_thing_asked_for_is_shown_where_it_stands(three: None) -> None:
    index_people(by=US)
    ada = Person.objects.get(name="Ada Łódź")
    ask = understand('nurse k8s "intensive care" near:Potsdam')
    whys = reasons_of(ask, [ada.pk], TEAM)[ada.pk]
    assert [(why.where, why.text[slice(*why.span)]) for why in whys[:3]] == [
        ("title", "Nurse"),
        ("skill", ""),
        ("resume", "Intensive care"),
    ]
    assert (whys[3].where, round(whys[3].km)) == ("near", 27)


def test_words_nobody_has_may_be_beginnings() -> None:
    make_person(name="Ada Lindqvist")
    index_people(by=US)
    ask = understand("lindq -agen")
    assert not find_people(TEAM, ask).total
    wider = Ask(begins_so(ask.tree))
    assert find_people(TEAM, wider).total == 1


KEPT_BACK = st.sampled_from(["fairness", "payroll", "Recruiting!"])
SECRETS = {
    "headline": "zzheadline",
    "city": "zzcity",
    "skill": "zzskill",
    "position": {"title": "zzposition", "employer": "zzemployer"},
    "education": {"title": "zzdegree", "school": "zzschool"},
}


@given(st.sampled_from(sorted(SECRETS)), st.lists(KEPT_BACK, min_size=1, max_size=2))
@settings(max_examples=25)
def test_a_fact_kept_for_another_purpose_is_never_read(kind: str, purposes: list[str]) -> None:
    secret = SECRETS[kind]
    words = " ".join(secret.values()) if isinstance(secret, dict) else secret
    columns: dict[str, Any] = {"skills": [secret]} if kind == "skill" else {kind: secret}
    person = make_person(**({} if isinstance(secret, dict) else columns))
    resume = make_resume(person, text=f"Here: {words}. There.")
    state(
        person, kind, secret, purposes=purposes, resume=resume, span_start=6, span_end=6 + len(words),
    )  # fmt: skip
    index_person(person.pk, by=US)
    for word in words.split():
        assert person.pk not in matching_ids(TEAM, understand(f"{word} OR {word}* OR skill:{word}"))
    assert person.pk in matching_ids(TEAM, understand("here there"))


@pytest.mark.parametrize("purposes", [[], ["recruiting"], ["payroll", "recruiting"]])
def test_a_fact_that_may_be_read_is_found(purposes: list[str]) -> None:
    person = make_person(headline="welder")
    state(person, "headline", "welder", purposes=purposes)
    assert found("title:welder") == [person.name]


def test_what_another_fact_vouches_for_may_be_read() -> None:
    person = make_person(skills=["welding"])
    for purposes in (["payroll"], []):
        state(person, "skill", "welding", purposes=purposes)
    assert found("skill:welding") == [person.name]


@pytest.fixture
def fitted() -> None:
    make_skill("welding")
    make_skill("arc-welding", label="Arc welding")
    make_job(title="Welder", description="Welding of ships and bridges.", required_skills=["welding"])
    refresh_features(by=US)


def test_closeness_is_only_of_those_who_let_their_profile_be_read(fitted: None) -> None:
    people = [make_person(headline="Welder of ships", skills=["welding"]) for _ in range(2)]
    for person in people:
        grant(person, Purpose.PROFILE)
    refresh_features(by=US)
    ids = [person.pk for person in people]
    before = closeness_of("welder of ships", ids)
    assert before[0] == before[1] > 0.5
    withdraw(people[1])
    assert PersonFeatures.objects.filter(person=people[1]).exists()  # not yet read again, and not used either
    assert list(closeness_of("welder of ships", ids)) == [before[0], 0.0]


def test_a_near_skill_counts_for_less_than_the_skill_itself(fitted: None) -> None:
    whole, near, none = skill_credit(["welding"], [["welding"], ["arc-welding"], ["baking"]])
    assert whole == 1.0
    assert 0.3 < near < 0.71
    assert none == 0.0
    assert skill_credit([], [["welding"]]).tolist() == [0.0]


def withdraw(person: Person) -> None:
    Consent.objects.create(person=person, purpose=Purpose.PROFILE, granted=False, text_shown="", by="x")


LEAVES = st.sampled_from(
    [
        *(Term(word) for word in ("nurse", "agency", "k8s", "intensive", "nobody")),
        Term("intensive care", quoted=True),
        Term("nurs", begins=True),
        Term("kubernetes", "skill"),
        Term("de", "country", quoted=True),
        Near("Berlin", 10.0),
        Near("Paris", 30.0, "mi"),
    ]
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(all_of),
        st.lists(inner, min_size=2, max_size=3).map(any_of),
        inner.map(negated),
    ),
    max_leaves=6,
)


def _answers(tree: Node) -> set[uuid.UUID]:
    return matching_ids(TEAM, ask_of(tree))


@given(tree=TREES, other=TREES)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_and_or_and_not_are_what_they_are_with_sets(tree: Node, other: Node, indexed: None) -> None:
    everybody = _answers(All())
    one, two = _answers(tree), _answers(other)
    assert _answers(negated(tree)) == everybody - one
    assert _answers(all_of([tree, other])) == one & two
    assert _answers(any_of([tree, other])) == one | two
    assert count_people(TEAM, ask_of(tree)) == len(one)
    assert {hit.person_id for hit in find_people(TEAM, ask_of(tree)).hits} == one
