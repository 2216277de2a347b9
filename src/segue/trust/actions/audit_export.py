"""Taking the audit along: as files whose chain anybody can check, and as sheets to read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from segue.engine.chain import STRIKES, read_chain
from segue.kit import clock
from segue.kit.actor import Actor
from segue.kit.errors import Conflict
from segue.kit.spreadsheets import csv_file
from segue.trust.actions.access import note_export
from segue.trust.models import AuditLine
from segue.trust.queries.audit import Wanted, audit_lines, told
from segue.trust.queries.chain import as_link, sealed_rows

HEADS = ("id", "at", "verb", "actor_role", "actor_id", "actor", "subject_type", "subject_id", "detail")
CHUNK = 1_000


def export_chain(folder: Path, *, reason: str, by: Actor) -> tuple[int, str]:
    """Write lines.jsonl, lines.csv and head.json into a new folder; returns how many lines, and their head.

    Each line of lines.jsonl has what its hash is made of, salt included: whoever holds the file can check it
    without us, and holds the words it speaks of. Raises Conflict where the folder is there already.
    """
    if folder.exists():
        raise Conflict(f"{folder} is there already.", field="folder", remedy="Name a new folder.")
    folder.mkdir(mode=0o700, parents=True)
    with (folder / "lines.jsonl").open("x", encoding="utf-8") as file:
        reading = read_chain(as_link(row) for row in _written(file))
    with (folder / "lines.csv").open("xb") as sheet:
        sheet.writelines(csv_file(HEADS, audit_rows(Wanted(), by)))
    head = {
        "position": reading.length,
        "head": reading.head,
        "struck": reading.struck,
        "holds": reading.broken is None,
        "broken_at": reading.broken.position if reading.broken else None,
        "exported_at": clock.now().isoformat(),
        "hash": "sha256(before \\n [position, *line] as JSON without spaces \\n digest)",
        "digest": "sha256(salt \\n content)",
        "strikes": STRIKES,
    }
    (folder / "head.json").write_text(json.dumps(head, indent=2), encoding="utf-8")
    note_export("audit", count=reading.length, form="jsonl", reason=reason[:200], by=by)
    return reading.length, reading.head


def _written(file: Any) -> Iterator[Any]:
    for row in sealed_rows():
        link = as_link(row)
        said = {
            "position": link.position,
            "line": link.skeleton,
            "content": link.content,
            "salt": link.salt,
            "digest": link.digest,
            "hash": link.hash,
        }
        file.write(json.dumps(said, ensure_ascii=False) + "\n")
        yield row


def audit_rows(wanted: Wanted, by: Actor) -> Iterator[tuple[object, ...]]:
    """Yield the cells of the lines asked for, the latest first, a bounded number in memory."""
    below: int | None = None
    while True:
        rows = audit_lines(by, wanted).order_by("-pk")
        some = list(rows.filter(pk__lt=below)[:CHUNK] if below is not None else rows[:CHUNK])
        for line in some:
            yield _cells(line, by)
        if len(some) < CHUNK:
            return
        below = some[-1].pk


def _cells(line: AuditLine, by: Actor) -> tuple[object, ...]:
    said = told(line, by)
    detail = json.dumps(said.detail, ensure_ascii=False) if said.detail else ""
    return (
        line.pk,
        line.at,
        line.verb,
        line.actor_role,
        line.actor_id,
        said.actor,
        line.subject_type,
        line.subject_id,
        detail,
    )
