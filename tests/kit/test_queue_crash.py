"""Workers that are killed, stopped and woken: real processes on a real database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from segue.kit import queue
from segue.kit.models import QueueJob
from tests.conftest import address_of_test_database
from tests.kit import queue_stage

pytestmark = [pytest.mark.peer, pytest.mark.django_db(transaction=True)]
Start = Callable[[], "subprocess.Popen[str]"]


@pytest.fixture
def start(transactional_db: None) -> Iterator[Start]:
    """Start workers; whatever still lives at the end is killed."""
    queue_stage.make_table()
    started: list[subprocess.Popen[str]] = []
    environment = os.environ | {
        "SEGUE_DATABASE_URL": address_of_test_database(),
        "PYTHONPATH": os.pathsep.join([".", "src"]),
    }

    def begin() -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.kit.worker_on_stage"]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    with queue_stage.staged_jobs():
        yield begin
    for process in started:
        process.kill()
        process.communicate()
    queue_stage.drop_table()


def _until(true: Callable[[], bool], *, within_s: float = 60) -> None:
    deadline = time.monotonic() + within_s
    while not true():
        if time.monotonic() > deadline:
            pytest.fail("It never came about.")
        time.sleep(0.02)


def test_two_thousand_jobs_are_done_exactly_once_though_workers_are_killed(start: Start) -> None:
    everything = 2_000
    queue.enqueue_many("stage.write", [{"number": n} for n in range(0, everything, 2)])
    queue.enqueue_many("stage.write_shared", [{"number": n} for n in range(1, everything, 2)])
    for goal in (200, 900, 1_500):
        victim = start()
        _until(lambda goal=goal: len(queue_stage.effects()) >= goal)
        victim.send_signal(signal.SIGKILL)
        victim.wait()
    start()
    _until(lambda: not QueueJob.objects.exists())
    counts = Counter(queue_stage.effects())
    assert counts == Counter(range(everything))


def test_a_worker_told_to_stop_leaves_nothing_leased(start: Start) -> None:
    queue.enqueue_many("stage.write", [{"number": n} for n in range(2_000)])
    worker = start()
    _until(lambda: len(queue_stage.effects()) >= 50)
    worker.terminate()
    out, _ = worker.communicate(timeout=30)
    assert out == "left\n"
    assert worker.returncode == 0
    done, waiting = len(queue_stage.effects()), queue.figures()
    assert (waiting.leased, done + waiting.waiting) == (0, 2_000)


def test_an_idle_worker_hears_the_bell(start: Start) -> None:
    start()
    time.sleep(0.3)  # it looks once, finds nothing, and sleeps up to five seconds
    queue.enqueue("stage.write", number=1)
    _until(lambda: not QueueJob.objects.exists())
    assert queue_stage.effects() == [1]


def test_what_takes_long_is_worked_beside_what_somebody_waits_for(start: Start) -> None:
    queue.enqueue("stage.take_long", number=2)
    start()
    _until(lambda: queue.figures().leased == 1)
    queue.enqueue("stage.write", number=1)
    _until(lambda: not QueueJob.objects.filter(name__startswith="stage.").exists())
    assert queue_stage.effects() == [1, 2]


def test_when_one_line_falls_the_process_ends_for_somebody_to_start_it_again(start: Start) -> None:
    queue.enqueue("stage.die", number=1)
    assert start().wait(timeout=30) != 0
    assert queue_stage.effects() == []


def test_two_workers_share_without_treading_on_each_other(start: Start) -> None:
    start()
    start()
    queue.enqueue_many("stage.write_shared", [{"number": n} for n in range(3_000)])
    _until(lambda: not QueueJob.objects.exists())
    assert Counter(queue_stage.effects()) == Counter(range(3_000))
