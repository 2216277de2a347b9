"""`segue collect`: a collector alone. Any number may write to one database, not knowing of each other."""

from __future__ import annotations

import argparse
import os
from datetime import timedelta
from pathlib import Path

from segue.cli.endpoints import address, answers_ready, refuse_taken_port, within
from segue.cli.supervisor import Child, Stopped, Supervisor, stop_on_signals
from segue.web.collect.limits import READ_AHEAD_BYTES

HEADER_TIMEOUT_MS = 15_000  # a sender that never finishes its headers, or idles between requests
CONNECTIONS = 4_096  # open at once, a process; waiting ones lie in the backlog
# Left to itself, glibc puts large bodies among small things, a heap a thread, and keeps what they took.
GIVES_BACK = {
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_MMAP_THRESHOLD_": str(64 * 1024),
    "MALLOC_TRIM_THRESHOLD_": str(1024 * 1024),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8001, help="where to listen (8001)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--workers", type=int, default=workers(), help="processes (SEGUE_COLLECT_WORKERS, 1)")


def main(args: argparse.Namespace) -> int:
    """Collect until asked to stop; what was answered is stored by then. Raises PortTaken, ChildFailed."""
    with stop_on_signals():
        try:
            refuse_taken_port(args.host, args.port)
            prepare()
            with Supervisor() as supervisor:
                os.environ.setdefault("SEGUE_COLLECT_URL", address(args.host, args.port).rstrip("/"))
                supervisor.add(child(args.host, args.port, args.workers))
                until = within("collector", lambda: answers_ready(args.host, args.port))
                supervisor.look_after(until=until, falls_at_most=1)
                print(f"Segue collects: {address(args.host, args.port)}", flush=True)
                supervisor.look_after(until=lambda: False)
        except (Stopped, KeyboardInterrupt):
            print("Stopped.", flush=True)
    return 0


def prepare() -> None:
    """Have the weeks' tables and our own pages' source there before the first event."""
    from django.db import connections

    from segue.kit import clock
    from segue.listen.actions.partitions import WEEKS_AHEAD, ensure_weeks
    from segue.listen.actions.sources import product_source

    ensure_weeks(clock.now(), clock.now() + timedelta(weeks=WEEKS_AHEAD))
    product_source()
    connections.close_all()


def child(host: str, port: int, processes: int, logs: Path | None = None) -> Child:
    """Return the collector as a process to look after."""
    arguments = ["--interface", "rsgi", "--loop", "uvloop", "--http", "1", "--no-ws"]
    arguments += ["--host", host, "--port", str(port), "--workers", str(processes)]
    arguments += [
        "--backlog",
        "4096",
        "--backpressure",
        str(CONNECTIONS),
        "--http1-buffer-size",
        str(READ_AHEAD_BYTES),
    ]
    arguments += ["--http1-header-read-timeout", str(HEADER_TIMEOUT_MS), "--workers-kill-timeout", "8"]
    arguments += [
        "--respawn-failed-workers",
        "--respawn-interval",
        "0.5",
        "segue.web.collect.rsgi:application",
    ]
    log = logs / "collector.log" if logs else None
    environment = {"DJANGO_SETTINGS_MODULE": "segue.settings", **GIVES_BACK, **os.environ}
    return Child("collector", "granian", arguments, environment, log=log, preload="segue.web.collect.rsgi")


def workers() -> int:
    return max(1, int(os.environ.get("SEGUE_COLLECT_WORKERS") or 1))
