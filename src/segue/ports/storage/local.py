"""A folder on this machine."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from segue.listen.cold.storage import FileGone, Stored
from segue.ports.storage.digests import is_content, remember

DRAFT = ".draft-"


class LocalStorage:
    """Files below one folder, each written beside its place, synced, and moved there in one step."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, path: str, source: Path) -> None:
        place = self._place(path)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = place.with_name(f"{DRAFT}{uuid.uuid4().hex}")
        try:
            shutil.copyfile(source, draft)
            _sync(draft)
            draft.replace(place)
        finally:
            draft.unlink(missing_ok=True)
        for folder in (place.parent, *place.parent.parents):
            _sync(folder)  # a new folder's name lies in the folder above
            if folder == self.folder:
                break

    def fetch(self, path: str, *, sha256: str) -> Path:
        place = self._place(path)
        try:
            whole = is_content(place, sha256)
        except FileNotFoundError:
            raise FileGone(f"{path} is not in the cold folder.", remedy="Restore it from a backup.") from None
        if not whole:
            raise FileGone(f"{path} is damaged.", remedy="Restore it from a backup.")
        remember(place, sha256)
        return place

    def delete(self, path: str) -> None:
        place = self._place(path)
        place.unlink(missing_ok=True)
        for folder in place.parents:
            if folder == self.folder:
                break
            with suppress(OSError):  # not empty: others are still there
                folder.rmdir()

    def listed(self) -> Iterator[Stored]:
        for place in self.folder.rglob("*"):
            with suppress(FileNotFoundError):
                status = place.stat()
                if place.is_file():
                    changed_at = datetime.fromtimestamp(status.st_mtime, tz=UTC)
                    yield Stored(place.relative_to(self.folder).as_posix(), status.st_size, changed_at)

    def _place(self, path: str) -> Path:
        place = (self.folder / path).resolve()
        if not place.is_relative_to(self.folder.resolve()):
            raise FileGone(f"{path} leads out of the cold folder.")
        return self.folder / path


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
