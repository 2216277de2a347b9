"""Runners that are killed, stopped, and lose their database: real processes on a real one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from segue.listen.models import Cursor
from tests.conftest import address_of_test_database
from tests.listen.consumer_stage import drop_table, happen, make_table, told_to

pytestmark = [pytest.mark.peer, pytest.mark.django_db(transaction=True)]
Start = Callable[[], "subprocess.Popen[str]"]


@pytest.fixture
def start(transactional_db: None) -> Iterator[Start]:
    """Start runners; whatever still lives at the end is killed."""
    make_table()
    Cursor.objects.create(consumer="stage.slow", position=0)
    started: list[subprocess.Popen[str]] = []
    environment = os.environ | {
        "SEGUE_DATABASE_URL": address_of_test_database(),
        "PYTHONPATH": os.pathsep.join([".", "src"]),
    }

    def begin() -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.listen.runner_on_stage"]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()
    drop_table()


def _until(true: Callable[[], bool], *, within_s: float = 60) -> None:
    deadline = time.monotonic() + within_s
    while not true():
        if time.monotonic() > deadline:
            pytest.fail("It never came about.")
        time.sleep(0.02)


def _has_told(count: int) -> Callable[[], bool]:
    return lambda: len(told_to("stage.slow")) >= count


def test_killed_in_the_middle_its_effects_count_once(start: Start) -> None:
    ids = happen(1_500)
    for goal in (100, 500, 900):
        victim = start()
        _until(_has_told(goal))
        victim.send_signal(signal.SIGKILL)
        victim.wait()
    start()
    start()
    _until(_has_told(len(ids)))
    assert told_to("stage.slow") == ids


def test_told_to_stop_it_finishes_its_turn_and_leaves(start: Start) -> None:
    ids = happen(1_000)
    runner = start()
    _until(_has_told(50))
    runner.terminate()
    out, _ = runner.communicate(timeout=30)
    assert (out, runner.returncode) == ("left\n", 0)
    done = told_to("stage.slow")
    assert done == ids[: len(done)]
    assert Cursor.objects.get().position == done[-1]


def test_it_outlives_its_database_sessions(start: Start) -> None:
    ids = happen(600)
    runner = start()
    for goal in (50, 200):
        _until(_has_told(goal))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
    _until(_has_told(len(ids)))
    assert told_to("stage.slow") == ids
    assert runner.poll() is None
