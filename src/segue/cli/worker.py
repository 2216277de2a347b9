"""`segue worker`: work the job queue until told to stop."""

from __future__ import annotations

import argparse
import signal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--batch", type=int, default=100, help="jobs claimed at a time (default 100)")
    parser.add_argument("--once", action="store_true", help="do what is due, then leave")
    parser.add_argument("--retry-failed", action="store_true", help="put jobs that gave up back first")


def main(args: argparse.Namespace) -> int:
    """Work; SIGTERM and Ctrl-C let the job under way finish and hand back the rest."""
    from segue.kit import logs, queue
    from segue.kit.queue_worker import Worker

    log = logs.get("segue.worker")
    worker = Worker(batch=max(1, args.batch))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop())
    if args.retry_failed:
        log.info("failed_jobs_put_back", count=queue.retry_failed())
    if args.once:
        log.info("worked_off", done=worker.work_off())
        return 0
    _have_at_hand()
    log.info("worker_ready", jobs=len(queue.load_jobs()))
    worker.run()
    log.info("worker_left")
    return 0


def _have_at_hand() -> None:
    """Load what reading a job takes: whoever publishes the first one is not kept waiting for it."""
    from django.db import Error

    import segue.learn.actions.fitting  # noqa: F401 - to be there
    from segue.kit import logs
    from segue.learn.queries.lexicon import active_hash, lexicon_named

    try:
        if in_force := active_hash():
            lexicon_named(in_force)
    except Error as error:  # the worker waits for its database, and reads the lexicon with the first job
        logs.get("segue.worker").warning("lexicon_not_at_hand", error=type(error).__name__)
