"""The ledger can be read again from any point, also where its weeks have become files."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaiting
from datetime import UTC, datetime, time, timedelta, timezone
from threading import Event

import pytest
from django.db import connection, transaction

from segue.cli.consumers import position_of
from segue.kit import clock
from segue.kit.actor import Actor
from segue.kit.errors import Invalid, NotFound
from segue.listen.actions.compaction import compact_week
from segue.listen.actions.consuming import start_consumers
from segue.listen.actions.partitions import ensure_weeks, week_of
from segue.listen.actions.places import pause_consumer, resume_consumer, rewind_consumer
from segue.listen.consuming import Told, consumer
from segue.listen.models import ColdFile, Cursor, Parked, Signal, Subject
from segue.listen.queries import replay
from segue.listen.queries.events import Wanted, cold_files
from segue.listen.queries.health import consumer_lag
from segue.listen.runner import catch_up
from segue.trust.models import Account
from tests import factories
from tests.listen.consumer_stage import (
    drop_table,
    happen,
    make_table,
    only_consumers,
    stage_consumer,
    told_to,
)

pytestmark = pytest.mark.django_db(transaction=True)
MACHINE = Actor.machine("a test")


@pytest.fixture(autouse=True)
def stage(transactional_db: None) -> Iterator[None]:
    make_table()
    replay._chunks.clear()
    with only_consumers():
        yield
    drop_table()


def _weeks_ago(weeks: int) -> datetime:
    at = clock.now() - timedelta(weeks=weeks)
    ensure_weeks(at, at)
    return at


def _heard_by(name: str) -> list[Told]:
    heard: list[Told] = []
    consumer(name, start="beginning", batch=3)(heard.extend)
    catch_up(name, beginning=True)
    return heard


def _tell_of_long_ago(ada: Account) -> tuple[list[int], datetime]:
    """Two old weeks, their ids mixed as a late import mixes them, and today; the older becomes cold."""
    assert ada.person is not None
    factories.grant(ada.person)
    old, older = _weeks_ago(30), _weeks_ago(31)
    job = factories.make_job()
    ids = []
    for number in range(4):
        mine = {"person": ada.person, "job": job, "event": f"Ada's own {number}", "props": {"note": "mine"}}
        ids += happen(1, received_at=older, at=older, kind="event.tracked", **mine)
        ids += happen(1, received_at=old, at=old)
        ids += happen(
            1, received_at=older, at=older, anonymous_id="a-1", event="Looked", kind="event.tracked"
        )
        ids += happen(1, received_at=older, at=older, tier="D")
    ids += happen(2)
    return ids, older


def test_cold_and_hot_are_read_as_one_in_the_order_of_ids(ada: Account) -> None:
    ids, older = _tell_of_long_ago(ada)
    before = _heard_by("stage.before")
    compact_week(week_of(older), by=MACHINE)
    assert not Signal.objects.filter(received_at=older).exists()
    after = _heard_by("stage.after")
    assert [told.id for told in after] == ids
    assert after == before  # persons, names and props come back to their owner's key


def test_who_was_erased_is_nobody_when_it_is_read_again(ada: Account) -> None:
    ids, older = _tell_of_long_ago(ada)
    compact_week(week_of(older), by=MACHINE)
    assert any(told.person_id for told in _heard_by("stage.before"))
    Subject.objects.filter(person=ada.person).delete()  # the chunk is still in memory
    again = [told for told in _heard_by("stage.again") if told.received_at == older]
    assert [told.id for told in again] == [one for place, one in enumerate(ids[:-2]) if place % 4 != 1]
    assert not any(told.person_id or told.props or told.event.startswith("Ada") for told in again)
    assert any(told.anonymous_id for told in again)  # the others are who they were


def test_what_a_consumer_does_not_want_is_passed_by_in_the_files_too(ada: Account) -> None:
    ids, older = _tell_of_long_ago(ada)
    compact_week(week_of(older), by=MACHINE)
    stage_consumer("stage.some", kinds=("card.shown",), tiers="AB", start="beginning")
    catch_up("stage.some", beginning=True)
    assert told_to("stage.some") == [*ids[1:-2:4], *ids[-2:]]


def test_chunks_join_without_a_seam(ada: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    ids, older = _tell_of_long_ago(ada)
    compact_week(week_of(older), by=MACHINE)
    monkeypatch.setattr(replay, "CHUNK", 3)
    Cursor.objects.create(
        consumer="stage.small", position=ids[0] - 1
    )  # other tests have drawn thousands of ids
    assert [told.id for told in _heard_by("stage.small")] == ids


def test_rewinding_reads_again_from_there() -> None:
    stage_consumer("stage.all", start="beginning")
    ids = happen(6)
    catch_up("stage.all", beginning=True)
    Parked.objects.create(consumer="stage.all", signal_id=ids[5])
    rewind_consumer("stage.all", position=position_of(str(ids[4])), by=MACHINE)
    catch_up("stage.all")
    assert told_to("stage.all") == [*ids, *ids[4:]]
    assert not Parked.objects.exists()


def test_a_place_can_be_said_as_people_say_it(ada: Account) -> None:
    old = _weeks_ago(3)
    happen(2, received_at=old)
    middle = happen(1, received_at=old + timedelta(days=7))
    last = happen(1)
    assert position_of("beginning") == 0
    assert position_of("present") == last[0]
    assert position_of((old + timedelta(hours=1)).isoformat()) == middle[0] - 1
    assert position_of((clock.now() + timedelta(days=1)).isoformat()) == last[0]
    with pytest.raises(Invalid, match="neither"):
        position_of("yesterday")
    compact_week(week_of(old), by=MACHINE)
    assert ColdFile.objects.exists()
    assert position_of(old.isoformat()) < middle[0] - 1


def test_a_cold_week_is_found_from_any_corner_of_the_world(ada: Account) -> None:
    sunday = datetime.combine(week_of(_weeks_ago(30)), time(23), UTC) + timedelta(days=6)
    ids = happen(2, received_at=sunday, at=sunday)
    happen(1)
    compact_week(week_of(sunday), by=MACHINE)
    for hours in (-12, 0, 14):
        there = sunday.astimezone(timezone(timedelta(hours=hours)))
        assert position_of((there - timedelta(minutes=1)).isoformat()) == ids[0] - 1
        wanted = Wanted(received_from=there - timedelta(minutes=1), received_to=there + timedelta(hours=2))
        assert {file.week for file in cold_files(wanted)} == {week_of(sunday)}


def test_a_week_is_found_by_its_end_too(ada: Account) -> None:
    monday = datetime.combine(week_of(_weeks_ago(30)), time(1), UTC)
    happen(1, received_at=monday, at=monday)
    compact_week(week_of(monday), by=MACHINE)
    until = (monday + timedelta(hours=1)).astimezone(timezone(timedelta(hours=-8)))  # a Sunday there
    assert {file.week for file in cold_files(Wanted(received_to=until))} == {week_of(monday)}


@pytest.mark.parametrize("place", ["present", "2999-01-01"])
def test_the_present_waits_for_what_is_being_written(place: str) -> None:
    happen(1)
    drawn, go_on = Event(), Event()

    def write_slowly() -> int:
        try:
            with transaction.atomic():
                (one,) = happen(1)
                drawn.set()
                go_on.wait(30)
            return one
        finally:
            connection.close()

    def look() -> int:
        try:
            return position_of(place)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(write_slowly)
        assert drawn.wait(30)
        present = pool.submit(look)
        with pytest.raises(StillWaiting):
            present.result(0.2)
        go_on.set()
        assert present.result(30) == slow.result(30)


def test_one_that_stands_still_is_seen(ada: Account) -> None:
    stage_consumer("stage.all", start="beginning")
    happen(3, received_at=clock.now() - timedelta(minutes=10))
    start_consumers(0)
    (lag,) = consumer_lag()
    assert lag.behind > 0
    assert lag.age_s > 500
    assert not lag.stands_still  # it has only just been given its place
    Cursor.objects.update(moved_at=clock.now() - timedelta(minutes=5))
    assert consumer_lag()[0].stands_still
    pause_consumer("stage.all", by=MACHINE)
    assert catch_up("stage.all") == 0
    assert not consumer_lag()[0].stands_still  # somebody wants it so
    resume_consumer("stage.all", by=MACHINE)
    assert catch_up("stage.all") == 3
    (lag,) = consumer_lag()
    assert (lag.behind, lag.age_s) == (0, 0.0)


def test_only_who_has_a_place_can_be_moved() -> None:
    with pytest.raises(NotFound, match="consumers list"):
        rewind_consumer("stage.nobody", position=0, by=MACHINE)
