"""`segue serve`: the database, the pages, the collector and the worker, up together and down together."""

from __future__ import annotations

import argparse
import contextlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from segue.cli import collect, endpoints
from segue.cli.database import data_dir, migrate, set_up_django
from segue.cli.endpoints import EVERYWHERE, PortTaken, answers_ready, refuse_taken_port
from segue.cli.supervisor import Child, Stopped, Supervisor, deaf_to_signals, stop_on_signals
from segue.kit import addresses
from segue.ports.postgres import Cluster

__all__ = ["EVERYWHERE", "PortTaken", "refuse_taken_port"]

CHECK_DATABASE_EVERY_S = 2.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8000, help="where to listen (8000)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--workers", type=int, default=2, help="processes that serve pages (2)")
    parser.add_argument(
        "--collect-port", type=int, help="where the collector listens (the port after --port)"
    )


def main(args: argparse.Namespace) -> int:
    def announce() -> None:
        print(f"Segue is ready: {address(args)}", flush=True)

    return run(args, environment={}, prepare=lambda: None, announce=announce)


def run(
    args: argparse.Namespace,
    *,
    environment: dict[str, str],
    prepare: Callable[[], None],
    announce: Callable[[], None],
    logs: Path | None = None,
) -> int:
    """Bring all up, say so, look after it until asked to stop, then leave nothing running.

    `prepare` runs with the database migrated and Django set up; children write to files in `logs`, if given.
    Raises PortTaken, PostgresUnavailable or ChildFailed when it cannot be.
    """
    with stop_on_signals():
        try:
            refuse_taken_port(args.host, args.port)
            refuse_taken_port(args.host, collect_port(args), option="--collect-port")
            _set_up_surroundings(args, environment)
            with database_server() as keep_up, Supervisor() as supervisor:
                web = supervisor.add(_web_server(args, logs))
                collector = supervisor.add(_collector(args, logs))
                for child in (web, collector):
                    child.start(gated=True)  # it loads while we migrate, and serves only after
                set_up_django()
                migrate()
                prepare()
                collect.prepare()
                for child in (web, collector):
                    child.open_gate()
                supervisor.look_after(until=_readiness(args), falls_at_most=1)
                supervisor.add(_queue_worker("worker", logs, "prompt", "mail", "outside"))
                supervisor.add(_queue_worker("unhurried-worker", logs, "bulk", "long"))
                supervisor.add(_consumers(logs))
                with addresses.announced(data_dir(), _addresses(args)):
                    announce()
                    _close_connections()
                    supervisor.look_after(until=keep_up)
        except (Stopped, KeyboardInterrupt):
            print("Stopped.", flush=True)
    return 0


def address(args: argparse.Namespace) -> str:
    return endpoints.address(args.host, args.port)


def collect_address(args: argparse.Namespace) -> str:
    return endpoints.address(args.host, collect_port(args)).rstrip("/")


def collect_port(args: argparse.Namespace) -> int:
    return int(args.collect_port or args.port + 1)


@contextlib.contextmanager
def database_server() -> Iterator[Callable[[], bool]]:
    """Have a database for ourselves and our children; yields what keeps it up (and never says enough)."""
    if os.environ.get("SEGUE_DATABASE_URL"):
        yield lambda: False
        return
    cluster = Cluster(data_dir())
    checked_at_s = time.monotonic()

    def keep_up() -> bool:
        nonlocal checked_at_s
        if time.monotonic() - checked_at_s > CHECK_DATABASE_EVERY_S:
            cluster.ensure_running()
            checked_at_s = time.monotonic()
        return False

    try:
        os.environ["SEGUE_DATABASE_URL"] = cluster.ensure_running()
        yield keep_up
    finally:
        with deaf_to_signals():
            os.environ.pop("SEGUE_DATABASE_URL", None)
            cluster.stop()


def _set_up_surroundings(args: argparse.Namespace, environment: dict[str, str]) -> None:
    """Settings read the environment, ours and the children's; what the operator has set stands."""
    hosts = "*" if args.host in EVERYWHERE else f"localhost,127.0.0.1,[::1],{args.host}"
    defaults = {
        "DJANGO_SETTINGS_MODULE": "segue.settings",
        "SEGUE_DATA_DIR": str(data_dir()),
        "SEGUE_BASE_URL": address(args).rstrip("/"),
        "SEGUE_COLLECT_URL": collect_address(args),
        "SEGUE_ALLOWED_HOSTS": hosts,
        # Read when numpy loads. One request's sums are too small to share, and the workers fill the cores.
        "OPENBLAS_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "2",  # threads that each keep what they once needed cost hundreds of megabytes
        **environment,
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)
    (data_dir() / "static").mkdir(parents=True, exist_ok=True)  # WhiteNoise warns where it is missing


def _web_server(args: argparse.Namespace, logs: Path | None) -> Child:
    arguments = ["--interface", "wsgi", "--host", args.host, "--port", str(args.port), "--no-ws"]
    arguments += ["--workers", str(args.workers), "--blocking-threads", "4", "--backlog", "512"]
    arguments += ["--workers-kill-timeout", "5", "--respawn-failed-workers", "segue.web.wsgi:application"]
    log = logs / "web.log" if logs else None
    preload = "segue.web.wsgi:warm,segue.web.urls"
    return Child("web server", "granian", arguments, dict(os.environ), log=log, preload=preload)


def _collector(args: argparse.Namespace, logs: Path | None) -> Child:
    return collect.child(args.host, collect_port(args), collect.workers(), logs)


def _addresses(args: argparse.Namespace) -> dict[str, str]:
    return {"base_url": os.environ["SEGUE_BASE_URL"], "collect_url": os.environ["SEGUE_COLLECT_URL"]}


def _queue_worker(name: str, logs: Path | None, *lanes: str) -> Child:
    """Two of them: what takes minutes would hold the interpreter of whoever waits for a letter."""
    log = logs / f"{name}.log" if logs else None
    return Child(f"queue's {name}", "segue", ["worker", "--lanes", *lanes], dict(os.environ), log=log)


def _consumers(logs: Path | None) -> Child:
    log = logs / "consumers.log" if logs else None
    return Child("consumers", "segue", ["consume"], dict(os.environ), log=log)


def _readiness(args: argparse.Namespace) -> Callable[[], bool]:
    web = endpoints.within("web server", lambda: answers_ready(args.host, args.port))
    collector = endpoints.within("collector", lambda: answers_ready(args.host, collect_port(args)))
    return lambda: web() and collector()


def _close_connections() -> None:
    from django.db import connections

    connections.close_all()
