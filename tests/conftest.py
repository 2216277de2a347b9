"""One database server a run, the standing cast, and doors to knock on.

This file must be read before Django's settings: it chooses the database and the data directory.
With xdist the controller starts the server and its workers inherit the address; each worker has a
test database of its own on it.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# A busy machine must not fail a test: how long examples take says nothing about what is right.
settings.register_profile("segue", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("segue")

_DATA_DIR = os.environ.get("SEGUE_TEST_DATA_DIR")


def _begin() -> None:
    """Start the server (unless one is given) and say where everything is."""
    from segue.ports.postgres import Cluster

    folder = Path(tempfile.mkdtemp(prefix="segue-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "static").mkdir()  # WhiteNoise warns where it is missing; files come from the finders
    os.environ["SEGUE_TEST_DATA_DIR"] = os.environ["SEGUE_DATA_DIR"] = str(folder)
    if not os.environ.get("SEGUE_DATABASE_URL"):
        cluster = Cluster(folder, tuned_for_tests=True)
        os.environ["SEGUE_DATABASE_URL"] = cluster.ensure_running()
        atexit.register(cluster.stop)
    os.environ.setdefault("SEGUE_SECRET_KEY", "only-for-tests")
    os.environ.setdefault("SEGUE_LOG_LEVEL", "ERROR")
    os.environ["DJANGO_SETTINGS_MODULE"] = "segue.settings"


if _DATA_DIR is None:
    _begin()

import django  # noqa: E402 - the settings must find the addresses above

django.setup()

from django.core.cache import cache  # noqa: E402 - needs Django set up
from django.core.management.base import CommandError  # noqa: E402 - needs Django set up
from django.core.management.commands.flush import Command as Flush  # noqa: E402 - needs Django set up
from django.db import connection  # noqa: E402 - needs Django set up
from django.test import Client  # noqa: E402 - needs Django set up

from segue.trust.models import Account  # noqa: E402 - needs Django set up
from tests import factories  # noqa: E402 - needs Django set up
from tests.browser import (  # noqa: E402 - needs Django set up
    axe,  # noqa: F401 - a fixture
    browser,  # noqa: F401 - a fixture
    collect_address,  # noqa: F401 - a fixture
    page,  # noqa: F401 - a fixture
    sign_in,  # noqa: F401 - a fixture
    site,  # noqa: F401 - a fixture
    site_process,  # noqa: F401 - a fixture
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests speak to this machine, and to no other; they count as slow."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1"]))
            item.add_marker(pytest.mark.peer)


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None,  # pytest-django's own, whose end drops the database
    django_db_blocker: Any,
) -> Iterator[None]:
    """Part from whoever is still connected at the end: a server's last connection closes when it likes."""
    flush = Flush.handle
    Flush.handle = _patiently(flush)  # type: ignore[method-assign]  # a served page may lock rows in its order
    yield
    Flush.handle = flush  # type: ignore[method-assign]
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )


def _patiently(flush: Callable[..., None]) -> Callable[..., None]:
    def again(*args: Any, **options: Any) -> None:
        for _ in range(4):
            try:
                return flush(*args, **options)
            except CommandError:
                time.sleep(0.5)
        return flush(*args, **options)

    return again


@pytest.fixture(autouse=True)
def _forget_between_tests() -> Iterator[None]:
    yield
    cache.clear()


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh data directory, for this process and its children."""
    monkeypatch.setenv("SEGUE_DATA_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def database_url(db: None) -> str:
    """The address of this test's own database, for child processes (they see only what is committed)."""
    return address_of_test_database()


def address_of_test_database() -> str:
    parts = connection.settings_dict
    from urllib.parse import quote

    login = quote(parts["USER"]) + (f":{quote(parts['PASSWORD'])}" if parts["PASSWORD"] else "")
    port = f"&port={parts['PORT']}" if parts["PORT"] else ""
    return f"postgresql://{login}@/{parts['NAME']}?host={quote(parts['HOST'], safe='')}{port}"


@pytest.fixture
def client_as() -> Callable[[Account], Client]:
    """A browser-less visitor signed in as this account; CSRF is checked as it is in life."""

    def visit(account: Account) -> Client:
        client = Client()
        client.force_login(account)
        return client

    return visit


@pytest.fixture
def ada(db: None) -> Account:
    return factories.ada()


@pytest.fixture
def rosa(db: None) -> Account:
    return factories.rosa()


@pytest.fixture
def max_(db: None) -> Account:
    return factories.max_()


@pytest.fixture
def ines(db: None) -> Account:
    return factories.ines()


@pytest.fixture
def theo(db: None) -> Account:
    return factories.theo()


@pytest.fixture
def mia(db: None) -> Account:
    return factories.mia()


@pytest.fixture
def eve(db: None) -> Account:
    return factories.eve()
