"""What is known of people and jobs: a file with an `id` and any further columns, as the engine's table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segue.engine.task import Table
from segue.measure.evaluation.sheets import Sheet, is_unknown, text_of

TEXTS = ("text", "place")


def table_ids(sheet: Sheet | None) -> tuple[dict[str, int], list[str]]:
    """Each id's row in the file, the first where it stands twice, and what is to be said about that.

    Raises Invalid for a file without the column, or a row without an id.
    """
    if sheet is None:
        return {}, []
    sheet.need("id")
    found: dict[str, int] = {}
    for row, cell in enumerate(sheet.columns["id"]):
        name = text_of(cell)
        if not name:
            sheet.refuse("id", row, "the id is missing.", "Fill it in, or leave the row out.")
        found.setdefault(name, row)
    again = len(sheet) - len(found)
    return found, [f"{sheet.path.name}: {again} rows repeat an id and are left out"] if again else []


def table_of(sheet: Sheet | None, ids: Mapping[str, int], size: int) -> Table:
    """The engine's table: row `ids[id]` holds what the file says of that id, unknown where it says nothing.

    A column is numeric where every cell that says anything is a finite number, else it is text. Columns
    that say nothing at all are left out. Raises Invalid for a number that is not finite.
    """
    if sheet is None:
        return Table(size)
    rows, _ = table_ids(sheet)
    to = np.array([ids[name] for name in rows], dtype=np.int64)
    of = list(rows.values())
    columns: dict[str, NDArray[Any]] = {}
    for name, cells in sheet.columns.items():
        if name in ("id", ""):
            continue
        told = _column(sheet, name, [cells[row] for row in of], of)
        if told is not None:
            columns[name] = _spread(told, to, size)
    return Table(size, columns)


def _column(sheet: Sheet, name: str, cells: list[Any], of: list[int]) -> NDArray[Any] | None:
    if all(is_unknown(cell) for cell in cells):
        return None
    numbers = None if name in TEXTS else _numbers(cells)
    if numbers is None:
        texts = ["" if is_unknown(cell) else text_of(cell) for cell in cells]
        return np.array([*texts, None], dtype=object)[:-1]
    if np.isinf(numbers).any():
        row = of[int(np.flatnonzero(np.isinf(numbers))[0])]
        sheet.refuse(
            name, row, "the number is not finite.", "Write a number, or nothing where it is unknown."
        )
    return numbers


def _numbers(cells: list[Any]) -> NDArray[np.float64] | None:
    """The cells as numbers, NaN unknown; None where one of them is something else."""
    try:
        return np.array([np.nan if is_unknown(cell) else float(cell) for cell in cells], dtype=np.float64)
    except (TypeError, ValueError):
        return None


def _spread(told: NDArray[Any], to: NDArray[np.int64], size: int) -> NDArray[Any]:
    blank: NDArray[Any] = np.full(size, "" if told.dtype.kind == "O" else np.nan, dtype=told.dtype)
    blank[to] = told
    return blank
