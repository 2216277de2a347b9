"""Group commit: once each, all or told otherwise, and never a yes before it is stored."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from segue.catalog.models import Person
from segue.kit import clock
from segue.listen.actions.intake import Arrival, BufferFull, Intake, LedgerAway, Refusal, connect
from segue.listen.kinds import KINDS
from segue.listen.models import Heard, Identity, Rejected, Signal, Source
from segue.trust.models import Consent, Purpose
from tests.factories import make_person
from tests.web.collect.caller import in_a_loop
from tests.web.collect.conftest import MakeSource


@pytest.fixture
def source(make_source: MakeSource) -> Source:
    return make_source()[0]


def arrival(source: Source, number: int, **more: Any) -> Arrival:
    values: dict[str, Any] = {
        "source_id": source.pk,
        "message_id": f"m{number}",
        "call": "track",
        "event": "Job Viewed",
        "kind": KINDS["event.tracked"],
        "version": 1,
        "at": clock.now(),
        "received_at": clock.now(),
        "anonymous_id": "a1",
        "person_ref": "",
        "props": {"n": number, "email": "ada@example.com", "in": {"Phone": "1", "x": 2}},
        "context": {"locale": "en"},
        "tier": "A",
        "consented": True,
    }
    return Arrival(**(values | more))


def hear(intake: Intake, *groups: list[Arrival], refusals: tuple[Refusal, ...] = ()) -> None:
    async def together() -> None:
        await asyncio.gather(*[intake.hear(group, refusals) for group in groups])

    in_a_loop(together())


def heard() -> list[int]:
    return [props["n"] for props in Signal.objects.order_by("id").values_list("props", flat=True)]


def test_what_was_answered_is_stored_in_the_order_it_came(intake: Intake, source: Source) -> None:
    hear(intake, *[[arrival(source, 2 * n), arrival(source, 2 * n + 1)] for n in range(20)])
    assert heard() == list(range(40))


def test_batches_repeated_and_shuffled_are_stored_once(intake: Intake, source: Source) -> None:
    dice = random.Random(4)
    numbers = list(range(60)) * 3
    dice.shuffle(numbers)
    for start in range(0, 180, 45):
        part = numbers[start : start + 45]
        hear(intake, *[[arrival(source, n) for n in part[k : k + 9]] for k in range(0, 45, 9)])
    assert sorted(heard()) == list(range(60))
    assert Heard.objects.count() == 60


def test_two_writers_that_hear_the_same_store_it_once(intake: Intake, source: Source) -> None:
    other = Intake(buffer_bytes=2**20)
    other.start()

    async def both() -> None:
        ways = [intake, other]
        groups = [[arrival(source, n) for n in random.Random(k).sample(range(50), 30)] for k in range(20)]
        await asyncio.gather(*[ways[k % 2].hear(group) for k, group in enumerate(groups)])

    try:
        in_a_loop(both())
    finally:
        other.stop()
    assert sorted(heard()) == list(range(50))


def test_the_same_message_of_another_source_is_another(
    intake: Intake, source: Source, make_source: MakeSource
) -> None:
    other = make_source(name="another")[0]
    hear(intake, [arrival(source, 1), arrival(other, 1)])
    assert heard() == [1, 1]


def test_an_anonymous_row_names_nobody_and_a_no_leaves_a_count(intake: Intake, source: Source) -> None:
    hear(
        intake, [arrival(source, 1), arrival(source, 2, consented=False), arrival(source, 3, consented=None)]
    )
    anonymous, *nobodys = Signal.objects.order_by("id")
    assert anonymous.props == {"n": 1, "in": {"x": 2}}
    assert (anonymous.anonymous_id, anonymous.purposes) == ("a1", ["behaviour"])
    for row in nobodys:
        assert (row.props, row.context, row.anonymous_id, row.message_id, row.purposes) == (
            {},
            {},
            "",
            "",
            [],
        )
        assert row.event == "Job Viewed"


def test_a_persons_row_is_theirs_only_from_their_yes_on(intake: Intake, source: Source) -> None:
    ada = make_person(email="ada@example.com")
    hear(intake, [arrival(source, 1, person_ref=str(ada.pk))])
    _say_yes(ada)
    late = clock.now() - timedelta(hours=1)
    hear(
        intake,
        [
            arrival(source, 2, person_ref=str(ada.pk)),
            arrival(source, 3, person_ref="ada@example.com", at=late),
        ],
    )
    assert list(Signal.objects.order_by("id").values_list("person", flat=True)) == [None, ada.pk, None]
    assert Signal.objects.get(person=ada).props["email"] == "ada@example.com"


def test_an_identify_makes_an_edge_in_the_same_transaction(intake: Intake, source: Source) -> None:
    ada = make_person(email="ada@example.com")
    _say_yes(ada)
    hear(intake, [arrival(source, 1, person_ref=str(ada.pk), said_by="identify")])
    assert list(Identity.objects.values_list("anonymous_id", "person")) == [("a1", ada.pk)]
    hear(intake, [arrival(source, 2)])
    assert set(Signal.objects.values_list("person", flat=True)) == {ada.pk}


def test_what_the_database_cannot_hold_is_put_aside_and_its_neighbours_live(
    intake: Intake, source: Source
) -> None:
    poison = arrival(source, 7, props={"n": 7, "text": "\x00"})
    hear(intake, [arrival(source, n) for n in range(7)], [poison, arrival(source, 8)])
    assert heard() == [0, 1, 2, 3, 4, 5, 6, 8]
    assert Rejected.objects.get().code == "unstorable"


def test_refusals_are_stored_beside_events(intake: Intake, source: Source) -> None:
    refusal = Refusal(source.pk, clock.now(), "too_deep", "Nested.", body="{", origin="https://x.example")
    hear(intake, [arrival(source, 1)], refusals=(refusal,))
    row = Rejected.objects.get()
    assert (row.source, row.code, row.body, row.origin) == (source, "too_deep", "{", "https://x.example")


def test_a_refusal_that_cannot_be_stored_takes_no_event_with_it(intake: Intake, source: Source) -> None:
    good = Refusal(source.pk, clock.now(), "too_deep", "Nested.")
    bad = Refusal(source.pk + 1000, clock.now(), "too_deep", "Of a source that is gone.")
    hear(intake, [arrival(source, n) for n in range(5)], refusals=(good, bad))
    assert heard() == [0, 1, 2, 3, 4]
    assert Rejected.objects.get().source == source


def test_one_that_cannot_be_written_out_again_fails_no_neighbour(intake: Intake, source: Source) -> None:
    deep: dict[str, Any] = {}
    for _ in range(400):
        deep = {"a": deep}
    hear(intake, [arrival(source, 1)], [arrival(source, 2, props={"n": 2, "deep": deep})])
    assert (heard(), Rejected.objects.get().code) == ([1], "unstorable")


def test_a_commit_whose_end_nobody_knows_is_tried_again_and_stored_once(source: Source) -> None:
    """The connection breaks right after COMMIT: from here that looks like one that failed."""
    made: list[psycopg.Connection[Any]] = []

    def connecting() -> psycopg.Connection[Any]:
        made.append(connect())
        if len(made) < 4:
            made[-1].cursor_factory = _Breaking
        return made[-1]

    intake = Intake(buffer_bytes=2**20, connecting=connecting)
    intake.start()
    hear(intake, [arrival(source, n) for n in range(5)])
    intake.stop()
    assert heard() == list(range(5))
    assert len(made) == 4


class _Breaking(psycopg.Cursor[Any]):
    """Does what it is told, and breaks when asked whether it worked."""

    def execute(self, query: Any, *args: Any, **more: Any) -> Any:
        done = super().execute(query, *args, **more)
        if "listen_heard" in str(query):
            raise psycopg.OperationalError("server closed the connection unexpectedly")
        return done


def test_without_a_database_nobody_hears_a_yes(source: Source) -> None:
    def away() -> psycopg.Connection[Any]:
        raise psycopg.OperationalError("the database system is starting up")

    intake = Intake(buffer_bytes=2**20, hold_s=0.2, connecting=away)
    intake.start()
    with pytest.raises(LedgerAway) as refused:
        hear(intake, [arrival(source, 1)])
    assert refused.value.retry_after_s == int(refused.value.retry_after_s) > 0
    intake.stop()
    assert heard() == []


def test_a_mistake_of_ours_is_no_yes_either(source: Source) -> None:
    def broken() -> psycopg.Connection[Any]:
        raise ValueError("a mistake")

    intake = Intake(buffer_bytes=2**20, connecting=broken)
    intake.start()
    with pytest.raises(LedgerAway):
        hear(intake, [arrival(source, 1)])
    intake.stop()


def test_stopping_writes_what_waits(source: Source) -> None:
    intake = Intake(buffer_bytes=2**20, linger_s=0.05)

    async def leave() -> None:
        waiting = [intake.hear([arrival(source, n)]) for n in range(10)]
        intake.start()
        await asyncio.to_thread(intake.stop)
        await asyncio.gather(*waiting)

    in_a_loop(leave())
    assert heard() == list(range(10))


def test_the_buffer_refuses_before_memory_grows() -> None:
    intake = Intake(buffer_bytes=1000)
    intake.reserve(600)
    with pytest.raises(BufferFull):
        intake.reserve(401)
    intake.release(600)
    intake.reserve(1000)
    assert BufferFull.http_status == 429


def _say_yes(person: Person) -> None:
    Consent.objects.create(person=person, purpose=Purpose.BEHAVIOUR, granted=True)
