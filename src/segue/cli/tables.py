"""What a command says: a table for people, JSON for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from segue.kit.errors import Invalid


def say_json(value: Any) -> None:
    """Print one value as indented JSON."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def say_line(value: Any) -> None:
    """Print one value as a line of JSON, at once: whoever reads a stream waits for it."""
    print(json.dumps(value, ensure_ascii=False), flush=True)


def say_table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows under heads; numbers stand to the right, and what steers a terminal is shown, not obeyed."""
    table = [[_cell(value) for value in row] for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(heads, *table, strict=True)]
    numeric = [bool(rows) and all(isinstance(row[i], int | float) for row in rows) for i in range(len(heads))]
    for line in [list(heads), *table]:
        cells = (
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(line, widths, numeric, strict=True)
        )
        print("  ".join(cells).rstrip())


def say_aside(text: str) -> None:
    """Say something to the person at the terminal, beside the output proper."""
    print(text, file=sys.stderr)


def iso(at: datetime | None) -> str | None:
    """Return a moment as ISO 8601 in UTC, to the millisecond."""
    if at is None:
        return None
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(said: str, now: datetime) -> datetime:
    """Read a moment: 2026-11-22, 2026-11-22T18:00:00Z, or how long ago: 90s, 15m, 6h, 7d. Raises Invalid."""
    seconds = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
    try:
        if said[-1:] in seconds and said[:-1].isdigit() and len(said) < 10:
            return datetime.fromtimestamp(now.timestamp() - int(said[:-1]) * seconds[said[-1]], UTC)
        at = datetime.fromisoformat(said)
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        raise Invalid(
            f"{said!r} is not a moment.", field="--since", remedy="Write 2026-11-22, or 6h for six hours ago."
        ) from None


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    return "".join(char if char.isprintable() else "·" for char in str(value))
