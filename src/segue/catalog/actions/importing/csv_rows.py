"""Delimited text: the delimiter found, every record with the line it starts on, strictly read."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext as _

from segue.catalog.actions.importing.decoding import FileText
from segue.catalog.actions.importing.problems import MalformedFile

LONGEST_CELL = 1_000_000
_DELIMITERS = ",;\t|"
_SAMPLE_LINES = 200


@dataclass(frozen=True, slots=True)
class Table:
    """A delimited file: its columns, and where its records begin."""

    text: FileText
    columns: tuple[str, ...]
    delimiter: str

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield (line, cells by column). Raises MalformedFile, naming line and column."""
        records = _records(self.text, self.delimiter)
        next(records, None)
        for line, cells in records:
            if len(cells) != len(self.columns):
                raise self._ragged(line, cells)
            yield line, dict(zip(self.columns, cells, strict=True))

    def _ragged(self, line: int, cells: list[str]) -> MalformedFile:
        expected, found = len(self.columns), len(cells)
        return MalformedFile(
            "ragged_row",
            _("This row has %(found)d cells where the header has %(expected)d.")
            % {"found": found, "expected": expected},
            line=line,
            field=self.columns[min(found, expected - 1)],
            remedy=_("Put quotes around cells that hold the delimiter, or fill in the missing cells."),
        )


def open_table(text: FileText) -> Table:
    """Find the delimiter and the header. Raises MalformedFile."""
    delimiter = _delimiter(text)
    _line, header = next(_records(text, delimiter), (1, []))
    if not any(cell.strip() for cell in header):
        raise MalformedFile(
            "empty_file", _("The file has no header."), remedy=_("Name the columns in the first row.")
        )
    return Table(text, _distinct(header), delimiter)


def _distinct(header: list[str]) -> tuple[str, ...]:
    names: list[str] = []
    for number, cell in enumerate(header, start=1):
        name = " ".join(cell.split()) or f"column {number}"
        names.append(f"{name} ({number})" if name in names else name)
    return tuple(names)


def _delimiter(text: FileText) -> str:
    """Take the delimiter that cuts the first records into the most columns, all of the same number."""
    with text.path.open(encoding=text.encoding, newline="") as handle:
        lines = list(islice(handle, _SAMPLE_LINES))
    if lines and lines[0].lower().startswith("sep=") and len(lines[0].strip()) == 5:
        return lines[0][4]
    return max(_DELIMITERS, key=lambda delimiter: _fit(lines, delimiter))


def _fit(lines: list[str], delimiter: str) -> tuple[float, int]:
    """Score a delimiter by the share of records as wide as the header, then by the width."""
    try:
        widths = [len(record) for record in csv.reader(lines, delimiter=delimiter) if record]
    except csv.Error:
        return 0.0, 0
    if not widths or widths[0] < 2:
        return 0.0, 0
    return sum(width == widths[0] for width in widths) / len(widths), widths[0]


class _Lines:
    """Feed lines to the reader, remembering those of the record being read."""

    def __init__(self, handle: Iterator[str]) -> None:
        self.handle = handle
        self.record: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self.handle)
        self.record.append(line)
        return line


def _records(text: FileText, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(LONGEST_CELL)
    with text.path.open(encoding=text.encoding, newline="") as handle:
        lines = _Lines(handle)
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        while True:
            start = reader.line_num + 1
            lines.record.clear()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise _broken(text, lines.record, delimiter, start, str(error)) from error
            declares_delimiter = (
                start == 1 and len(lines.record[0].strip()) == 5 and cells[0].startswith("sep=")
            )
            if any(cell.strip() for cell in cells) and not declares_delimiter:
                yield start, cells


def _broken(text: FileText, record: list[str], delimiter: str, start: int, why: str) -> MalformedFile:
    column, offset = _column_at_fault("".join(record), delimiter)
    line = start + "".join(record)[:offset].count("\n")
    names = _header_of(text, delimiter) if start > 1 else ()
    name = names[column] if column < len(names) else f"column {column + 1}"
    if "field larger" in why:
        message = (
            _("A cell opened here is longer than %d characters, or its quote is never closed.") % LONGEST_CELL
        )
    else:
        message = _("A quote opened here is never closed, or closes in the middle of a cell.")
    return MalformedFile(
        "unterminated_quote",
        message,
        line=line,
        field=name,
        remedy=_("Close the quote; inside a quoted cell, write each quote twice."),
    )


def _header_of(text: FileText, delimiter: str) -> tuple[str, ...]:
    return _distinct(next(_records(text, delimiter), (1, []))[1])


def _column_at_fault(record: str, delimiter: str) -> tuple[int, int]:
    """Walk the record as the reader does; return the column whose quoting fails, and where it opened."""
    column, quoted, closed, opened, at_start = 0, False, False, 0, True
    for offset, char in enumerate(record):
        if quoted:
            if char == '"':
                quoted, closed = False, True
        elif char == '"' and (at_start or closed):
            opened = offset if at_start else opened
            quoted, closed, at_start = True, False, False
        elif char == delimiter:
            column, closed, at_start = column + 1, False, True
        elif closed and char not in "\r\n":
            return column, opened
        else:
            at_start = False
    return column, opened
