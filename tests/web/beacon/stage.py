"""A collector that can fall and rise, pages of another origin, and a window nobody takes for a robot."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from django.utils.html import escape

from segue.listen.models import Signal
from segue.web.marks import integrity
from tests.browser import _wait_until_it_answers
from tests.conftest import address_of_test_database

if TYPE_CHECKING:
    from playwright.sync_api import Page

SCRIPT = "segue/beacon.v1.js"
PATIENCE_MS = 20_000


class Collector:
    """A real collector on the test's database."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, where it does not run."""
        if self._process is not None:
            return
        environment = os.environ | {
            "SEGUE_DATABASE_URL": address_of_test_database(),
            "SEGUE_COLLECT_URL": self.address,
            "PYTHONPATH": os.pathsep.join(["src", os.environ.get("PYTHONPATH", "")]),
        }
        port = self.address.rpartition(":")[2]
        command = [sys.executable, "-m", "granian", "--interface", "rsgi", "--host", "127.0.0.1"]
        command += ["--port", port, "--workers", "1", "--no-log", "segue.web.collect.rsgi:application"]
        self._process = subprocess.Popen(command, env=environment)
        _wait_until_it_answers(self._process, f"{self.address}/readyz")

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None


@dataclass
class Elsewhere:
    """Pages of another origin, served from memory."""

    site: str
    collect: str
    pages: dict[str, str] = field(default_factory=dict)
    address: str = ""

    def __enter__(self) -> Elsewhere:
        pages = self.pages

        class Shelf(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = pages.get(self.path.partition("?")[0], "").encode()
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Shelf)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def put(self, path: str, body: str, **attributes: str) -> str:
        """Put up a page that carries the beacon as docs/beacon.md says; returns its address."""
        said = {"data-collect": self.collect, **{f"data-{k}": v for k, v in attributes.items()}}
        script = " ".join(f'{name}="{escape(value)}"' for name, value in said.items())
        self.pages[path] = (
            f'<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">{body}'
            f'<script src="{self.site}/static/{SCRIPT}" integrity="{integrity(SCRIPT)}"'
            f' crossorigin="anonymous" {script}></script>'
        )
        return self.address + path


def until(window: Page, holds: Callable[[], object]) -> None:
    """Look again and again until something holds; fail when it never does."""
    for _ in range(PATIENCE_MS // 50):
        if holds():
            return
        window.wait_for_timeout(50)
    raise AssertionError("It never came to hold.")


def settle(window: Page, selector: str = "body") -> None:
    """Wait until intersections have been told: an observer made now is told after all made before."""
    window.evaluate(
        "at => new Promise(done => new IntersectionObserver(done).observe(document.querySelector(at)))",
        selector,
    )


def heard(kind: str | None = None) -> list[Signal]:
    rows = Signal.objects.order_by("id")
    return list(rows.filter(kind=kind) if kind else rows)


def told(window: Page) -> list[str]:
    """The kinds that lie in the page's own queue on disk."""
    return list(
        window.evaluate(
            "() => Object.keys(localStorage).filter(k => k.startsWith('segue.v1.q.'))"
            ".map(k => JSON.parse(localStorage[k])).sort((a, b) => a.timestamp < b.timestamp ? -1 : 1)"
            ".map(e => e.event || e.type)"
        )
    )


def freeze(window: Page) -> None:
    """Stop the clock of the pages this window will show: time passes when the test says so."""
    window.clock.install()
    window.clock.pause_at(time.time() + 1)


def pass_time(window: Page, ms: int) -> None:
    """Let the frozen clock run, and everything that waits for it."""
    window.clock.run_for(ms)


def deliver(window: Page) -> None:
    """Let the page send what waits, and wait for the collector's yes."""
    until(window, lambda: window.evaluate("segueBeacon.flush()") == 0)
