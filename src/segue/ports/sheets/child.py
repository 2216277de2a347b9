"""The child: reads a spreadsheet from standard input and writes its first filled sheet out as CSV.

python -I -m segue.ports.sheets.child < FILE.xlsx

A line of the CSV is a row of the sheet, so that line numbers mean what a person sees. Titles that were merged
over the header are blank lines; a cell of the header without words takes those to its left.
"""

from __future__ import annotations

import csv
import io
import os
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from itertools import chain, islice
from typing import Any

from segue.ports.resumes.cell import lock_in

BROKEN, MACROS, TOO_BIG, NO_ROWS = 3, 4, 5, 6  # exit codes, which the jail gives their names
_TITLES = 10  # rows above the header at most
_WRITTEN = 1 << 16
_FAULTS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"})


def main() -> None:
    """Write the sheet, or leave with a code that says why not."""
    from openpyxl import load_workbook

    warm_up(load_workbook)
    lock_in()
    try:
        with os.fdopen(0, "rb", closefd=False) as file:
            code = say(io.BytesIO(file.read()), load_workbook)
    except (MemoryError, OverflowError):
        code = TOO_BIG
    except Exception:
        code = BROKEN
    os._exit(code)  # nothing of what was read is cleaned up: it may be broken


def warm_up(load_workbook: Any) -> None:
    """Read a workbook of our own once: nothing can be imported once we are locked in."""
    from openpyxl import Workbook
    from openpyxl.writer.excel import save_workbook

    book, held = Workbook(), io.BytesIO()
    book.active.append(["a", datetime(2026, 1, 1), 1.5, True])  # noqa: DTZ001 - sheets know no zones
    save_workbook(book, held)
    for _row in load_workbook(held, read_only=True, data_only=True).active.iter_rows(values_only=True):
        pass


def say(file: io.BytesIO, load_workbook: Any) -> int:
    """Write the first sheet that holds anything; return 0, or why there is none."""
    with zipfile.ZipFile(file) as package:
        if any(name.lower().endswith("vbaproject.bin") for name in package.namelist()):
            return MACROS
    book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # what a sheet says of its size is not to be believed
        rows = (tuple(map(as_text, row)) for row in sheet.iter_rows(values_only=True))
        first = next(rows, None)
        if first is not None:
            write(chain([first], rows))
            return 0
    return NO_ROWS


def write(rows: Iterable[tuple[str, ...]]) -> None:
    """Write rows as CSV, all as wide as the header, in pieces."""
    held = io.StringIO(newline="")
    writer = csv.writer(held)
    for row in _evened(rows):
        writer.writerow(row)
        if held.tell() > _WRITTEN:
            _flush(held)
    _flush(held)


def _evened(rows: Iterable[tuple[str, ...]]) -> Iterator[list[str]]:
    """Make rows as wide as the header or the first row below it, whichever is wider."""
    waiting = iter(rows)
    top = list(islice(waiting, _TITLES))
    filled = [at for at, row in enumerate(top) if _last(row) >= 0]
    header = next((at for at in filled if sum(map(bool, top[at])) > 1), filled[0] if filled else 0)
    yield from ([] for _title in range(header))
    below = top[header + 1 :]
    width = max(map(_last, top[header : header + 2]), default=-1) + 1
    if header < len(top):
        yield _header(top[header], width)
    for row in chain(below, waiting):
        yield [*row[:width], *[""] * (width - len(row))] if _last(row) >= 0 else []


def _last(row: tuple[str, ...]) -> int:
    """Return the place of the last cell that says something, or -1."""
    return max((at for at, cell in enumerate(row) if cell), default=-1)


def _header(row: tuple[str, ...], width: int) -> list[str]:
    header: list[str] = []
    for at in range(width):
        cell = row[at] if at < len(row) else ""
        header.append(cell or (header[-1] if header else ""))
    return header


def as_text(cell: Any) -> str:
    """Return a cell as text: dates as 2026-11-30, whole numbers without a point, faults as nothing.

    >>> as_text(3.0), as_text(datetime(2026, 11, 30)), as_text(True), as_text("#N/A")
    ('3', '2026-11-30', 'true', '')
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return (
            cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ", timespec="seconds")
        )
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = str(cell).replace("\x00", "")
    return "" if text in _FAULTS else text


def _flush(held: io.StringIO) -> None:
    data = held.getvalue().encode("utf-8", "replace")
    held.seek(0)
    held.truncate()
    while data:
        data = data[os.write(1, data) :]


if __name__ == "__main__":
    main()
