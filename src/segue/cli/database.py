"""A database for a command: the server named in SEGUE_DATABASE_URL, or the embedded one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from segue.kit.errors import SegueError


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
        _set_up_django()
        yield
        return
    try:
        with Cluster(data_dir()) as cluster:
            os.environ["SEGUE_DATABASE_URL"] = cluster.ensure_running()
            try:
                _set_up_django()
                yield
            finally:
                _close_connections()
                del os.environ["SEGUE_DATABASE_URL"]
    except PostgresUnavailable as missing:
        raise DatabaseUnavailable(missing.message, remedy=missing.remedy) from missing


def data_dir() -> Path:
    chosen = os.environ.get("SEGUE_DATA_DIR") or str(Path.home() / ".local" / "share" / "segue")
    return Path(chosen).expanduser().absolute()


def _set_up_django() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "segue.settings")
    django.setup()


def _close_connections() -> None:
    from django.db import connections

    connections.close_all()
