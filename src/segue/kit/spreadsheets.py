"""Files for a spreadsheet: CSV and XLSX, row by row, with no cell that a spreadsheet would run.

A spreadsheet takes a cell for a formula by its first character, also after spaces and marks nobody sees, and
in some settings also by the full-width forms of it. In CSV such a cell starts with an apostrophe, the
spreadsheets' own word for text, which our importer takes off again. In XLSX a cell says that it is text, so
nothing is put before it. Numbers and telephone numbers (a sign, digits and spaces, no other sign) are left as
they are: they can be run, and come to nothing but themselves.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

CSV, XLSX = "csv", "xlsx"
CONTENT_TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
BOM = "\ufeff"  # without it Excel reads UTF-8 as the machine's old code page
LONGEST_CELL = 32_767  # of XLSX, in UTF-16 units
PIECE = 1 << 16
_SIGNS = frozenset(
    "=+-@\u2212"
)  # what begins a formula, full-width forms folded; and the minus of mathematics
_BREAKS = ("\t", "\r", "\n")
_PLAIN_NUMBER = re.compile(r"[+-]?[0-9][0-9 ]*(?:[.,][0-9]+)?")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def runs(text: str) -> bool:
    """Say whether a spreadsheet could take this text for a formula.

    >>> [runs(text) for text in ("=1+1", " =1", "＝1", "@x", "+49 30 1234", "-3.5", "-2+3", "Zoë")]
    [True, True, True, True, False, False, True, False]
    """
    if text.startswith(_BREAKS):
        return True
    first = next((char for char in text if not _is_unseen(char)), "")
    if not first or unicodedata.normalize("NFKC", first)[:1] not in _SIGNS:
        return False
    return _PLAIN_NUMBER.fullmatch(text) is None


def defused(text: str) -> str:
    """Return a text as a CSV cell that no spreadsheet runs.

    >>> defused("=HYPERLINK(1)"), defused("+49 30 1234")
    ("'=HYPERLINK(1)", '+49 30 1234')
    """
    return f"'{text}" if runs(text) else text


def said(value: object) -> str:
    """Return a value as the text of a cell."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds") if value.tzinfo else value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(said(each) for each in value)
    return value.isoformat() if isinstance(value, date) else str(value)


def csv_file(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """Yield a CSV file in pieces; what is in memory is a piece, however many rows there are."""
    text = io.StringIO()
    writer = csv.writer(text)
    text.write(BOM)
    writer.writerow([defused(head) for head in heads])
    for row in rows:
        writer.writerow([_csv_cell(value) for value in row])
        if text.tell() >= PIECE:
            yield _taken(text)
    yield _taken(text)


def xlsx_file(heads: Sequence[str], rows: Iterable[Sequence[object]], *, title: str = "") -> Iterator[bytes]:
    """Yield an XLSX file in pieces. Its rows go to disk as they come, for it is sent only when whole."""
    from openpyxl import Workbook  # here: it takes a while to load, and most processes never need it

    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(re.sub(r"[\\/*?:\[\]]", " ", title)[:31] or "Export")
    sheet.append([_xlsx_cell(sheet, head) for head in heads])
    for row in rows:
        sheet.append([_xlsx_cell(sheet, value) for value in row])
    with tempfile.TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def file_of(
    form: str, heads: Sequence[str], rows: Iterable[Sequence[object]], *, title: str
) -> Iterator[bytes]:
    """Yield a file of either form in pieces."""
    return xlsx_file(heads, rows, title=title) if form == XLSX else csv_file(heads, rows)


def _is_unseen(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) in {"Cf", "Cc"}


def _csv_cell(value: object) -> str:
    number = isinstance(value, int | float | Decimal)
    return said(value) if number else defused(said(value).replace("\x00", ""))


def _taken(text: io.StringIO) -> bytes:
    piece = text.getvalue().encode("utf-8", "replace")
    text.seek(0)
    text.truncate()
    return piece


def _xlsx_cell(sheet: Any, value: object) -> Any:
    from openpyxl.cell import WriteOnlyCell

    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return value
    words = _NOT_XML.sub("", said(value))
    if len(words.encode("utf-16-le")) // 2 > LONGEST_CELL:
        words = words[: LONGEST_CELL // 2 - 1] + "…"
    cell: Any = WriteOnlyCell(sheet)
    cell._value, cell.data_type = words or None, "s" if words else "n"
    cell.quotePrefix = runs(words)
    return cell
