"""Two records are one human: they become one person, and two again, to the byte."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection, models, transaction
from hypothesis import given
from hypothesis import strategies as st

from segue.catalog.actions.erasure import erase_person
from segue.catalog.actions.facts import Said, state_facts
from segue.catalog.actions.merging import merge_people, unmerge
from segue.catalog.models import Fact, FactKind, FactSource, Merge, Person, Resume, SamePair
from segue.catalog.queries.people import find_person, people_visible_to, person_for
from segue.hire.models import Application, StageEntry
from segue.kit import clock
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid, NotAllowed
from segue.kit.privacy import personal_data
from segue.learn.models import Taste
from segue.listen.models import Signal
from segue.recommend.models import CardStance
from segue.trust.models import Account, AuditLine, Consent, Purpose, Review
from segue.trust.queries.consent import purposes_granted
from tests.factories import (
    actor,
    cast,
    grant,
    make_account,
    make_application,
    make_job,
    make_person,
    make_resume,
)

pytestmark = pytest.mark.django_db
MACHINE = Actor.machine("a test")
GROWING = (AuditLine, Merge, SamePair)


def merge(survivor: Person, merged: Person) -> Merge:
    return merge_people(survivor, merged, evidence=[{"field": "phone", "agrees": True}], by=MACHINE)


def rows_of_all() -> dict[tuple[str, Any], dict[str, Any]]:
    """Return every personal row there is, every column as the database has it."""
    found = {}
    for entry in personal_data():
        if entry.model in GROWING:
            continue
        for row in entry.model._base_manager.all():
            columns = {f.attname: _plain(getattr(row, f.attname)) for f in row._meta.concrete_fields}
            found[entry.model._meta.label, row.pk] = columns
    return found


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


@pytest.fixture
def two() -> tuple[Person, Person]:
    ada = make_person(name="Ada Lindqvist", email="ada.two@people.example", phone="")
    twin = make_person(name="A. Lindqvist", email="ada.l@work.example", phone="")
    state_facts(ada, [Said(FactKind.NAME, "Ada Lindqvist")], source=FactSource.CANDIDATE, by=MACHINE)
    said = [
        Said(FactKind.NAME, "A. Lindqvist"),
        Said(FactKind.PHONE, "+49 30 1234567"),
        Said(FactKind.SKILL, "sql"),
    ]
    state_facts(twin, said, source=FactSource.ATS, by=MACHINE)
    return ada, twin


def test_facts_move_and_the_strongest_word_settles(two: tuple[Person, Person]) -> None:
    ada, twin = two
    merge(ada, twin)
    ada.refresh_from_db()
    assert (ada.name, ada.phone, ada.skills) == ("Ada Lindqvist", "+49 30 1234567", ["sql"])
    assert Fact.objects.filter(person=ada).count() == 4
    assert not Fact.objects.filter(person=twin).exists()


def test_links_and_searches_lead_to_the_survivor(two: tuple[Person, Person], rosa: Account) -> None:
    ada, twin = two
    merge(ada, twin)
    by = actor(rosa)
    assert person_for(by, twin.pk) == find_person(by, "ada.l@work.example") == ada
    assert list(people_visible_to(by)) == [ada]


def test_what_only_one_may_hold_stays_visible_with_the_merged_record(two: tuple[Person, Person]) -> None:
    ada, twin = two
    job, other = make_job(), make_job()
    kept, moved = make_application(twin, job), make_application(twin, other)
    make_application(ada, job)
    StageEntry.objects.create(application=moved, stage="applied", by_role="candidate")
    merge(ada, twin)
    assert set(Application.objects.filter(person=ada).values_list("job", flat=True)) == {job.pk, other.pk}
    assert Application.objects.get(person=twin) == kept
    assert StageEntry.objects.get(application__person=ada).application == moved


def versions(person: Person) -> list[tuple[int, str]]:
    rows = Resume.objects.filter(person=person).order_by("version")
    return list(rows.values_list("version", "text"))


def test_resume_versions_go_on_counting(two: tuple[Person, Person]) -> None:
    ada, twin = two
    make_resume(ada, text="one")
    make_resume(twin, text="one")
    make_resume(twin, text="two")
    made = merge(ada, twin)
    assert versions(ada) == [(1, "one"), (4, "two")]
    unmerge(made, by=MACHINE)
    assert list(Resume.objects.filter(person=twin).order_by("version").values_list("version", flat=True)) == [
        1,
        2,
    ]


def test_the_strongest_address_is_the_survivors_and_the_other_leads_there(rosa: Account) -> None:
    relay = make_person(name="Ada", email="relay-1@jobboard.example")
    own = make_person(name="Ada", email="ada@people.example")
    state_facts(own, [Said(FactKind.EMAIL, "ada@people.example")], source=FactSource.CANDIDATE, by=MACHINE)
    made = merge(relay, own)
    relay.refresh_from_db()
    own.refresh_from_db()
    assert (relay.email, own.email) == ("ada@people.example", "relay-1@jobboard.example")
    assert find_person(actor(rosa), "relay-1@jobboard.example") == relay
    unmerge(made, by=MACHINE)
    assert Person.objects.get(pk=relay.pk).email == "relay-1@jobboard.example"


def test_who_may_not(two: tuple[Person, Person], eve: Account, max_: Account) -> None:
    ada, twin = two
    for by in (actor(eve), actor(max_), Actor.anonymous()):
        with pytest.raises(NotAllowed):
            merge_people(ada, twin, evidence=[], by=by)
    with pytest.raises(Invalid):
        merge(ada, ada)
    made = merge(ada, twin)
    with pytest.raises(Conflict):
        merge(make_person(), twin)
    with pytest.raises(NotAllowed):
        unmerge(made, by=actor(eve))


def test_after_thirty_days_the_way_back_is_closed(two: tuple[Person, Person]) -> None:
    made = merge(*two)
    with time_machine.travel(clock.now() + timedelta(days=31)), pytest.raises(Conflict):
        unmerge(made, by=MACHINE)
    unmerge(made, by=MACHINE)
    with pytest.raises(Conflict):
        unmerge(made, by=MACHINE)


def test_what_changed_since_is_left_alone(two: tuple[Person, Person]) -> None:
    ada, twin = two
    made = merge(ada, twin)
    state_facts(ada, [Said(FactKind.PHONE, "+49 30 7654321")], source=FactSource.CONFIRMED, by=MACHINE)
    unmerge(made, by=MACHINE)
    ada.refresh_from_db()
    twin.refresh_from_db()
    assert (ada.phone, twin.phone) == ("+49 30 7654321", "+49 30 1234567")


def test_the_merge_is_heard(two: tuple[Person, Person]) -> None:
    ada, twin = two
    made = merge(ada, twin)
    unmerge(made, by=MACHINE)
    heard = Signal.objects.filter(kind__startswith="person.").order_by("pk")
    assert [signal.kind for signal in heard] == ["person.merged", "person.unmerged"]
    assert heard[0].props == {"survivor_id": str(ada.pk), "merged_id": str(twin.pk)}


def test_the_earlier_of_two_merges_can_be_undone(two: tuple[Person, Person]) -> None:
    ada, twin = two
    third = make_person(name="Ada L", email="a3@people.example")
    state_facts(third, [Said(FactKind.SKILL, "python")], source=FactSource.ATS, by=MACHINE)
    before = rows_of_all()
    first = merge(ada, twin)
    merge(ada, third)
    unmerge(first, by=MACHINE)
    now = rows_of_all()
    assert all(
        now[key] == row for key, row in before.items() if row.get("person_id", row.get("id")) == twin.pk
    )
    assert Person.objects.get(pk=ada.pk).skills == ["python"]
    assert set(Fact.objects.filter(person=ada).values_list("kind", flat=True)) == {"name", "skill"}


def test_a_merged_survivor_is_undone_first(two: tuple[Person, Person]) -> None:
    ada, twin = two
    before = rows_of_all()
    first = merge(ada, twin)
    last = merge(make_person(email="top@people.example"), ada)
    assert Person.objects.get(pk=twin.pk).merged_into_id == last.survivor_id
    with pytest.raises(Conflict):
        unmerge(first, by=MACHINE)
    unmerge(last, by=MACHINE)
    unmerge(first, by=MACHINE)
    now = rows_of_all()
    assert all(now[key] == row for key, row in before.items())


def test_erasing_the_survivor_erases_who_was_merged(two: tuple[Person, Person], ada: Account) -> None:
    survivor, twin = ada.person, two[1]
    assert survivor is not None
    job = make_job()
    make_application(survivor, job)
    make_application(twin, job)
    merge(survivor, twin)
    erase_person(survivor, by=MACHINE)
    assert not Application.objects.exists()
    assert not Merge.objects.exists()
    assert {p.name for p in Person.objects.filter(pk__in=[survivor.pk, twin.pk])} == {""}


class TestConsent:
    """The stricter answer counts, unless a later one is their own."""

    def say(self, person: Person, granted: bool, *, days_ago: int, text: str = "asked") -> None:
        at = clock.now() - timedelta(days=days_ago)
        Consent.objects.create(
            person=person, purpose="behaviour", granted=granted, text_shown=text, at=at, by="Ada"
        )

    @pytest.mark.parametrize(
        ("ours", "theirs", "granted"),
        [
            ((True, 5), (False, 2), False),
            ((False, 5), (True, 2), True),
            ((True, 2), (False, 5), True),
            ((False, 2), (True, 5), False),
            (None, (True, 2), True),
            ((True, 2), None, True),
            (None, (False, 2), False),
        ],
    )
    def test_the_later_own_word_decides(
        self, two: tuple[Person, Person], ours: Any, theirs: Any, granted: bool
    ) -> None:
        for person, said in zip(two, (ours, theirs), strict=True):
            if said is not None:
                self.say(person, said[0], days_ago=said[1])
        made = merge(*two)
        assert ("behaviour" in purposes_granted(two[0].pk)) is granted
        unmerge(made, by=MACHINE)
        assert Consent.objects.count() == (ours is not None) + (theirs is not None)

    def test_an_imported_yes_never_outweighs_a_no(self, two: tuple[Person, Person]) -> None:
        from segue.trust.queries.consent import IMPORTED_TEXT

        self.say(two[0], True, days_ago=1, text=IMPORTED_TEXT)
        self.say(two[1], False, days_ago=9)
        merge(*two)
        assert "behaviour" not in purposes_granted(two[0].pk)

    def test_what_a_yes_brought_in_stays_behind_where_the_answer_is_no(
        self, two: tuple[Person, Person]
    ) -> None:
        self.say(two[0], False, days_ago=1)
        self.say(two[1], True, days_ago=9)
        Signal.objects.create(kind="card.liked", person=two[1])
        merge(*two)
        assert not Signal.objects.filter(person=two[0], purpose="behaviour").exists()


def test_the_other_account_rests_and_wakes(two: tuple[Person, Person], ada: Account) -> None:
    other = make_account(email="second@people.example", name="Ada")
    assert ada.person is not None
    assert other.person is not None
    made = merge(ada.person, other.person)
    other.refresh_from_db()
    assert not other.is_active
    unmerge(made, by=MACHINE)
    other.refresh_from_db()
    assert other.is_active


WORDS = st.text(st.characters(categories=["L"]), min_size=2, max_size=12)
SOURCES = st.sampled_from(list(FactSource))


def _some_facts(draw: Callable[..., Any], person: Person) -> None:
    for _ in range(draw(st.integers(0, 4))):
        kind = draw(st.sampled_from([FactKind.HEADLINE, FactKind.SKILL, FactKind.CITY, FactKind.PAY_FLOOR]))
        value: Any = draw(WORDS)
        if kind == FactKind.PAY_FLOOR:
            value = {"amount": str(draw(st.integers(1, 90_000))), "currency": "EUR", "period": "year"}
        said = [Said(kind, value, confidence=draw(st.floats(0.1, 1.0)))]
        state_facts(person, said, source=draw(SOURCES), by=MACHINE)


def _some_life(draw: Callable[..., Any], person: Person, jobs: list[Any], decider: Account) -> None:
    _some_facts(draw, person)
    for text in draw(st.lists(st.sampled_from(["one", "two", "three"]), unique=True, max_size=3)):
        make_resume(person, text=text)
    for job in draw(st.lists(st.sampled_from(jobs), unique=True)):
        fields = draw(st.sampled_from([{}, {"outcome": "withdrawn", "decided_at": clock.now()}]))
        application = make_application(person, job, **fields)
        StageEntry.objects.create(application=application, stage="applied", by_role="candidate")
        CardStance.objects.create(person=person, job=job, stance="saved", before=[{"stance": "liked"}])
    for purpose in draw(st.lists(st.sampled_from(Purpose.values), max_size=4)):
        granted = draw(st.booleans())
        Consent.objects.create(person=person, purpose=purpose, granted=granted, text_shown="t", by="p")
    for _ in range(draw(st.integers(0, 3))):
        Signal.objects.create(kind="card.liked", person=person, purposes=["behaviour"], props={"n": 1})
    if draw(st.booleans()):
        Taste.objects.create(person=person, wishes={"skill:sql": 0.1 + 0.2})
    if draw(st.booleans()):
        make_account(person=person, name="x")
    if draw(st.booleans()):
        Review.objects.create(kind="k", person=person, due_at=clock.now(), done_by=decider)
    if draw(st.booleans()):
        Person.objects.filter(pk=person.pk).update(lat=0.1 + 0.2, pay_floor=Decimal("1.50"), willing_km=1e-9)


@given(st.data())
def test_merging_and_unmerging_restores_every_row(data: st.DataObject) -> None:
    with transaction.atomic():
        rosa = cast.rosa()
        jobs = [make_job(), make_job()]
        one, other = make_person(), make_person(email=None, name=data.draw(WORDS))
        for person in (one, other):
            _some_life(data.draw, person, jobs, rosa)
        before = rows_of_all()
        made = merge(one, other)
        assert Person.objects.get(pk=other.pk).merged_into_id == one.pk
        unmerge(made, by=MACHINE)
        now = rows_of_all()
        assert {key: now.get(key) for key in before} == before
        assert {key[0] for key in now.keys() - before.keys()} <= {"listen.Signal"}
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM listen_signal WHERE kind LIKE 'person.%%'", [])
            assert cursor.fetchone()[0] == 2
        transaction.set_rollback(True)


def test_every_row_of_the_merged_person_goes_along_or_says_why(two: tuple[Person, Person]) -> None:
    """A new table is followed without anybody thinking of it; one that stays says so in the register."""
    stays = {entry.model._meta.label for entry in personal_data() if entry.on_merge == "stay"}
    assert stays == {
        "catalog.Finding", "catalog.Merge", "catalog.SamePair",
        "learn.Engagement", "learn.PersonFeatures", "learn.SearchRow", "learn.SegmentRow",
        "measure.WorldTruth", "trust.Consent", "trust.VoluntaryAnswer",
    }  # fmt: skip
    for entry in personal_data():
        column = entry.person_path.partition("__")[0]
        if column and column not in {"pk", "subject_id"}:
            assert isinstance(entry.model._meta.get_field(column), models.ForeignKey), entry.model


def test_grants_of_the_merged_are_the_survivors(two: tuple[Person, Person]) -> None:
    grant(two[1])
    merge(*two)
    assert purposes_granted(two[0].pk) == set(Purpose.values)
