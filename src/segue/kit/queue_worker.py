"""Doing the work: batch by batch, until told to stop."""

from __future__ import annotations

import select
import socket
import threading
import time
from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import InterfaceError, OperationalError, close_old_connections, connection, transaction

from segue.kit import clock, logs, queue
from segue.kit import queue_leases as leases
from segue.kit.metrics import Counter
from segue.kit.queue_leases import MAX_ATTEMPTS, Claim, Lane

DONE = Counter("segue_jobs_done", "Jobs done.", ["job"])
TRIPPED = Counter("segue_jobs_tripped", "Attempts that raised an error; most are tried again.", ["job"])
GAVE_UP = Counter("segue_jobs_gave_up", "Jobs given up after their last attempt.", ["job"])
POLL_S = 5.0
SWEEP_S = 5.0
PIECE_S = 0.25  # as many jobs are claimed at a time as take so long, so that the urgent is not kept waiting
log = logs.get("segue.queue")


class Worker:
    """One line of work, in some lanes: the next is looked at when nothing waits in the one before.

    `stop` may be called from a signal handler or another thread.
    """

    def __init__(
        self, *, lanes: Sequence[Lane] = tuple(Lane), batch: int = 100, poll_s: float = POLL_S
    ) -> None:
        self._lanes = lanes
        self._batch = batch
        self._at_once = 1
        self._poll_s = poll_s
        self._stopping = threading.Event()
        self._swept_at = -SWEEP_S
        self._wake_read, self._wake_write = socket.socketpair()

    def stop(self) -> None:
        """Finish the job (or the shared transaction) under way, hand back the rest, and leave."""
        self._stopping.set()
        self._wake_write.send(b"x")

    def work_off(self, limit: int | None = None) -> int:
        """Run what is due until nothing is, or `limit` jobs were tried; returns how many were done."""
        done = tried = 0
        while limit is None or tried < limit:
            claims = self._claim(self._at_once if limit is None else min(self._at_once, limit - tried))
            if not claims:
                break
            now_done, now_tried = self._work(claims)
            done, tried = done + now_done, tried + now_tried
        return done

    def run(self) -> None:
        """Work until stopped; a database that goes away is waited for."""
        queue.load_jobs()
        patience_s = 1.0
        while not self._stopping.is_set():
            try:
                with _listen() as bell:
                    patience_s = 1.0
                    self._attend(bell)
            except (OperationalError, InterfaceError, psycopg.OperationalError) as error:
                log.warning("database_away", error=type(error).__name__, retry_in_s=patience_s)
                close_old_connections()
                self._stopping.wait(patience_s)
                patience_s = min(patience_s * 2, 30.0)

    def _attend(self, bell: psycopg.Connection[Any]) -> None:
        while not self._stopping.is_set():
            queue.plan_periodic(clock.now(), self._lanes)
            claims = self._claim(self._at_once)
            if claims:
                self._work(claims)
            else:
                self._wait(bell)

    def _wait(self, bell: psycopg.Connection[Any]) -> None:
        """Sleep until a bell rings, a job falls due, or it is time to look anyway."""
        due = leases.next_due(self._lanes)
        pause_s = self._poll_s
        if due is not None:
            pause_s = min(pause_s, max((due - clock.now()).total_seconds(), 0.001))
        ready, _, _ = select.select([bell.fileno(), self._wake_read.fileno()], [], [], pause_s)
        if bell.fileno() in ready:
            list(bell.notifies(timeout=0))

    def _claim(self, limit: int) -> list[Claim]:
        at = time.monotonic()
        if at - self._swept_at >= SWEEP_S:
            for lane in self._lanes:
                if (orphan := leases.reclaim(lane)) is not None:  # there may be more: look again at once
                    return [orphan]
            self._swept_at = at
        return next(filter(None, (leases.claim(limit, lane) for lane in self._lanes)), [])

    def _work(self, claims: list[Claim]) -> tuple[int, int]:
        """Work what was claimed, and reckon how much to claim next; returns how many were done, and tried."""
        began_s = time.monotonic()
        done, tried = self._work_until(began_s + 2 * PIECE_S, claims)
        a_piece = int(tried * PIECE_S / max(time.monotonic() - began_s, 1e-6))
        self._at_once = max(1, min(a_piece, 2 * self._at_once, self._batch))
        return done, tried

    def _work_until(self, moment_s: float, claims: list[Claim]) -> tuple[int, int]:
        """Work so long, one job at least, and give back the rest."""
        together = [claim for claim in claims if _may_share(claim)]
        alone = [claim for claim in claims if not _may_share(claim)]
        done = self._work_together(together) if together else 0
        if done is None:
            alone, done = claims, 0
        for place, claim in enumerate(alone):
            if self._stopping.is_set() or (place and time.monotonic() > moment_s):
                leases.give_back(alone[place:])
                return done, len(claims) - len(alone) + place
            done += self._work_alone(claim)
        return done, len(claims)

    def _work_together(self, claims: list[Claim]) -> int | None:
        """Do a batch in one transaction; None when one of them tripped and nothing was done."""
        try:
            with transaction.atomic():
                ours = leases.finish(claims)
                for claim in claims:
                    if claim.id in ours:
                        queue.task_named(claim.name).run(**claim.args)
        except Exception as error:
            _reraise_if_away(error)
            return None
        for claim in claims:
            if claim.id in ours:
                DONE.labels(claim.name).inc()
        return len(ours)

    def _work_alone(self, claim: Claim) -> int:
        if claim.attempts >= MAX_ATTEMPTS:
            _give_up(claim, "Its worker died each time.")
            return 0
        try:
            with transaction.atomic():
                if not leases.finish([claim]):
                    return 0  # our lease ran out and another worker has it
                queue.task_named(claim.name).run(**claim.args)
        except Exception as error:
            _reraise_if_away(error)
            _give_up(claim, logs.whereabouts(error), error)
            return 0
        DONE.labels(claim.name).inc()
        return 1


def _may_share(claim: Claim) -> bool:
    try:
        return claim.attempts == 0 and queue.task_named(claim.name).database_only
    except LookupError:
        return False


def _reraise_if_away(error: Exception) -> None:
    """Losing the database is not the job's fault: its lease will run out, and it will be taken up again."""
    if connection.connection is None or connection.connection.closed:
        raise OperationalError("The database went away.") from error


def _give_up(claim: Claim, words: str, error: Exception | None = None) -> None:
    gave_up = leases.postpone(claim, words)
    (GAVE_UP if gave_up else TRIPPED).labels(claim.name).inc()
    log.error(
        "job_gave_up" if gave_up else "job_tripped", job=claim.name, id=claim.id, where=words, exc_info=error
    )


def _listen() -> psycopg.Connection[Any]:
    parameters = connection.get_connection_params()
    for name in ("cursor_factory", "context", "prepare_threshold"):
        parameters.pop(name, None)
    bell = psycopg.connect(**parameters, autocommit=True)
    bell.execute(f"LISTEN {queue.CHANNEL}")
    return bell
