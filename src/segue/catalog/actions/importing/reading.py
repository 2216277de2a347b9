"""A file of any known form, as rows: the form is told by the content, never by the name."""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from segue.catalog.actions.importing.csv_rows import Table, open_table
from segue.catalog.actions.importing.decoding import FileText, examine, repair
from segue.catalog.actions.importing.feed_rows import jobs_in_feed
from segue.catalog.actions.importing.json_rows import is_a, items_of, postings_in_page
from segue.catalog.actions.importing.problems import MalformedFile
from segue.catalog.sheet_files import sheet_reader
from segue.kit.spreadsheets import runs

LARGEST_JSON = 256 * 1024 * 1024
_SAMPLED = 200
_FORMULA = ("'=", "'+", "'-", "'@")
_IGNORED_KEYS = frozenset({"$schema", "meta", "@context", "@type"})


class RawRow(NamedTuple):
    """One row as the file has it: a flat record (`table`), or a `job_posting` or `json_resume` object."""

    line: int
    shape: str
    data: dict[str, Any]


@dataclass(frozen=True)
class Source:
    """An opened file; `rows()` may be walked as often as needed, from the start each time."""

    text: FileText
    form: str  # "csv" | "xlsx" | "json" | "page" | "xml"
    columns: tuple[str, ...] = ()
    table: Table | None = None
    items: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    feed: Path | None = None
    kept: Any = None  # the folder of a file of ours, there for as long as this is

    def rows(self) -> Iterator[RawRow]:
        """Yield the rows. Raises MalformedFile."""
        if self.table is not None:
            for line, cells in self.table.rows():
                yield RawRow(line, "table", {name: clean_cell(cell) for name, cell in cells.items()})
        elif self.feed is not None:
            for line, texts in jobs_in_feed(self.feed):
                yield RawRow(line, "table", {name: clean_cell(cell) for name, cell in texts.items()})
        else:
            for line, item in self.items:
                yield _shaped(line, item)


def open_source(path: Path) -> Source:
    """Tell what a file is and open it. Raises MalformedFile, naming the file."""
    try:
        return _open_sheet(path) if is_sheet(path) else _open(examine(path))
    except MalformedFile as malformed:
        malformed.file_name = path.name
        raise


def is_sheet(path: Path) -> bool:
    """Say whether a file is a spreadsheet in a zip, as .xlsx is."""
    if not path.is_file() or not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as package:
        return "xl/workbook.xml" in package.namelist()


def _open_sheet(path: Path) -> Source:
    """A spreadsheet is read as CSV by a process of its own; its rows are the lines of that."""
    folder = tempfile.TemporaryDirectory(prefix="segue-sheet-")
    place = Path(folder.name) / "sheet.csv"
    sheet_reader().as_csv(path, place)
    text = examine(place)
    table = open_table(text)
    return Source(replace(text, sha256=digest_of(path)), "xlsx", table.columns, table, kept=folder)


def digest_of(path: Path) -> str:
    """Return the hash of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _open_feed(text: FileText) -> Source:
    source = Source(text, "xml", feed=text.path)
    columns = dict.fromkeys(name for row in islice(source.rows(), _SAMPLED) for name in row.data)
    if not columns:
        raise MalformedFile(
            "no_job_posting", _("There is no <job> in this feed."), remedy=_("Export the feed again.")
        )
    return replace(source, columns=tuple(columns))


def _open(text: FileText) -> Source:
    with text.path.open(encoding=text.encoding) as handle:
        start = handle.read(4096).lstrip("\ufeff \t\r\n")
    if not start:
        raise MalformedFile("empty_file", _("The file is empty."), remedy=_("Export it again."))
    if start[0] not in "[{<":
        table = open_table(text)
        return Source(text, "csv", table.columns, table)
    if start.startswith(("<?xml", "<source")):
        return _open_feed(text)
    if text.size > LARGEST_JSON:
        raise MalformedFile("too_large", _("This JSON is over 256 MB."), remedy=_("Split it, or export CSV."))
    content = text.path.read_text(encoding=text.encoding)
    items = list(postings_in_page(content) if start[0] == "<" else items_of(content))
    shaped = (_shaped(line, item) for line, item in items[:_SAMPLED])
    columns = dict.fromkeys(name for row in shaped if row.shape == "table" for name in row.data)
    return Source(text, "page" if start[0] == "<" else "json", tuple(columns), None, items)


def _shaped(line: int, item: dict[str, Any]) -> RawRow:
    if is_a(item, "ListItem") and isinstance(item.get("item"), dict):
        item = item["item"]
    if is_a(item, "JobPosting"):
        return RawRow(line, "job_posting", clean_value(item))
    if isinstance(item.get("basics"), dict):
        return RawRow(line, "json_resume", clean_value(item))
    return RawRow(line, "table", flatten(clean_value(item)))


def flatten(item: dict[str, Any], prefix: str = "") -> dict[str, str]:
    """Make a nested record flat: `location.city`, lists joined line by line."""
    flat: dict[str, str] = {}
    for key, value in item.items():
        name = f"{prefix}{key}"
        if name in _IGNORED_KEYS:
            continue
        if isinstance(value, dict):
            flat |= flatten(value, f"{name}.")
        else:
            flat[name] = _as_text(value)
    return flat


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "\n".join(filter(None, (_as_text(part) for part in value)))
    if isinstance(value, dict):
        return "\n".join(filter(None, (_as_text(value.get(key)) for key in ("name", "keywords", "value"))))
    return str(value)


def clean_value(value: Any) -> Any:
    """Repair every text inside a JSON value."""
    if isinstance(value, str):
        return clean_cell(value)
    if isinstance(value, list):
        return [clean_value(part) for part in value]
    if isinstance(value, dict):
        return {clean_cell(str(key)): clean_value(part) for key, part in value.items()}
    return value


def clean_cell(cell: str) -> str:
    """Trim a cell, repair its encoding, and take off the apostrophe that defused a formula in an export."""
    if not cell.isascii():
        cell = repair(cell)
    cell = cell.strip()
    return cell[1:] if cell.startswith(_FORMULA) or (cell[:1] == "'" and runs(cell[1:])) else cell
