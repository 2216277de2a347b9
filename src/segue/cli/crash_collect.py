"""The trial behind `segue peer crash-collect`: an SDK sends while the collector and the database are struck.

Everything is a real part: the embedded PostgreSQL with fsync on, in a folder of its own; the collector as
`segue serve` runs it; segment-analytics-python as its makers publish it, set only to go on trying. Strikes
fall while it is sending, spread over its events, in an order and at instants drawn from the seed.
"""

from __future__ import annotations

import contextlib
import importlib
import logging
import os
import random
import signal
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from segue.cli.supervisor import Child
from segue.kit.errors import SegueError
from segue.ports.postgres import Cluster
from segue.ports.postgres.pidfile import is_server_of, running_server

UPLOAD_SIZE = 20  # events a request: a strike every so many requests, not every so many batches of hundred
RETRIES = 1_000  # the library's own stop at ten would be its giving up, not our losing
PATIENCE_S = 120.0  # without any event getting through, in which the trial is called off
LOOK_EVERY_S = 0.002
STRIKE_WITHIN_S = 0.04  # of a batch's end: anywhere in the next one's journey
VISITOR = "crash-visitor"


class TrialFailed(SegueError):
    """The trial could not be held, which says nothing about what is lost."""

    code = "trial_failed"


@dataclass(slots=True)
class Report:
    """What was sent and what lies in the ledger; lost and duplicates are counted by message id."""

    sent: int = 0
    stored: int = 0
    lost: int = 0
    duplicates: int = 0
    given_up: int = 0  # by the library itself, told through its on_error
    kills: int = 0
    stops: int = 0
    resent: int = 0  # attempts after the first
    fsync: str = ""
    took_s: float = 0.0

    @property
    def is_clean(self) -> bool:
        wrong = self.lost + self.duplicates + self.given_up
        return wrong == 0 and self.stored == self.sent and self.fsync == "on"

    def as_dict(self) -> dict[str, object]:
        return {**asdict(self), "took_s": round(self.took_s, 1), "clean": self.is_clean}


def crash_collect(
    *, events: int, kills: int, stops: int, seed: int, say: Callable[[str], None] = lambda _: None
) -> Report:
    """Hold the trial in a folder that is gone afterwards, and count.

    Raises TrialFailed where the library is missing or nothing gets through for two minutes,
    PostgresUnavailable where there can be no database.
    """
    client_class = _library()
    with tempfile.TemporaryDirectory(prefix="segue-crash-") as folder, _scene(Path(folder)) as scene:
        say(f"{events} events; {kills} × kill -9 of the collector, {stops} × immediate stop of PostgreSQL.")
        began_at_s = time.monotonic()
        sender = _Sender(client_class, scene.address, scene.key, room=2 * events)
        ids = sender.queue_all(events)
        for number, strike in enumerate(plan := _plan(kills, stops, seed)):
            sender.wait_until_left(round(events * (1 - (number + 0.5) / len(plan))))
            time.sleep(random.Random(f"{seed}:{number}").uniform(0, STRIKE_WITHIN_S))  # noqa: S311 - when, not a secret
            scene.strike(strike)
            say(f"{number + 1:3} {strike:4}  {sender.left()} events to go")
        sender.finish()
        report = _count(scene.source_id, ids)
        report.kills, report.stops = kills, stops
        report.given_up, report.resent = sender.given_up, sender.resends.count
        report.took_s = time.monotonic() - began_at_s
        return report


def _plan(kills: int, stops: int, seed: int) -> list[str]:
    plan = ["kill"] * kills + ["stop"] * stops
    random.Random(seed).shuffle(plan)  # noqa: S311 - an order, not a secret
    return plan


def _library() -> Any:
    """The library comes with the test requirements, so it is looked up by name."""
    try:
        return importlib.import_module("segment.analytics.client").Client
    except ImportError:
        raise TrialFailed(
            "segment-analytics-python is not installed here.",
            remedy="Start it as ./run segue peer …, which installs the test requirements.",
        ) from None


@dataclass
class _Scene:
    """The parts that are struck, and how each gets up again."""

    folder: Path
    cluster: Cluster
    collector: Child
    address: str
    key: str
    source_id: int

    def strike(self, what: str) -> None:
        {"kill": self._kill_collector, "stop": self._stop_database}[what]()

    def _kill_collector(self) -> None:
        process = self.collector.process
        if process is None or process.poll() is not None:
            raise TrialFailed(f"The collector had fallen by itself.{self.collector.last_lines()}")
        os.killpg(process.pid, signal.SIGKILL)  # the process that listens and the one that works, at once
        process.wait()
        self.collector.start()

    def _stop_database(self) -> None:
        """What `pg_ctl stop -m immediate` does: the postmaster and its children leave without a word."""
        for path in self.folder.glob("postgres-[0-9]*"):
            if server := running_server(path):
                os.kill(server.pid, signal.SIGQUIT)
                while is_server_of(server.pid, path):
                    time.sleep(LOOK_EVERY_S)
        self.cluster.ensure_running()


@contextlib.contextmanager
def _scene(folder: Path) -> Iterator[_Scene]:
    """Bring up a database and a collector of our own, whatever the environment names; leave nothing."""
    settings = {
        "SEGUE_DATA_DIR": str(folder),
        "SEGUE_SECRET_KEY": "only-for-the-trial",
        "SEGUE_LOG_LEVEL": "ERROR",
        "NO_PROXY": "127.0.0.1",
        "DJANGO_SETTINGS_MODULE": "segue.settings",
    }
    os.environ |= settings
    cluster = Cluster(folder)
    collector: Child | None = None
    try:
        os.environ["SEGUE_DATABASE_URL"] = cluster.ensure_running()
        key, source_id = _prepare()
        port = _free_port()
        collector = _collector(port, folder)
        collector.start()
        yield _Scene(folder, cluster, collector, f"http://127.0.0.1:{port}", key, source_id)
    finally:
        if collector is not None:
            collector.ask_to_stop()
            collector.make_sure_it_is_gone(5)
        cluster.stop()


def _collector(port: int, folder: Path) -> Child:
    from segue.cli import collect

    return collect.child("127.0.0.1", port, 1, folder / "logs")


def _prepare() -> tuple[str, int]:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    from segue.cli import collect
    from segue.kit.actor import Actor
    from segue.listen.actions.sources import create_source

    source, key = create_source(
        name="crash trial",
        kind="server",
        consent="assured",
        limit_per_s=1_000_000,
        by=Actor.machine("segue peer"),
    )
    collect.prepare()
    return key, source.pk


class _Resends(logging.Handler):
    """Counts the attempts after the first, by what the library notes about itself."""

    count = 0

    def emit(self, record: logging.LogRecord) -> None:
        words = str(record.msg)
        self.count += words.startswith(("Network error retry", "Retry attempt", "Rate-limited (status"))


class _Sender:
    """The library, set to go on trying; all its events are queued at once."""

    def __init__(self, client_class: Any, address: str, key: str, room: int) -> None:
        self.given_up = 0
        self.resends = _Resends()
        log = logging.getLogger("segment")
        log.handlers, log.propagate = [self.resends], False
        log.setLevel(logging.DEBUG)
        self._client = client_class(
            key,
            host=address,
            max_queue_size=room,
            max_retries=RETRIES,
            upload_size=UPLOAD_SIZE,
            on_error=self._gave_up,
        )

    def queue_all(self, events: int) -> list[str]:
        """Hand all events to the library; return the message ids it gave them."""
        ids = []
        for number in range(events):
            taken, message = self._client.track(
                anonymous_id=VISITOR, event="Crash", properties={"number": number}
            )
            if not taken:
                raise TrialFailed("The library's queue was full.")
            ids.append(message["messageId"])
        return ids

    def left(self) -> int:
        return int(self._client.queue.unfinished_tasks)

    def wait_until_left(self, number: int) -> None:
        least, since_s = self.left(), time.monotonic()
        while (left := self.left()) > number:
            if left < least:
                least, since_s = left, time.monotonic()
            if time.monotonic() - since_s > PATIENCE_S:
                raise TrialFailed(f"Nothing got through for {PATIENCE_S:.0f} s; {left} events were to go.")
            time.sleep(LOOK_EVERY_S)

    def finish(self) -> None:
        self.wait_until_left(0)
        self._client.shutdown()

    def _gave_up(self, _error: Exception, batch: list[Any]) -> None:
        self.given_up += len(batch)


def _count(source_id: int, ids: list[str]) -> Report:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SHOW fsync")
        (fsync,) = cursor.fetchone()
        cursor.execute("SELECT message_id FROM listen_signal WHERE source_id = %s", [source_id])
        rows = [str(message_id) for (message_id,) in cursor.fetchall()]
    connection.close()
    distinct = set(rows)
    return Report(
        sent=len(ids),
        stored=len(rows),
        lost=len(set(ids) - distinct),
        duplicates=len(rows) - len(distinct),
        fsync=str(fsync),
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
