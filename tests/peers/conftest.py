"""A real collector on a real database, and a server of pages on another origin."""

from __future__ import annotations

import functools
import http.server
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from segue.kit.actor import Actor
from segue.listen.actions.sources import create_source
from segue.listen.models import Rejected, Source
from tests.peers import sdks

START_TIMEOUT_S = 90
LOADERS = {
    "segment.html": "@segment/analytics-next/dist/umd/index.js",
    "rudder.html": "@rudderstack/analytics-js/dist/npm/modern/bundled/umd/index.js",
}
MakeSource = Callable[..., tuple[Source, str]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("peer") and Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1"]))


@contextmanager
def running_collector() -> Iterator[str]:
    """A collector process of its own on this worker's test database."""
    from tests.conftest import address_of_test_database

    port = free_port()
    environment = os.environ | {
        "SEGUE_DATABASE_URL": address_of_test_database(),
        "PYTHONPATH": os.pathsep.join(["src", os.environ.get("PYTHONPATH", "")]),
    }
    environment.pop("SEGUE_COLLECT_URL", None)
    command = [sys.executable, "-m", "segue", "collect", "--port", str(port)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_until_it_answers(process, f"{address}/readyz")
            yield address
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)


@pytest.fixture(scope="session")
def collector_process(django_db_setup: None) -> Iterator[str]:
    with running_collector() as address:
        yield address


@pytest.fixture
def collector(collector_process: str, transactional_db: None) -> str:
    """The collector's address. What it stores is gone after the test."""
    return collector_process


@pytest.fixture
def source(transactional_db: None) -> MakeSource:
    """Make a source; unless told otherwise its visitors have said yes, so that rows keep what they hold."""

    def make(**settings: object) -> tuple[Source, str]:
        wanted = {"name": "peer", "kind": "server", "consent": "assured", **settings}
        return create_source(**wanted, by=Actor.machine("tests"))  # type: ignore[arg-type]

    return make


@pytest.fixture
def nothing_rejected() -> Iterator[None]:
    yield
    assert list(Rejected.objects.values_list("code", "field", "message")) == []


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An origin of its own that serves a page for each browser SDK, with the SDK's files as published."""
    folder = tmp_path_factory.mktemp("pages")
    (folder / "sdk").symlink_to(sdks.installed() / "node_modules")
    for name, script in LOADERS.items():
        (folder / name).write_text(
            '<!doctype html><meta charset="utf-8"><title>Careers</title>'
            f'<script src="/sdk/{script}"></script>'
        )
    (folder / "away.html").write_text("<!doctype html><title>Elsewhere</title>")
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None: ...


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_it_answers(process: subprocess.Popen[bytes], address: str) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"The collector stopped at once with code {process.returncode}.")
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("The collector does not answer.")
