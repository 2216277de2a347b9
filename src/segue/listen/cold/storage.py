"""What the cold tier wants of a place to keep files; segue.ports.storage has them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from segue.kit.errors import SegueError


class FileGone(SegueError):
    """A file the list knows is not where it should be, or is not what it was."""

    code = "file_gone"
    http_status = 503


@dataclass(frozen=True, slots=True)
class Stored:
    """A file as it lies there."""

    path: str
    size_bytes: int
    changed_at: datetime


class Storage(Protocol):
    """Files by path. A file is whole or not there, and never changes."""

    def put(self, path: str, source: Path) -> None:
        """Keep a copy of `source`; when this returns it is durable."""

    def fetch(self, path: str, *, sha256: str) -> Path:
        """Return a local file with this content. Raises FileGone where there is none, or another."""

    def delete(self, path: str) -> None:
        """Let a file go; one that is gone already is no error."""

    def listed(self) -> Iterator[Stored]:
        """Yield all files, in no promised order."""


def storage() -> Storage:
    """Return the place wired in settings.STORAGE."""
    return _storage(settings.STORAGE_PORT, settings.STORAGE)


@lru_cache(maxsize=4)
def _storage(port: str, address: str) -> Storage:
    made: Storage = import_string(port)(address, data_dir=settings.DATA_DIR)
    return made
