"""Ids are drawn in one order and seen in another; nobody who reads by id may pass over one still to come."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import psycopg
import pytest
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st

from segue.listen.actions.consuming import start_consumers, take_turn
from segue.listen.consuming import consumer_named
from segue.listen.queries.horizon import UNKNOWN, Horizon, Waits
from segue.listen.runner import Runner, catch_up
from tests.conftest import address_of_test_database
from tests.listen.consumer_stage import (
    drop_table,
    happen,
    make_table,
    only_consumers,
    stage_consumer,
    told_to,
)

WRITERS = ("a", "b", "c")
STEPS = st.one_of(
    st.tuples(st.sampled_from(["draw", "commit", "abort"]), st.sampled_from(WRITERS)),
    st.tuples(st.sampled_from(["height", "writers"]), st.just("")),
)


@given(st.lists(STEPS, max_size=120))
def test_whatever_the_order_no_row_appears_below_the_horizon(steps: list[tuple[str, str]]) -> None:
    """A model of the server: a writer's lock is there from its first id until its rows are seen."""
    waits, last_drawn, generation = Waits(), 0, 0
    drawn: dict[str, tuple[str, list[int]]] = {}  # writer: (name of its transaction, ids)
    seen_height: int | None = None
    for what, writer in steps:
        if what == "draw":
            generation += 1
            last_drawn += 1
            drawn.setdefault(writer, (f"{writer}/{generation}", []))[1].append(last_drawn)
        elif what == "height":
            seen_height = last_drawn
        elif what == "writers" and seen_height is not None:
            waits.note(seen_height, [name for name, _ in drawn.values()])
            seen_height = None
        elif writer in drawn:
            _, ids = drawn.pop(writer)
            if what == "commit":
                assert min(ids) > waits.safe, "a row appeared where somebody may have read already"
    drawn.clear()
    assert waits.note(last_drawn, []) == last_drawn  # and when all is quiet nothing is held back


def test_pending_heights_do_not_pile_up_under_a_long_writer() -> None:
    waits = Waits()
    for height in range(1, 1_000):
        assert waits.note(height, ["long", f"short/{height}"]) == UNKNOWN
        assert len(waits._pending) <= 2
    assert waits.note(1_000, ["short/1000"]) == 999


Connect = Callable[[], "psycopg.Connection[Any]"]
_WRITE = (
    "INSERT INTO listen_signal (message_id, kind, version, event, at, received_at, anonymous_id, props,"
    " context, tier, purpose, purposes, flags, actor_role)"
    " SELECT '', 'card.shown', 1, '', now(), now(), '', '{}', '{}', 'A', 'behaviour', '{}', '{}', ''"
    " FROM generate_series(1, %s) RETURNING id"
)


@pytest.fixture
def connect(transactional_db: None) -> Iterator[Connect]:
    """Sessions of other processes; the stage's consumers beside them."""
    make_table()
    address = address_of_test_database()
    with only_consumers(), ExitStack() as stack:
        yield lambda: stack.enter_context(psycopg.connect(address))
    drop_table()


def _write(session: psycopg.Connection[Any], count: int = 1) -> list[int]:
    return [row[0] for row in session.execute(_WRITE, [count]).fetchall()]


def test_a_higher_id_that_commits_first_waits_for_the_lower(connect: Connect) -> None:
    stage_consumer("stage.all", start="beginning")
    start_consumers(0)
    slow, runner = connect(), Runner()
    early = _write(slow)
    late = happen(3)
    for _ in range(5):
        runner.round()
    assert told_to("stage.all") == []
    slow.commit()
    catch_up("stage.all")
    assert told_to("stage.all") == early + late


def test_what_was_written_before_the_slow_one_does_not_wait(connect: Connect) -> None:
    stage_consumer("stage.all", start="beginning")
    start_consumers(0)
    before = happen(3)
    horizon, slow = Horizon(), connect()
    assert horizon.settle() == before[-1]
    _write(slow)
    happen(2)
    assert horizon.look() == before[-1]
    take_turn(consumer_named("stage.all"), horizon=horizon.look())
    assert told_to("stage.all") == before
    slow.rollback()


def test_a_long_transaction_that_does_not_write_the_ledger_holds_up_nobody(connect: Connect) -> None:
    other, reader = connect(), connect()
    other.execute("UPDATE listen_cursor SET stumbles = 0")
    other.execute("SELECT pg_current_xact_id()")
    reader.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
    reader.execute("SELECT count(*) FROM listen_signal")
    ids = happen(2)
    assert Horizon().look() == ids[-1]


def test_a_newcomer_is_not_started_in_the_past_while_somebody_writes(connect: Connect) -> None:
    happen(3)
    slow = connect()
    mine = _write(slow)
    stage_consumer("stage.new")
    runner = Runner()
    assert runner.round() > 0  # it cannot know yet where the present is
    slow.commit()
    runner.round()
    later = happen(1)
    catch_up("stage.new")
    assert told_to("stage.new") == later
    assert mine[0] < later[0]


@pytest.mark.peer
def test_many_writers_out_of_order_and_two_runners_miss_nothing_and_double_nothing(connect: Connect) -> None:
    stage_consumer("stage.all", start="beginning", batch=40)
    stage_consumer("stage.other", start="beginning")
    start_consumers(0)
    committed: list[int] = []
    writers = [threading.Thread(target=_write_wildly, args=(connect(), seed, committed)) for seed in range(6)]
    runners = [Runner(poll_s=0.005) for _ in range(2)]
    readers = [threading.Thread(target=_run, args=(runner,)) for runner in runners]
    for thread in (*writers, *readers):
        thread.start()
    for thread in writers:
        thread.join()
    for runner in runners:
        runner.stop()
    for thread in readers:
        thread.join()
    for name in ("stage.all", "stage.other"):
        catch_up(name)
        assert told_to(name) == sorted(committed)


def _write_wildly(session: psycopg.Connection[Any], seed: int, committed: list[int]) -> None:
    dice = random.Random(seed)
    for _ in range(60):
        ids = _write(session, dice.randint(1, 5))
        session.execute("SELECT pg_sleep(%s)", [dice.choice([0, 0, 0.001, 0.01, 0.05])])
        ids += _write(session, dice.randint(0, 3))
        if dice.random() < 0.2:
            session.rollback()
        else:
            session.commit()
            committed += ids


def _run(runner: Runner) -> None:
    try:
        runner.run()
    finally:
        connections.close_all()
