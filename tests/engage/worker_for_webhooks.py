"""A worker process for the crash test: the real loop, with a short lease."""

from __future__ import annotations


def main() -> None:
    import django

    django.setup()

    from segue.kit import queue_leases, queue_worker
    from segue.kit.queue import load_jobs

    load_jobs()
    queue_leases.LEASE_S = 1
    queue_worker.SWEEP_S = 0.2
    print("ready", flush=True)
    queue_worker.Worker(batch=1).run()


if __name__ == "__main__":
    main()
