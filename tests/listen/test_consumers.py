"""Each consumer reads the ledger in order, what it does counts once, and one bad signal stops nobody."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError, connection

import segue.catalog
from segue.kit import bus, clock
from segue.kit.errors import NotFound
from segue.kit.models import QueueJob
from segue.kit.queue import enqueue
from segue.listen import consuming
from segue.listen.actions import consuming as turns
from segue.listen.actions.consuming import retry_parked, start_consumers, take_turn
from segue.listen.consuming import Told, consumer, consumer_named, load_consumers
from segue.listen.models import Cursor, Parked, Source
from segue.listen.queries.horizon import Horizon
from segue.listen.runner import Runner, catch_up
from segue.trust.models import Account
from tests.listen.consumer_stage import (
    drop_table,
    happen,
    make_table,
    only_consumers,
    stage_consumer,
    told_to,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def stage(db: None) -> Iterator[None]:
    make_table()
    with only_consumers():
        yield
    drop_table()


def turn_of(name: str) -> turns.Turn | None:
    return take_turn(consumer_named(name), horizon=Horizon().settle())


def test_a_consumer_is_told_of_everything_once_and_in_order() -> None:
    stage_consumer("stage.all", start="beginning", batch=7)
    ids = happen(20)
    assert catch_up("stage.all") == 20
    assert told_to("stage.all") == ids
    assert catch_up("stage.all") == 0
    more = happen(3)
    assert catch_up("stage.all") == 3
    assert told_to("stage.all") == ids + more


def test_it_gets_what_it_asked_for_and_passes_by_the_rest() -> None:
    stage_consumer("stage.some", start="beginning", kinds=("card.shown",), tiers="AB")
    wanted = happen(2) + happen(1, tier="B")
    happen(5, kind="card.clicked")
    happen(5, tier="D")
    assert catch_up("stage.some") == 3
    assert told_to("stage.some") == wanted
    assert Cursor.objects.get(pk="stage.some").position >= wanted[-1] + 10


def test_collected_only_leaves_out_what_our_own_code_recorded() -> None:
    source = Source.objects.create(name="careers")
    stage_consumer("stage.collected", start="beginning", collected_only=True)
    happen(2)
    collected = happen(2, source=source)
    catch_up("stage.collected")
    assert told_to("stage.collected") == collected


def test_a_new_consumer_begins_at_the_present() -> None:
    happen(3)
    stage_consumer("stage.new")
    assert catch_up("stage.new") == 0
    ids = happen(2)
    catch_up("stage.new")
    assert told_to("stage.new") == ids


def test_a_signal_says_whose_it_is_and_what_it_carries(ada: Account) -> None:
    seen: list[Told] = []
    consumer("stage.seen", start="beginning")(seen.extend)
    happen(1, person=ada.person, props={"dwell_s": 4.5}, event="Viewed")
    catch_up("stage.seen")
    (told,) = seen
    assert (told.person_id, told.props, told.event, told.source_id) == (
        ada.person_id,
        {"dwell_s": 4.5},
        "Viewed",
        None,
    )
    assert told.at.tzinfo is not None


def test_effects_and_place_are_one_transaction() -> None:
    """Killed between the two would be the same as here: an error of the database rolls both back."""
    stage_consumer("stage.write", start="beginning")
    write = consumer_named("stage.write").read

    @consumer("stage.away", start="beginning")
    def write_then_lose_the_database(batch: Sequence[Told]) -> None:
        write(batch)
        raise OperationalError("deadlock detected")

    happen(3)
    start_consumers(0)
    with pytest.raises(OperationalError):
        turn_of("stage.away")
    assert told_to("stage.write") == []
    place = Cursor.objects.get(pk="stage.away")
    assert (place.position, place.stumbles, Parked.objects.count()) == (0, 0, 0)


def test_one_bad_signal_is_found_parked_and_the_rest_go_on() -> None:
    ids = happen(20)
    bad = ids[13]
    stage_consumer("stage.write")
    write = consumer_named("stage.write").read

    @consumer("stage.picky", start="beginning")
    def picky(batch: Sequence[Told]) -> None:
        write(batch)
        if any(told.id == bad for told in batch):
            raise ValueError("secret words of a person")

    start_consumers(0)
    turn_of("stage.picky")
    assert told_to("stage.write") == ids[:13]
    place = Cursor.objects.get(pk="stage.picky")
    assert (place.position, place.stumbles) == (bad - 1, 1)
    assert "ValueError in picky" in place.last_error
    assert "secret" not in place.last_error
    for _ in range(turns.TRIES - 1):
        turn_of("stage.picky")
    catch_up("stage.picky")
    assert told_to("stage.write") == [number for number in ids if number != bad]
    parked = Parked.objects.get()
    assert (parked.consumer, parked.signal_id) == ("stage.picky", bad)

    # Mended, the parked one is handed over by itself.
    assert retry_parked(consumer_named("stage.picky")) == (0, 1)
    consuming._consumers["stage.picky"] = consuming.Consumer("stage.picky", write)
    assert retry_parked(consumer_named("stage.picky")) == (1, 0)
    assert told_to("stage.write")[-1] == bad
    assert not Parked.objects.exists()


def test_a_consumer_that_fails_on_everything_stands_still_instead_of_throwing_it_all_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(turns, "PARKED_AT_MOST", 2)

    @consumer("stage.broken", start="beginning")
    def broken(batch: Sequence[Told]) -> None:
        raise KeyError("broken")

    ids = happen(10)
    start_consumers(0)
    for _ in range(30):
        turn_of("stage.broken")
    assert Cursor.objects.get(pk="stage.broken").position == ids[2] - 1
    assert Parked.objects.count() == 2


def test_a_paused_one_and_one_held_elsewhere_are_left_alone() -> None:
    stage_consumer("stage.all", start="beginning")
    happen(1)
    start_consumers(0)
    Cursor.objects.update(paused=True)
    assert turn_of("stage.all") is None
    assert told_to("stage.all") == []


def test_the_runner_starts_newcomers_and_waits_between_tries() -> None:
    stage_consumer("stage.all", start="beginning")

    @consumer("stage.broken", start="beginning")
    def broken(batch: Sequence[Told]) -> None:
        raise KeyError("broken")

    ids = happen(4)
    runner = Runner()
    assert runner.round() == 0.0  # two newcomers found their place
    for _ in range(5):
        runner.round()
    assert told_to("stage.all") == ids
    assert Cursor.objects.get(pk="stage.broken").stumbles == 1  # the next try comes after a pause
    Cursor.objects.filter(pk="stage.broken").update(moved_at=clock.now() - timedelta(minutes=1))
    runner.round()
    assert Cursor.objects.get(pk="stage.broken").stumbles == 2


def test_a_consumer_in_trouble_with_the_database_does_not_hold_up_the_others() -> None:
    @consumer("stage.a_deadlock", start="beginning")
    def deadlock(batch: Sequence[Told]) -> None:
        raise OperationalError("deadlock detected")

    stage_consumer("stage.z", start="beginning")
    ids = happen(2)
    runner = Runner()
    for _ in range(3):
        runner.round()
    assert told_to("stage.z") == ids


def test_collected_signals_reach_those_who_hear_the_bus_exactly_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from segue.kit import queue
    from segue.listen.consumers import relay

    monkeypatch.setattr(bus, "_handlers", {**bus._handlers})
    monkeypatch.setattr(queue, "_tasks", {**queue.load_jobs(), "stage.note": queue.Task("stage.note", print)})
    bus._handlers["card.clicked"] = [lambda signal: enqueue("stage.note", signal_id=signal["id"])]
    consumer("listen.relay", kinds=bus.heard_kinds, tiers="AB", collected_only=True, start="beginning")(relay)
    source = Source.objects.create(name="careers")
    happen(2, kind="card.clicked")  # `record` tells of its own
    (collected,) = happen(1, kind="card.clicked", source=source)
    happen(1, kind="card.clicked", source=source, tier="D")
    catch_up("listen.relay")
    catch_up("listen.relay")
    assert [job.args for job in QueueJob.objects.all()] == [{"signal_id": collected}]


def test_adding_a_consumer_is_one_small_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file in a room's folder is all: it is found, given a place, and read to."""
    folder = tmp_path / "consumers"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "views.py").write_text(
        "from segue.listen.consuming import consumer\n"
        "heard = []\n"
        "@consumer('catalog.views', kinds=('card.clicked',), start='beginning')\n"
        "def count_views(batch):\n"
        "    heard.extend(told.id for told in batch)\n"
    )
    monkeypatch.setattr(segue.catalog, "__path__", [*segue.catalog.__path__, str(tmp_path)])
    try:
        assert "catalog.views" in load_consumers()
        ids = happen(2, kind="card.clicked")
        runner = Runner()
        runner.round()
        runner.round()
        assert sys.modules["segue.catalog.consumers.views"].heard == ids
    finally:
        for name in [name for name in sys.modules if name.startswith("segue.catalog.consumers")]:
            del sys.modules[name]


def test_an_unknown_consumer_is_refused_by_name() -> None:
    stage_consumer("stage.all")
    with pytest.raises(NotFound, match=r"stage\.all"):
        consumer_named("stage.nobody")


def test_sequence_hands_out_one_id_at_a_time() -> None:
    """The horizon rests on it: an id kept in a session's pocket would be passed by."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seqcache FROM pg_sequence WHERE seqrelid = 'listen_signal_number'::regclass")
        assert cursor.fetchone() == (1,)
