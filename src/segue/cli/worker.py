"""`segue worker`: work the job queue until told to stop, each lane of it on its own."""

from __future__ import annotations

import argparse
import os
import signal
from collections.abc import Collection, Iterable
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from segue.kit.queue_leases import Lane
    from segue.kit.queue_worker import Worker

UNHURRIED = ("bulk", "long")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--batch", type=int, default=100, help="jobs claimed at a time, at most (100)")
    parser.add_argument(
        "--lanes",
        nargs="+",
        choices=("prompt", "mail", "outside", "bulk", "long"),
        metavar="LANE",
        help="which of prompt, mail, outside, bulk and long (all); bulk and long alone stand back for others",
    )
    parser.add_argument("--once", action="store_true", help="do what is due, then leave")
    parser.add_argument("--retry-failed", action="store_true", help="put jobs that gave up back first")


def main(args: argparse.Namespace) -> int:
    """Work; SIGTERM and Ctrl-C let the job under way finish and hand back the rest."""
    from segue.kit import logs, queue
    from segue.kit.queue_leases import Lane
    from segue.kit.queue_worker import Worker

    log = logs.get("segue.worker")
    lanes, batch = tuple(Lane(name) for name in args.lanes or Lane), max(1, args.batch)
    workers = [Worker(lanes=lanes, batch=batch)] if args.once else lines_of(lanes, batch=batch)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop(workers))
    if args.retry_failed:
        log.info("failed_jobs_put_back", count=queue.retry_failed())
    if args.once:
        log.info("worked_off", done=workers[0].work_off())
        return 0
    if set(lanes) <= set(UNHURRIED):
        os.nice(10)  # pages and letters first
    _make_ready(lanes)
    log.info("worker_ready", jobs=len(queue.load_jobs()), lanes=list(lanes))
    run(workers)
    log.info("worker_left")
    return 0


def lines_of(lanes: Iterable[Lane], *, batch: int) -> list[Worker]:
    """One line of work a lane."""
    from segue.kit.queue_worker import Worker

    return [Worker(lanes=(lane,), batch=batch) for lane in lanes]


def stop(workers: Iterable[Worker]) -> None:
    for worker in workers:
        worker.stop()


def run(workers: list[Worker]) -> None:
    """Let each line work in a thread of its own; when one falls, all stop, and its error is raised."""
    from django.db import connection

    def work(worker: Worker) -> None:
        try:
            worker.run()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(workers)) as pool:
        lines = [pool.submit(work, worker) for worker in workers]
        done, _ = wait(lines, return_when=FIRST_EXCEPTION)
        stop(workers)
    for line in done:
        line.result()


def _make_ready(lanes: Collection[str]) -> None:
    """Sort what waits into its lanes, and have at hand what the first job that somebody waits for takes."""
    from django.db import Error

    from segue.kit import logs, queue
    from segue.kit.errors import SegueError

    try:
        queue.sort_into_lanes()
        if "prompt" in lanes:
            from segue.learn.actions.fitting import rehearse

            rehearse()
    except (Error, SegueError) as error:  # the worker waits for its database; jobs say what is amiss
        logs.get("segue.worker").warning("not_made_ready", error=type(error).__name__)
