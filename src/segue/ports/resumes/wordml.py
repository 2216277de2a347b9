"""WordprocessingML as lines: paragraphs in order, a table's row on one line where its first cell is one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TypeAlias
from xml.parsers import expat

from segue.engine.resume.layout import BULLET, Line
from segue.ports.resumes.refused import Refused

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main "
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main "
_FALLBACK = "http://schemas.openxmlformats.org/markup-compatibility/2006 Fallback"
_HEADING_STYLES = ("heading", "title", "berschrift", "titre", "titel", "titulo", "título", "kop", "titolo")
_OFF = frozenset({"0", "false", "none"})
_DEEPEST = 256
Attributes: TypeAlias = dict[str, str]


@dataclass(slots=True)
class _Paragraph:
    """A paragraph being read, with its run's look."""

    texts: list[str] = field(default_factory=list)
    bold: int = 0
    letters: int = 0
    size: float = 0.0
    is_listed: bool = False
    is_heading: bool = False
    is_spaced: bool = False
    run_bold: bool = False
    run_hidden: bool = False


@dataclass(frozen=True, slots=True)
class _Read:
    """A line and the table cell it is from: (row, cell), or (0, 0) outside tables."""

    line: Line
    row: int
    cell: int


def read_part(content: bytes, *, first_block: int = 0) -> list[Line]:
    """Return the lines of one part. Raises Refused."""
    reader = _PartReader(first_block)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    parser.buffer_text = True
    try:
        parser.Parse(content, True)
    except expat.ExpatError:
        raise Refused("broken") from None
    return _rows_joined(reader.found)


def _refuse_doctype(*_: object) -> None:
    raise Refused("broken")  # no word processor writes one; entities begin there


class _PartReader:
    """Keeps the place in the tree as the parser walks by."""

    def __init__(self, first_block: int) -> None:
        self.found: list[_Read] = []
        self.open: list[_Paragraph] = []  # a text box holds paragraphs inside a paragraph
        self.cells: list[tuple[int, int]] = []
        self.rows = 0
        self.block = first_block
        self.skipping = 0
        self.depth = 0
        self.in_text = False
        self.gap = False

    def start(self, name: str, attributes: Attributes) -> None:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise Refused("too_big")
        if self.skipping or name == _FALLBACK:
            self.skipping += 1
            return
        word = _local(name)
        if word == "p":
            self.open.append(_Paragraph())
        elif word == "tr":
            self.rows += 1
            self.cells.append((self.rows, 0))
        elif word == "tc" and self.cells:
            self.cells[-1] = (self.cells[-1][0], self.cells[-1][1] + 1)
            self.block += 1
        elif self.open:
            self._inside(word, {_local(key) or key: value for key, value in attributes.items()})

    def _inside(self, word: str, attributes: Attributes) -> None:
        paragraph, value = self.open[-1], attributes.get("val", "")
        if word == "t":
            self.in_text = True
        elif word in {"tab", "ptab"} and not attributes.get("pos"):
            paragraph.texts.append("\t")
        elif word in {"br", "cr"}:
            paragraph.texts.append("\n")
        elif word == "noBreakHyphen":
            paragraph.texts.append("-")
        elif word == "r":
            paragraph.run_bold = paragraph.run_hidden = False
        elif word == "b":
            paragraph.run_bold = value not in _OFF
        elif word == "vanish":
            paragraph.run_hidden = value not in _OFF
        elif word == "sz" and value.isdigit():
            paragraph.size = max(paragraph.size, int(value[:4]) / 2)
        else:
            _note_style(paragraph, word, value, attributes)

    def characters(self, text: str) -> None:
        if not (self.in_text and self.open) or self.skipping:
            return
        paragraph = self.open[-1]
        if paragraph.run_hidden:
            return
        paragraph.texts.append(text)
        paragraph.letters += len(text)
        paragraph.bold += len(text) * paragraph.run_bold

    def end(self, name: str) -> None:
        self.depth -= 1
        if self.skipping:
            self.skipping -= 1
            return
        word = _local(name)
        if word == "t":
            self.in_text = False
        elif word == "tr" and self.cells:
            self.cells.pop()
            self.block += 1
        elif word == "p" and self.open:
            self._write(self.open.pop())

    def _write(self, paragraph: _Paragraph) -> None:
        row, cell = self.cells[-1] if self.cells else (0, 0)
        rows = [" ".join(part.split(" ")).strip(" ") for part in "".join(paragraph.texts).split("\n")]
        texts = [text.strip("\t ") for text in rows if text.strip()]
        if not texts:
            self.gap = True
            return
        if paragraph.is_listed and not BULLET.match(texts[0]):
            texts[0] = f"• {texts[0]}"
        bold = 2 * paragraph.bold > paragraph.letters
        gap = self.gap or paragraph.is_spaced
        line = Line("", size=paragraph.size, bold=bold, block=self.block, heading=paragraph.is_heading)
        for number, text in enumerate(texts):
            self.found.append(_Read(replace(line, text=text, gap=gap and number == 0), row, cell))
        self.gap = False


def _note_style(paragraph: _Paragraph, word: str, value: str, attributes: Attributes) -> None:
    if word == "pStyle":
        style = value.lower()
        paragraph.is_heading = any(name in style for name in _HEADING_STYLES)
        paragraph.is_listed = paragraph.is_listed or "list" in style
        paragraph.is_spaced = paragraph.is_spaced or paragraph.is_heading
    elif word == "numPr":
        paragraph.is_listed = True
    elif word == "spacing":
        before = attributes.get("before", "")
        paragraph.is_spaced = paragraph.is_spaced or (before.isdigit() and int(before[:6]) >= 80)


def _local(name: str) -> str:
    """The name without Word's namespace; other namespaces' names mean nothing here."""
    for space in (_WORD, _STRICT):
        if name.startswith(space):
            return name[len(space) :]
    return ""


def _rows_joined(found: list[_Read]) -> list[Line]:
    """Put the first lines of a row's cells on one line, where its first cell has no more than that."""
    lines: list[Line] = []
    for row, group in groupby(found, key=lambda read: read.row):
        reads = list(group)
        first = [read for read in reads if read.cell == reads[0].cell]
        if row == 0 or len(first) > 1 or len(reads) == len(first):
            lines += [read.line for read in reads]
            continue
        head, rest = reads[0].line, [read.line for read in reads[1:]]
        single = len({read.cell for read in reads}) == len(reads)
        beside = rest if single else rest[:1]
        text = "\t".join([head.text, *(line.text for line in beside)])
        bold = head.bold or any(line.bold for line in beside)
        lines.append(replace(head, text=text, bold=bold, gap=True, block=beside[-1].block))
        lines += rest[len(beside) :]
    return lines
