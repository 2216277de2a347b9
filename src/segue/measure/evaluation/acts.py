"""Who acted on what, and when: from a table of acts, or from one line per person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from segue.engine.task import FloatArray
from segue.kit.errors import Invalid
from segue.measure.evaluation.sheets import Sheet, first_bytes, is_unknown, read_sheet, text_of

_DAY_S = 86_400.0
_LATEST_IN_SECONDS = 1e11  # the year 5138; a larger number is milliseconds

# What was shown or refused is no sign of interest.
NEGATIVE_KINDS = frozenset(
    {"impression", "exposure", "show", "shown", "skip", "skipped", "hide", "hidden", "dislike", "dismiss",
     "pass", "reject", "rejected"}
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Acts:
    """Acts in the order of the file. `day`: float64[n], days since 1970; all NaN where no times are told."""

    path: Path
    person: list[str]
    job: list[str]
    day: FloatArray
    weight: FloatArray
    notes: tuple[str, ...] = ()
    listed: frozenset[str] = frozenset()  # people who have a line, even if nothing stands on it

    def __len__(self) -> int:
        return len(self.person)

    @property
    def timed(self) -> bool:
        """Whether the file says when."""
        return bool(len(self) and np.isfinite(self.day).all())

    @property
    def fine(self) -> bool:
        """Whether its times are finer than whole days, so that equal times mean the same moment."""
        return self.timed and bool((self.day != np.floor(self.day)).any())

    def swapped(self) -> Self:
        """The same acts seen from the jobs."""
        return replace(self, person=self.job, job=self.person, listed=frozenset())


def read_acts(path: Path, *, kinds: Sequence[str] = ()) -> Acts:
    """Read a table (`person_id, job_id, at?, kind?, weight?`) or lines (`person item item …`).

    `kinds`: only these, or all but `NEGATIVE_KINDS`. Raises Invalid naming file, column, row and remedy.
    """
    acts = _read_lines(path) if is_person_lines(path) else _from_sheet(read_sheet(path), kinds)
    if not len(acts):
        raise Invalid("no act is left in it.", field=path.name, remedy="Give a file with at least one act.")
    return acts


def is_person_lines(path: Path) -> bool:
    """Whether a file is of the form `person item item …`: its first line has blanks, no header, no comma."""
    head = first_bytes(path)
    if head.startswith(b"PAR1"):
        return False
    line = next(line for line in head.decode("utf-8-sig", errors="replace").splitlines() if line.strip())
    if {"person_id", "job_id"} & set(line.replace(",", " ").replace(";", " ").split()):
        return False
    return "," not in line and ";" not in line and len(line.split()) > 1


def _read_lines(path: Path) -> Acts:
    person: list[str] = []
    job: list[str] = []
    listed: set[str] = set()
    number = 0
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, start=1):
                who, *items = line.split() or [""]
                if who in listed:
                    raise Invalid(
                        f"{who!r} has a second line.",
                        field=f"{path.name}, column 'person', row {number}",
                        remedy="Put all of a person's items on one line.",
                    )
                listed |= {who} - {""}
                person += [who] * len(items)
                job += items
    except UnicodeDecodeError:
        raise Invalid(
            "this is not UTF-8.", field=f"{path.name}, after row {number}", remedy="Save it as UTF-8."
        ) from None
    nothing = np.full(len(person), np.nan)
    return Acts(path, person, job, nothing, np.ones(len(person)), (), frozenset(listed))


def _from_sheet(sheet: Sheet, kinds: Sequence[str]) -> Acts:
    sheet.need("person_id", "job_id")
    person, job = (_ids(sheet, name) for name in ("person_id", "job_id"))
    weight, kept = _weights(sheet), _of_kind(sheet, kinds)
    notes = [f"{int((~kept).sum())} acts of other or negative kinds left out"] if not kept.all() else []
    if (weight <= 0).any():
        notes.append(f"{int((weight <= 0).sum())} acts of no weight left out")
    kept &= weight > 0
    rows = np.flatnonzero(kept)
    day, told = _days(sheet, rows)
    return Acts(
        sheet.path,
        [person[row] for row in rows],
        [job[row] for row in rows],
        day,
        weight[rows],
        (*notes, *told),
    )


def _ids(sheet: Sheet, name: str) -> list[str]:
    ids = [text_of(cell) for cell in sheet.columns[name]]
    if "" in ids:
        sheet.refuse(name, ids.index(""), "the id is missing.", "Fill it in, or leave the row out.")
    return ids


def _weights(sheet: Sheet) -> FloatArray:
    """1 where the file has no weight, or none in a cell."""
    found = np.ones(len(sheet))
    for row, cell in enumerate(sheet.columns.get("weight", ())):
        if is_unknown(cell):
            continue
        try:
            found[row] = float(cell)
        except (TypeError, ValueError):
            found[row] = np.nan
        if not np.isfinite(found[row]):
            sheet.refuse("weight", row, f"{cell!r} is no number.", "Write a number above zero, or nothing.")
    return found


def _of_kind(sheet: Sheet, kinds: Sequence[str]) -> NDArray[np.bool_]:
    if "kind" not in sheet.columns:
        if kinds:
            sheet.need("kind")
        return np.ones(len(sheet), dtype=bool)
    found = [text_of(cell).lower() for cell in sheet.columns["kind"]]
    wanted = {kind.lower() for kind in kinds}
    return np.array(
        [(kind in wanted) if wanted else kind.split(".")[-1] not in NEGATIVE_KINDS for kind in found],
        dtype=bool,
    )


def _days(sheet: Sheet, rows: NDArray[np.intp]) -> tuple[FloatArray, list[str]]:
    """When each act was; acts without a time count as older than all others of the file."""
    cells = sheet.columns.get("at")
    day = np.full(len(rows), np.nan)
    if cells is None:
        return day, []
    for place, row in enumerate(rows):
        if not is_unknown(cells[row]):
            day[place] = _day(sheet, int(row), cells[row])
    undated = np.isnan(day)
    if undated.all() or not undated.any():
        return day, []
    day[undated] = np.nanmin(day)
    return day, [f"{int(undated.sum())} acts have no time, and count as the oldest"]


def _day(sheet: Sheet, row: int, cell: Any) -> float:
    """Days since 1970 of ISO 8601 (UTC where no zone is said), or of seconds or milliseconds since then."""
    try:
        if isinstance(cell, str):
            cell = cell.strip()
            number = cell.replace(".", "", 1).lstrip("-").isdigit()
            cell = float(cell) if number else dt.datetime.fromisoformat(cell)
        if isinstance(cell, dt.datetime):
            return (cell if cell.tzinfo else cell.replace(tzinfo=dt.UTC)).timestamp() / _DAY_S
        if isinstance(cell, dt.date):
            return float((cell - dt.date(1970, 1, 1)).days)
        seconds = float(cell)
        return (seconds if abs(seconds) < _LATEST_IN_SECONDS else seconds / 1000.0) / _DAY_S
    except (TypeError, ValueError, OverflowError):
        sheet.refuse(
            "at",
            row,
            f"{text_of(cell)!r} is no time.",
            "Write ISO 8601 (2026-11-22T18:00:00Z), or seconds since 1970.",
        )
