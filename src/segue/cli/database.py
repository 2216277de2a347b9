"""A database for a command: the server named in SEGUE_DATABASE_URL, or the embedded one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from segue.kit.errors import SegueError

MIGRATING = 7_301_994_020  # an advisory lock: two that start at once on a new database migrate one by one


class DatabaseUnavailable(SegueError):
    """No database could be reached or started."""

    code = "database_unavailable"


@contextmanager
def database() -> Iterator[None]:
    """Make the database reachable, set up Django, and leave nothing running that we started.

    Beside a running demo its server is shared; the last user out stops it.
    """
    from segue.ports.postgres import Cluster, PostgresUnavailable

    if os.environ.get("SEGUE_DATABASE_URL"):
        set_up_django()
        _make_tables_on_first_use()
        yield
        return
    try:
        with Cluster(data_dir()) as cluster:
            os.environ["SEGUE_DATABASE_URL"] = cluster.ensure_running()
            try:
                set_up_django()
                _make_tables_on_first_use()
                yield
            finally:
                _close_connections()
                del os.environ["SEGUE_DATABASE_URL"]
    except PostgresUnavailable as missing:
        raise DatabaseUnavailable(missing.message, remedy=missing.remedy) from missing


def data_dir() -> Path:
    chosen = os.environ.get("SEGUE_DATA_DIR") or str(Path.home() / ".local" / "share" / "segue")
    return Path(chosen).expanduser().absolute()


def migrate() -> None:
    """Bring the schema up to date, one process at a time. Django must be set up."""
    from django.core.management import call_command
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATING])
        try:
            call_command("migrate", verbosity=0, interactive=False)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATING])


def _make_tables_on_first_use() -> None:
    """Whoever tries a command before the first start gets an empty company, not a missing table."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations') IS NULL")
        is_new = bool(cursor.fetchone()[0])
    if is_new:
        migrate()


def set_up_django() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "segue.settings")
    django.setup()


def _close_connections() -> None:
    from django.db import connections

    connections.close_all()
