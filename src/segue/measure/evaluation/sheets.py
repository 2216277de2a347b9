"""Files as columns of cells: CSV with a header, or Parquet. Complaints name file, column, row and remedy."""

from __future__ import annotations

import csv
import datetime as dt
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from segue.kit.errors import Invalid

UNKNOWN = frozenset({"", "nan", "null", "none", "na", "n/a"})
_MAGIC = b"PAR1"


@dataclass(frozen=True, eq=False)
class Sheet:
    """A file's columns, all of one length; `line[i]` is where row i stands in the file, counted from 1."""

    path: Path
    columns: dict[str, list[Any]]
    line: Sequence[int]

    def __len__(self) -> int:
        return len(self.line)

    def need(self, *names: str) -> None:
        """Raise Invalid for the first of these columns that is missing."""
        for name in names:
            if name not in self.columns:
                found = ", ".join(repr(column) for column in self.columns) or "none"
                raise Invalid(
                    f"the column is missing (found: {found}).",
                    field=f"{self.path.name}, column {name!r}",
                    remedy=f"Name the column {name!r} in the first row.",
                )

    def refuse(self, column: str, row: int, message: str, remedy: str) -> NoReturn:
        """Raise Invalid about one cell."""
        raise Invalid(
            message, field=f"{self.path.name}, column {column!r}, row {self.line[row]}", remedy=remedy
        )


def text_of(cell: Any) -> str:
    """A cell as text: nothing for an unknown, no ".0" behind whole numbers, lists joined by ";".

    >>> [text_of(cell) for cell in (None, 7.0, " a ", ["x", "y"], True)]
    ['', '7', 'a', 'x;y', 'true']
    """
    if isinstance(cell, str):
        return cell.strip()
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, list | tuple):
        return ";".join(text_of(part) for part in cell)
    return cell.isoformat() if isinstance(cell, dt.date) else str(cell)


def is_unknown(cell: Any) -> bool:
    """Whether a cell says nothing: empty, null, NaN."""
    return text_of(cell).lower() in UNKNOWN


def first_bytes(path: Path, size: int = 65_536) -> bytes:
    """The beginning of a file. Raises Invalid where it cannot be read or holds nothing."""
    try:
        with path.open("rb") as file:
            head = file.read(size)
    except OSError as wrong:
        raise Invalid(
            f"the file cannot be read: {wrong.strerror}.", field=str(path), remedy="Check the path."
        ) from None
    if not head.strip():
        raise Invalid("the file is empty.", field=path.name, remedy="Give a file with at least one row.")
    return head


def read_sheet(path: Path) -> Sheet:
    """Read CSV (comma, semicolon or tab) or Parquet. Raises Invalid for a file that is neither."""
    head = first_bytes(path)
    return _read_parquet(path) if head.startswith(_MAGIC) else _read_csv(path)


def _read_parquet(path: Path) -> Sheet:
    import pyarrow
    import pyarrow.parquet

    try:
        table = pyarrow.parquet.read_table(path)
        columns = {str(name).strip(): table.column(name).to_pylist() for name in table.column_names}
    except (pyarrow.ArrowException, OSError, KeyError, ValueError) as wrong:
        raise Invalid(
            f"this is not Parquet we can read: {str(wrong).splitlines()[0]}",
            field=path.name,
            remedy="Write it anew, one value a cell, or give CSV.",
        ) from None
    return Sheet(path, columns, range(1, table.num_rows + 1))


def _read_csv(path: Path) -> Sheet:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    rows = _csv_rows(path)
    _, names = next(rows, (0, []))
    names = [name.strip() for name in names]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise Invalid(
            "two columns have this name.",
            field=f"{path.name}, column {twice!r}, row 1",
            remedy="Rename one of them.",
        )
    columns: dict[str, list[Any]] = {name: [] for name in names}
    lines: list[int] = []
    for line, cells in rows:
        if len(cells) != len(names):
            raise Invalid(
                f"{len(cells)} cells under {len(names)} heads.",
                field=f"{path.name}, row {line}",
                remedy="Put cells that hold the delimiter in double quotes, and leave none out.",
            )
        lines.append(line)
        for column, cell in zip(columns.values(), cells, strict=True):
            column.append(cell)
    return Sheet(path, columns, lines)


def _csv_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line on which it ends; rows without any cell are passed over."""
    line = 0
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            head = file.readline()
            file.seek(0)
            reader = csv.reader(file, delimiter=max(",;\t", key=head.count), strict=True)
            for cells in reader:
                line = reader.line_num
                if cells and (len(cells) > 1 or cells[0].strip()):
                    yield line, cells
    except UnicodeDecodeError:
        raise Invalid(
            "this is not UTF-8.", field=f"{path.name}, after row {line}", remedy="Save it as UTF-8."
        ) from None
    except csv.Error as wrong:
        raise Invalid(
            f"this is not CSV: {wrong}.",
            field=f"{path.name}, after row {line}",
            remedy="Put cells that hold quotes in double quotes, and double the quotes in them.",
        ) from None
