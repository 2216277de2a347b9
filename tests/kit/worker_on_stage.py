"""A worker process for the tests: the real lines, a short lease, and the stage's jobs."""

from __future__ import annotations

import signal


def main() -> None:
    import django

    django.setup()

    from segue.cli import worker
    from segue.kit import queue_leases, queue_worker
    from segue.kit.queue_leases import Lane
    from tests.kit.queue_stage import staged_jobs

    queue_leases.LEASE_S = 1
    queue_worker.SWEEP_S = 0.2
    lines = worker.lines_of(Lane, batch=100)
    signal.signal(signal.SIGTERM, lambda *_: worker.stop(lines))
    with staged_jobs():
        print("ready", flush=True)
        worker.run(lines)
    print("left", flush=True)


if __name__ == "__main__":
    main()
