"""A real Chromium on a real server: fixtures for the tests marked `browser`.

@pytest.mark.browser
def test_ada_saves_a_card(page, site, sign_in, axe):
    sign_in(page, ada())
    page.goto(site + "/")
    axe(page)
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from segue.trust.models import Account

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # Without these two its pages, and what they send when they close, say that nobody holds the mouse.
    "--disable-blink-features=AutomationControlled",
    "--user-agent=Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36",
]
START_TIMEOUT_S = 300
# What is still fading in has not the contrast it will be read with.
AT_REST = """Promise.allSettled(document.getAnimations()
    .filter(one => one.effect.getComputedTiming().endTime < Infinity).map(one => one.finished))"""


@pytest.fixture(scope="session")
def collect_address() -> str:
    """Where the pages send what they see. Nobody listens there, unless a test starts a collector."""
    return f"http://127.0.0.1:{_free_port()}"


@pytest.fixture(scope="session")
def site_process(django_db_setup: None, collect_address: str) -> Iterator[str]:
    """The product as it is served in life, on this worker's test database; one a run."""
    from tests.conftest import address_of_test_database

    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "SEGUE_DATABASE_URL": address_of_test_database(),
        "SEGUE_BASE_URL": address,
        "SEGUE_COLLECT_URL": collect_address,
        "PYTHONPATH": os.pathsep.join(["src", os.environ.get("PYTHONPATH", "")]),
    }
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", "1", "--blocking-threads", "4", "--no-log"]
    with subprocess.Popen([*command, "segue.web.wsgi:application"], env=environment) as process:
        try:
            _wait_until_it_answers(process, f"{address}/healthz")
            yield address
        finally:
            process.terminate()


@pytest.fixture
def site(site_process: str, transactional_db: None) -> str:
    """The served address. Rows are committed, so the server sees them, and are gone after the test."""
    return site_process


def installed_chromium() -> str | None:
    return os.environ.get("SEGUE_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium a run; each test gets a fresh profile from `page`."""
    found = installed_chromium()
    if found is None:
        pytest.skip("no Chromium: apt-get install chromium, or set SEGUE_CHROMIUM to its path")
    from playwright.sync_api import sync_playwright

    # Playwright's loop runs in this very thread; Django would take that for async code and refuse the ORM.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A fresh window on a desktop; fails the test on any script error or broken security policy."""
    context = browser.new_context(base_url=site, viewport={"width": 1280, "height": 900})
    window = context.new_page()
    complaints: list[str] = []
    window.on("pageerror", lambda error: complaints.append(str(error)))
    window.on("console", lambda message: complaints.append(message.text) if _is_refusal(message) else None)
    yield window
    context.close()
    assert not complaints, complaints


@pytest.fixture
def sign_in(site: str) -> Callable[[Page, Account], None]:
    """Give a window the session of an account, without the walk through the mail."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    def enter(window: Page, account: Account) -> None:
        session: Any = import_module(settings.SESSION_ENGINE).SessionStore()
        session[SESSION_KEY] = str(account.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = account.get_session_auth_hash()
        session.save()
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": site}
        window.context.add_cookies([cookie])

    return enter


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Assert that axe-core finds nothing serious or critical on the page as it stands."""
    from axe_playwright_python.sync_playwright import Axe

    def look(window: Page) -> None:
        window.wait_for_load_state()  # a click only waits until the next page begins
        window.evaluate(AT_REST)
        found = Axe().run(window).response["violations"]
        grave = [rule for rule in found if rule["impact"] in {"serious", "critical"}]
        assert not grave, "\n".join(
            f"{rule['id']}: {rule['help']} at {', '.join(str(node['target']) for node in rule['nodes'][:5])}"
            for rule in grave
        )

    return look


def _is_refusal(message: Any) -> bool:
    return message.type == "error" and "Content Security Policy" in message.text


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_it_answers(process: subprocess.Popen[bytes], address: str) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"The server stopped at once with code {process.returncode}.")
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise RuntimeError("The server does not answer.")
