"""Whose an event is: known people who said yes, visitors who turn out to be them, and nobody else."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segue.catalog.actions.erasure import erase_person
from segue.catalog.models import Person
from segue.kit.actor import Actor
from segue.listen.actions.attach import note_edges
from segue.listen.identity import A_VISITOR, NOBODY, Claim, Edge, Whose, whose
from segue.listen.jobs import detach_withdrawn, stitch_visitor_again
from segue.listen.models import Identity, Signal, Source
from tests.factories import grant, make_person
from tests.listen.identity_stage import answer, at, hear

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> int:
    return Source.objects.create(name="careers.example").pk


@pytest.fixture
def lina() -> Person:
    person = make_person(email="Lina@people.example", external_source="ats", external_id="L-77")
    answer(person, granted=True, second=0)
    return person


def ask(*claims: Claim) -> dict[Claim, Whose]:
    with connection.cursor() as cursor:
        return whose(cursor, claims)


def note(source_id: int, visitor: str, person: Person, second: float) -> None:
    with connection.cursor() as cursor:
        note_edges(cursor, [Edge(source_id, visitor, person.pk, "identify", at(second))])


def owners() -> dict[int, uuid.UUID | None]:
    return dict(Signal.objects.order_by("id").values_list("id", "person_id"))


@pytest.mark.parametrize("ref", ["L-77", "ats:L-77", "lina@PEOPLE.example", "uuid", "UUID"])
def test_a_person_goes_by_many_names(ref: str, site: int, lina: Person) -> None:
    said = {"uuid": str(lina.pk), "UUID": lina.pk.hex.upper()}.get(ref, ref)
    claim = Claim(site, "visitor", said)
    assert ask(claim)[claim] == Whose(lina.pk, keep_anonymous=True, purposes=("behaviour",), since=at(0))


def test_who_has_not_said_yes_is_nobody(site: int, lina: Person) -> None:
    silent = make_person()
    refused = make_person()
    grant(refused)
    answer(refused, granted=False, second=1_000_000_000)
    unknown = Claim(site, "visitor", "who-is-this")
    claims = [Claim(site, "visitor", str(silent.pk)), Claim(site, "", str(refused.pk)), unknown]
    assert set(ask(*claims).values()) == {NOBODY}
    assert ask(Claim(site, "visitor", "")) == {Claim(site, "visitor", ""): A_VISITOR}


@pytest.mark.parametrize(
    "ref", ["\x00", "a\x00b", "x" * 5000, ":", "::", "ats:", "@", "%", "' OR 1=1 --", "٣"]
)
def test_a_strange_name_is_nobodys(ref: str, site: int, lina: Person) -> None:
    claim = Claim(site, "visitor", ref)
    assert ask(claim)[claim] == NOBODY


def test_an_id_two_systems_use_is_nobodys_without_the_system(site: int, lina: Person) -> None:
    other = make_person(external_source="crm", external_id="L-77")
    grant(other)
    claims = [Claim(site, "", "L-77"), Claim(site, "", "ats:L-77"), Claim(site, "", "crm:L-77")]
    assert [ask(claim)[claim].person_id for claim in claims] == [None, lina.pk, other.pk]


def test_a_batch_is_one_question_and_nothing_to_ask_is_none(site: int, lina: Person) -> None:
    note(site, "visitor", lina, 1)
    batch = [
        Claim(site, "visitor", ""),
        Claim(site, "", "L-77"),
        *(Claim(site, f"v{i}", "") for i in range(99)),
    ]
    with CaptureQueriesContext(connection) as asked:
        answers = ask(*batch)
        ask(Claim(site, "", ""))
        ask()
    assert len(asked) == 1
    assert len(answers) == len(batch)
    assert answers[batch[0]].person_id == answers[batch[1]].person_id == lina.pk


def test_the_erased_are_nobody_by_any_name(site: int, lina: Person) -> None:
    names = [str(lina.pk), "L-77", "lina@people.example"]
    note(site, "visitor", lina, 1)
    erase_person(lina, by=Actor.machine("test"))
    assert {ask(Claim(site, "", name))[Claim(site, "", name)] for name in names} == {NOBODY}
    note(site, "visitor", lina, 2)
    assert not Identity.objects.exists()


def test_a_visitor_becomes_a_person_from_their_yes_on(site: int) -> None:
    person = make_person()
    hear(site, "visitor", 1)
    hear(site, "visitor", 2)
    answer(person, granted=True, second=3)
    hear(site, "visitor", 4)
    hear(site, "visitor", 5, happened=1)  # kept in a queue since before the yes
    hear(site, "visitor", 6, person=str(person.pk), call="identify")
    hear(site, "visitor", 7)
    hear(site, "visitor", 8, happened=2)
    assert [owner is not None for owner in owners().values()] == [
        False,
        False,
        True,
        False,
        True,
        True,
        False,
    ]


def test_a_clock_ahead_does_not_carry_an_event_past_the_yes(site: int) -> None:
    person = make_person()
    hear(site, "visitor", 1, happened=5)
    answer(person, granted=True, second=3)
    note(site, "visitor", person, 6)
    assert list(owners().values()) == [None]


def test_without_a_yes_there_is_no_edge(site: int) -> None:
    person = make_person()
    hear(site, "visitor", 1, person=str(person.pk), call="identify")
    note(site, "visitor", person, 2)
    assert not Identity.objects.exists()
    kept = Signal.objects.get()
    assert (kept.person_id, kept.anonymous_id, kept.context, kept.props, kept.message_id) == (
        None,
        "",
        {},
        {},
        "",
    )


def test_a_shared_device_changes_hands_and_the_past_stays(site: int, lina: Person) -> None:
    bert = make_person()
    answer(bert, granted=True, second=0)
    hear(site, "kitchen", 1)
    note(site, "kitchen", lina, 2)
    hear(site, "kitchen", 3)
    note(site, "kitchen", bert, 4)
    hear(site, "kitchen", 5)
    note(site, "kitchen", lina, 6)
    hear(site, "kitchen", 7)
    assert list(owners().values()) == [lina.pk, lina.pk, bert.pk, lina.pk]
    assert Identity.objects.count() == 1


def test_what_is_sent_late_is_not_the_next_owners(site: int, lina: Person) -> None:
    bert = make_person()
    answer(bert, granted=True, second=0)
    note(site, "kitchen", lina, 2)
    note(site, "kitchen", bert, 10)
    visitor, named = Claim(site, "kitchen", ""), Claim(site, "kitchen", str(bert.pk))
    assert {claim: said.since for claim, said in ask(visitor, named).items()} == {
        visitor: at(10),
        named: at(0),
    }
    hear(site, "kitchen", 11, happened=5)  # Lina's, kept in the device until now
    hear(site, "kitchen", 12, happened=5, person=str(bert.pk))
    hear(site, "kitchen", 13)
    assert list(owners().values()) == [None, bert.pk, bert.pk]
    late = Signal.objects.earliest("id")
    assert (late.anonymous_id, late.context, late.props) == ("", {}, {})


def test_a_yes_after_the_hand_over_still_decides(site: int, lina: Person) -> None:
    bert = make_person()
    answer(bert, granted=True, second=0)
    note(site, "kitchen", lina, 2)
    note(site, "kitchen", bert, 4)
    answer(bert, granted=False, second=6)
    visitor = Claim(site, "kitchen", "")
    assert ask(visitor)[visitor] == NOBODY
    answer(bert, granted=True, second=8)
    assert ask(visitor)[visitor].since == at(8)


def test_what_was_nobodys_before_a_device_changed_hands_stays_so(site: int) -> None:
    lina, bert = make_person(), make_person()
    answer(bert, granted=True, second=0)
    hear(site, "kitchen", 1)
    answer(lina, granted=True, second=2)
    note(site, "kitchen", lina, 3)
    note(site, "kitchen", bert, 4)
    assert list(owners().values()) == [None], "Lina had not said yes; Bert was not there"


def test_what_was_under_way_is_stitched_by_a_job(site: int, lina: Person) -> None:
    note(site, "visitor", lina, 1)
    Signal.objects.create(
        source_id=site, kind="event.tracked", anonymous_id="visitor", at=at(1), received_at=at(1)
    )
    edge = Identity.objects.get()
    for _ in range(2):
        stitch_visitor_again(edge.pk)
    assert list(owners().values()) == [lina.pk]


def test_another_sources_visitor_of_the_same_name_is_another(site: int, lina: Person) -> None:
    other = Source.objects.create(name="another.example").pk
    hear(other, "visitor", 1)
    note(site, "visitor", lina, 2)
    hear(other, "visitor", 3)
    assert set(owners().values()) == {None}


VISITORS, PEOPLE = st.sampled_from("xy"), st.integers(0, 1)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("answer"), PEOPLE, st.booleans()),
        st.tuples(st.just("anonymous"), VISITORS, st.integers(-1, 3)),
        st.tuples(st.just("named"), VISITORS, PEOPLE),
        st.tuples(st.just("identify"), VISITORS, PEOPLE),
        st.tuples(st.just("work"), PEOPLE),
    ),
    min_size=4,
    max_size=16,
)


class Story:
    """Two people, two devices, and the rules that must hold after every step."""

    def __init__(self) -> None:
        self.site = Source.objects.create(name=str(uuid.uuid4())).pk
        self.people = [make_person(email=None), make_person(email=None)]
        self.answers: list[list[tuple[float, bool]]] = [[], []]
        self.seen: dict[int, set[uuid.UUID | None]] = {}
        self.lost: set[int] = set()
        self.before: dict[int, uuid.UUID | None] = {}

    def take(self, second: int, step: tuple[Any, ...]) -> None:
        name, *said = step
        if name == "answer":
            who, granted = said
            answer(self.people[who], granted=granted, second=second)
            self.answers[who].append((second, granted))
        elif name == "anonymous":
            visitor, late = said
            hear(self.site, visitor, second, happened=second - 2 * late)
        elif name == "work":
            detach_withdrawn(str(self.people[said[0]].pk))
        else:
            visitor, who = said
            call = "identify" if name == "identify" else "track"
            hear(self.site, visitor, second, person=str(self.people[who].pk), call=call)
        self.check_moves()

    def check_moves(self) -> None:
        """Nothing passes from one to another, and what was taken off never returns."""
        now = owners()
        for key, owner in now.items():
            before = self.before.get(key)
            assert before is None or owner in {before, None}
            assert owner is None or key not in self.lost
            if before is not None and owner is None:
                self.lost.add(key)
        self.before = now

    def check_end(self) -> None:
        for who, person in enumerate(self.people):
            detach_withdrawn(str(person.pk))
            since = self.yes_since(who)
            for row in Signal.objects.filter(person=person):
                assert since is not None, "nothing after a withdrawal"
                assert min(row.received_at, row.at) >= at(since), "nothing from before the yes"
            assert since is not None or not Identity.objects.filter(person=person).exists()
        for row in Signal.objects.filter(pk__in=self.lost):
            assert (row.person_id, row.anonymous_id, row.context, row.props) == (None, "", {}, {})

    def yes_since(self, who: int) -> float | None:
        since = None
        for second, granted in self.answers[who]:
            since = (since if since is not None else second) if granted else None
        return since


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_nothing_from_before_a_yes_or_after_a_no_is_ever_theirs(steps: list[tuple[Any, ...]]) -> None:
    with _undone():
        story = Story()
        for second, step in enumerate(steps, 1):
            story.take(second, step)
        story.check_end()
