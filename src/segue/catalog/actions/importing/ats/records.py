"""The objects of an export: one file or many, whole or in pages, in a folder or a zip.

A list of any length is read an object at a time; what is nested too deeply to be an export is refused.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from segue.catalog.actions.importing.ats.ashby import ASHBY
from segue.catalog.actions.importing.ats.greenhouse import GREENHOUSE
from segue.catalog.actions.importing.ats.lever import LEVER
from segue.catalog.actions.importing.ats.shapes import Record, System
from segue.catalog.actions.importing.ats.workable import WORKABLE
from segue.catalog.actions.importing.problems import MalformedFile

SYSTEMS = {system.name: system for system in (GREENHOUSE, LEVER, ASHBY, WORKABLE)}
LARGEST_PART = 512 * 1024 * 1024  # of a zip, unpacked
_PIECE = 1 << 20
_LONGEST_OBJECT = 32 * 1024 * 1024  # characters
_LISTS = ("candidates", "jobs", "applications", "opportunities", "postings", "data", "results")
_LOOKED_AT = 50
_DECODER = json.JSONDecoder()


@dataclass(frozen=True)
class Part:
    """A JSON file of an export."""

    name: str
    holder: Path
    is_zipped: bool

    def records(self) -> Iterator[tuple[int, Record]]:
        """Yield each object with its number in this file. Raises MalformedFile."""
        if not self.is_zipped:
            with (self.holder / self.name).open("rb") as file:
                yield from _records(file, self.name)
            return
        with zipfile.ZipFile(self.holder) as package, package.open(self.name) as file:
            yield from _records(file, self.name)


def parts_of(path: Path) -> list[Part]:
    """List the JSON files of a file, a folder or a zip, by name. Raises MalformedFile."""
    if path.is_dir():
        inside = sorted(p.relative_to(path).as_posix() for p in path.rglob("*.json") if p.is_file())
        return [Part(name, path, False) for name in inside]
    if not path.is_file():
        raise MalformedFile("missing_file", _("There is no such file."), remedy=_("Look at the path."))
    if not zipfile.is_zipfile(path):
        return [Part(path.name, path.parent, False)]
    with zipfile.ZipFile(path) as package:
        found = [entry for entry in package.infolist() if entry.filename.lower().endswith(".json")]
    if sum(entry.file_size for entry in found) > LARGEST_PART:
        raise MalformedFile("too_large", _("This zip unpacks to over 512 MB."), remedy=_("Split it."))
    return [Part(entry.filename, path, True) for entry in sorted(found, key=lambda entry: entry.filename)]


def system_of(path: Path, *, wanted: str = "") -> System | None:
    """Tell whose export this is by the first objects of each file; None where it is nobody's."""
    if wanted:
        return SYSTEMS[wanted]
    for part in parts_of(path):
        for number, record in part.records():
            found = [system for system in SYSTEMS.values() if system.kind_of(record)]
            if found:
                return found[0]
            if number >= _LOOKED_AT:
                break
    return None


def _records(file: IO[bytes], name: str) -> Iterator[tuple[int, Record]]:
    try:
        for number, item in enumerate(_objects(file), 1):
            if isinstance(item, dict):
                yield number, item
    except (ValueError, RecursionError) as error:
        malformed = MalformedFile(
            "bad_json",
            _("This is not JSON: %s.") % str(error)[:200],
            field=name,
            remedy=_("Export it again."),
        )
        raise malformed from error


def _objects(file: IO[bytes]) -> Iterator[Any]:
    """Yield the objects of a list, of a page that wraps one, of lines, or the one object there is."""
    feed = _Feed(file)
    if feed.peek() == "[":
        yield from feed.items()
        return
    while feed.peek():
        yield from _unwrapped(feed.take())


def _unwrapped(page: Any) -> Iterator[Any]:
    if isinstance(page, list):
        for item in page:
            yield from _unwrapped(item)
        return
    lists = [page[key] for key in _LISTS if isinstance(page, dict) and isinstance(page.get(key), list)]
    wraps = isinstance(page, dict) and lists and "id" not in page
    if not wraps:
        yield page
        return
    for items in lists:
        yield from items


class _Feed:
    """A file as text that is decoded an object at a time, with no more in memory than the longest of them."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._text = ""
        self._at = 0
        self._rest = b""
        self._ended = False

    def peek(self) -> str:
        """Return the next character that is no space, or "" at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in " \t\r\n\ufeff":
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def take(self) -> Any:
        """Decode the next value. Raises ValueError where it is broken off, or longer than any record is."""
        self.peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except ValueError:
                if len(self._text) - self._at > _LONGEST_OBJECT or not self._more():
                    raise
                continue
            if end == len(self._text) and self._more():
                continue  # a number may go on
            self._at = end
            return value

    def items(self) -> Iterator[Any]:
        """Yield the items of the list that begins here."""
        self._at += 1
        while (char := self.peek()) != "]":
            if not char:
                raise ValueError("the list is not closed")
            item = self.take()
            yield from _unwrapped(item)
            if self.peek() == ",":
                self._at += 1

    def _more(self) -> bool:
        if self._ended:
            return False
        raw = self._file.read(max(_PIECE, len(self._text) - self._at))  # doubling: no quadratic re-reading
        self._ended = not raw
        held = self._rest + raw
        try:
            text, self._rest = held.decode("utf-8"), b""
        except UnicodeDecodeError as error:
            if self._ended or error.start < len(held) - 4:
                raise
            text, self._rest = held[: error.start].decode("utf-8"), held[error.start :]
        self._text, self._at = self._text[self._at :] + text, 0
        return bool(raw)
