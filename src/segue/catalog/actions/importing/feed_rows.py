"""Indeed's XML feed of jobs: one <job> at a time, however long the feed is.

Source: https://docs.indeed.com/indeed-apply/xml-feed. The parser opens and expands nothing: a feed has
no business declaring entities, so one that brings a DOCTYPE is refused before it could.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from django.utils.translation import gettext as _

from segue.catalog.actions.importing.problems import MalformedFile

LONGEST_CELL = 1_000_000
_PIECE = 1 << 16
_DEEPEST = 12


class _Jobs:
    """Collects the jobs of what the parser has seen so far."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.EntityDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.found: list[tuple[int, dict[str, str]]] = []
        self._job: dict[str, str] | None = None
        self._line, self._depth, self._tag, self._words = 1, 0, "", ""

    def _doctype(self, *_said: object) -> None:
        raise MalformedFile(
            "entities_in_xml",
            _("This XML declares entities, which a feed of jobs has no use for."),
            line=self.parser.CurrentLineNumber,
            remedy=_("Export the feed again without a DOCTYPE."),
        )

    def _start(self, tag: str, _attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise MalformedFile(
                "bad_xml", _("This XML is nested too deeply."), line=self.parser.CurrentLineNumber
            )
        if tag == "job" and self._job is None:
            self._job, self._line = {}, self.parser.CurrentLineNumber
        self._tag, self._words = tag, ""

    def _text(self, words: str) -> None:
        if self._job is not None and self._tag:
            self._words += words
            if len(self._words) > LONGEST_CELL:
                raise MalformedFile(
                    "too_large",
                    _("A text here is longer than %d characters.") % LONGEST_CELL,
                    line=self.parser.CurrentLineNumber,
                    field=self._tag,
                )

    def _end(self, tag: str) -> None:
        self._depth -= 1
        if self._job is None:
            return
        if tag == "job":
            self.found.append((self._line, self._job))
            self._job = None
        elif tag == self._tag and self._words.strip():
            self._job[tag] = self._words.strip()
        self._tag = ""


def jobs_in_feed(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line, texts by tag) of each job. Raises MalformedFile."""
    jobs = _Jobs()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            _parse(jobs, piece)
            yield from jobs.found
            jobs.found.clear()
    _parse(jobs, b"", final=True)


def _parse(jobs: _Jobs, piece: bytes, *, final: bool = False) -> None:
    try:
        jobs.parser.Parse(piece, final)
    except expat.ExpatError as error:
        malformed = MalformedFile(
            "bad_xml",
            _("This is not XML: %s.") % expat.ErrorString(error.code),
            line=error.lineno,
            remedy=_("Export the feed again."),
        )
        raise malformed from error
