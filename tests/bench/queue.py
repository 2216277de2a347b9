"""Jobs a second of our queue beside the simple one that every Django project writes first.

    ./run bench queue [--jobs 5000] [--rounds 3]

Both work the same jobs (one row inserted a job) off the same table on the same server, durable settings, in
one process, in turns; the figures are medians. The peer takes one job at a time: it selects it for update,
skipping locked ones, does it, deletes the row and commits.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

WAKES = 200


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--jobs", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    from segue.ports.postgres import Cluster

    with tempfile.TemporaryDirectory(prefix="segue-bench-") as folder:
        (Path(folder) / "static").mkdir()
        cluster = Cluster(Path(folder))
        environment = {"SEGUE_DATA_DIR": folder, "SEGUE_LOG_LEVEL": "ERROR", "SEGUE_SECRET_KEY": "bench"}
        os.environ |= environment | {
            "SEGUE_DATABASE_URL": cluster.ensure_running(),
            "DJANGO_SETTINGS_MODULE": "segue.settings",
        }
        try:
            measure(args.jobs, args.rounds)
        finally:
            cluster.stop()


def measure(jobs: int, rounds: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from tests.kit import queue_stage

    call_command("migrate", verbosity=0)
    queue_stage.make_table()
    with queue_stage.staged_jobs():
        print(table(rates(jobs, rounds), jobs, rounds))
        print(f"\nFrom promise to work begun, idle worker, {WAKES} times: {wake_up()}")
    connections.close_all()


def rates(jobs: int, rounds: int) -> dict[str, float]:
    """Return median jobs a second of each contender; they take turns so that noise hits all alike."""
    contenders: dict[str, tuple[str, Callable[[], None]]] = {
        "simple Django queue, one at a time (peer)": ("stage.write", drain_simply),
        "ours, batch 1": ("stage.write_shared", lambda: drain(1)),
        "ours, batch 10": ("stage.write_shared", lambda: drain(10)),
        "ours, batch 100": ("stage.write_shared", lambda: drain(100)),
        "ours, batch 100, a transaction a job": ("stage.write", lambda: drain(100)),
    }
    took_s: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, (kind, run) in contenders.items():
            fill(kind, jobs)
            start = time.perf_counter()
            run()
            took_s[name].append(time.perf_counter() - start)
            check(jobs)
    return {name: jobs / statistics.median(values) for name, values in took_s.items()}


def fill(kind: str, jobs: int) -> None:
    from django.db import connection

    from segue.kit import queue
    from tests.kit import queue_stage

    queue_stage.make_table()
    queue.enqueue_many(kind, [{"number": n} for n in range(jobs)])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE kit_queuejob")


def check(jobs: int) -> None:
    """A fast queue that loses or doubles work would be no queue."""
    from tests.kit import queue_stage

    if queue_stage.effects() != list(range(jobs)):
        raise SystemExit("The jobs were not each done exactly once.")


def drain(batch: int) -> None:
    from segue.kit.queue_worker import Worker

    Worker(batch=batch).work_off()


def drain_simply() -> None:
    """The peer."""
    from django.db import transaction

    from segue.kit import clock, queue
    from segue.kit.models import QueueJob

    while True:
        with transaction.atomic():
            due = QueueJob.objects.select_for_update(skip_locked=True).filter(run_at__lte=clock.now())
            job = due.filter(failed_at=None, leased_until=None).order_by("-priority", "run_at", "id").first()
            if job is None:
                return
            queue.task_named(job.name).run(**job.args)
            job.delete()


def wake_up() -> str:
    """Return median and 95th percentile of the time from committing a promise to the job's first line."""
    from django.db import connection

    from segue.kit import queue
    from segue.kit.queue_worker import Worker

    begun_at: list[float] = []
    began = threading.Event()

    @queue.job("stage.note")
    def note() -> None:
        begun_at.append(time.perf_counter())
        began.set()

    worker = Worker()
    thread = threading.Thread(target=lambda: (worker.run(), connection.close()))
    thread.start()
    waits_ms = []
    for _ in range(WAKES):
        time.sleep(0.01)
        began.clear()
        promised_at = time.perf_counter()
        queue.enqueue("stage.note")
        began.wait()
        waits_ms.append((begun_at[-1] - promised_at) * 1000)
    worker.stop()
    thread.join()
    return f"p50 {statistics.median(waits_ms):.1f} ms, p95 {statistics.quantiles(waits_ms, n=20)[-1]:.1f} ms"


def table(found: dict[str, float], jobs: int, rounds: int) -> str:
    peer = next(iter(found.values()))
    lines = [f"| {jobs:,} jobs, median of {rounds} | jobs/s | ratio |", "|---|---:|---:|"]
    lines += [f"| {name} | {rate:,.0f} | {rate / peer:.1f} |" for name, rate in found.items()]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
