"""`segue serve`: the database, the pages and the queue worker, up together and down together."""

from __future__ import annotations

import argparse
import contextlib
import errno
import http.client
import os
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from segue.cli.database import data_dir
from segue.cli.supervisor import Child, ChildFailed, Stopped, Supervisor, deaf_to_signals, stop_on_signals
from segue.kit.errors import SegueError
from segue.ports.postgres import Cluster

READY_TIMEOUT_S = 120
PORT_PATIENCE_S = 2.0  # what we ran a moment ago may still be letting go of it
CHECK_DATABASE_EVERY_S = 2.0
EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104 - compared with, not bound to


class PortTaken(SegueError):
    """Another program listens where we were to."""

    code = "port_taken"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8000, help="where to listen (8000)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--workers", type=int, default=2, help="processes that serve pages (2)")


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
            _set_up_surroundings(args, environment)
            with database_server() as keep_up, Supervisor() as supervisor:
                web = supervisor.add(_web_server(args, logs))
                web.start(gated=True)  # it loads while we migrate, and serves only after
                migrate()
                prepare()
                _close_connections()
                web.open_gate()
                supervisor.look_after(until=_readiness(args), falls_at_most=1)
                supervisor.add(_queue_worker(logs))
                announce()
                _close_connections()
                supervisor.look_after(until=keep_up)
        except (Stopped, KeyboardInterrupt):
            print("Stopped.", flush=True)
    return 0


def address(args: argparse.Namespace) -> str:
    host = "127.0.0.1" if args.host in EVERYWHERE else args.host
    return f"http://{f'[{host}]' if ':' in host else host}:{args.port}/"


def refuse_taken_port(host: str, port: int) -> None:
    """Raise PortTaken, with another port to try, before anything slow has been done."""
    deadline = time.monotonic() + PORT_PATIENCE_S
    while (error := _bind_error(host, port)) is not None:
        if error.errno != errno.EADDRINUSE:
            raise PortTaken(
                f"Cannot listen on {host}, port {port}: {error.strerror}.",
                field="port",
                remedy="Choose another with --port (above 1023) or --host.",
            )
        if time.monotonic() > deadline:
            raise PortTaken(
                f"Port {port} is taken by another program.",
                field="port",
                remedy=f"Stop that program, or choose another port: --port {_free_port(host)}.",
            )
        time.sleep(0.1)


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


def migrate() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)


def _set_up_surroundings(args: argparse.Namespace, environment: dict[str, str]) -> None:
    """Settings read the environment, ours and the children's; what the operator has set stands."""
    hosts = "*" if args.host in EVERYWHERE else f"localhost,127.0.0.1,[::1],{args.host}"
    defaults = {
        "DJANGO_SETTINGS_MODULE": "segue.settings",
        "SEGUE_DATA_DIR": str(data_dir()),
        "SEGUE_BASE_URL": address(args).rstrip("/"),
        "SEGUE_ALLOWED_HOSTS": hosts,
        # Read when numpy loads. One request's sums are too small to share, and the workers fill the cores.
        "OPENBLAS_NUM_THREADS": "1",
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
    preload = "segue.web.wsgi,segue.web.urls"
    return Child("web server", "granian", arguments, dict(os.environ), log=log, preload=preload)


def _queue_worker(logs: Path | None) -> Child:
    log = logs / "worker.log" if logs else None
    return Child("queue worker", "segue", ["worker"], dict(os.environ), log=log)


def _readiness(args: argparse.Namespace) -> Callable[[], bool]:
    deadline = time.monotonic() + READY_TIMEOUT_S

    def is_ready() -> bool:
        if time.monotonic() > deadline:
            raise ChildFailed(
                f"The web server did not get ready in {READY_TIMEOUT_S} s.",
                field="web server",
                remedy="Look at /readyz and into its log; segue check may tell more.",
            )
        return _answers_ready(args)

    return is_ready


def _answers_ready(args: argparse.Namespace) -> bool:
    host = "127.0.0.1" if args.host in EVERYWHERE else args.host
    connection = http.client.HTTPConnection(host, args.port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _bind_error(host: str, port: int) -> OSError | None:
    """Try the port as granian would, but without sharing it: two servers may otherwise split its visitors."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            return error
    return None


def _free_port(host: str) -> int:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def _close_connections() -> None:
    from django.db import connections

    connections.close_all()
