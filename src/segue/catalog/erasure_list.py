"""The list of who was erased, kept outside the database: a backup made before does not know of them.

It holds ids and times and nothing else. Copy it away oftener than backups are made.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from segue.kit.errors import Invalid


def note_erasure(path: Path, person_id: UUID, at: datetime) -> None:
    """Add a line; when this returns it is on the disk."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, erasure_line(person_id, at).encode() + b"\n")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def erasure_line(person_id: UUID, at: datetime) -> str:
    return json.dumps({"person_id": str(person_id), "erased_at": at.isoformat()})


def read_erasures(path: Path) -> set[UUID]:
    """Return whom a list names; one that is not there names nobody. Raises Invalid for a bad line."""
    if not path.exists():
        return set()
    return set(_ids(path.read_text(encoding="utf-8").splitlines(), path))


def _ids(lines: Iterable[str], path: Path) -> Iterable[UUID]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield UUID(json.loads(line)["person_id"])
        except (ValueError, KeyError, TypeError) as wrong:
            raise Invalid(
                f"{path}, line {number}: this names nobody.",
                field="erasures",
                remedy='A line reads {"person_id": "…", "erased_at": "…"}.',
            ) from wrong
