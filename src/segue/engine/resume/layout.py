"""What is read off a page: words with boxes, lines in reading order, and the document they make."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

BULLET = re.compile(r"^\s*(?:[•●▪◦‣∙·■□➢➤✓✔*–—o-]|\uf0b7|\uf0a7)\s+(?=\S)")


class Word(NamedTuple):
    """A word on a page: its box in points, y growing downwards, and how it is set."""

    x0: float
    top: float
    x1: float
    bottom: float
    text: str
    size: float = 10.0
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text. What the file does not tell (plain text has no sizes) stays at its default.

    `gap`: more room above it than lines of one paragraph have. `right`: where its column ends. `block`: the
    column or cell it stands in. A tab in the text is a leap across the page.
    """

    text: str
    size: float = 0.0
    bold: bool = False
    gap: bool = False
    x0: float = 0.0
    x1: float = 0.0
    right: float = 0.0
    block: int = 0
    heading: bool = False

    @property
    def is_bullet(self) -> bool:
        return BULLET.match(self.text) is not None


_ROW = re.compile(r"[^\n]*\n|[^\n]+")
_LEAP = re.compile(r"(?<=\S)[ \t\u00a0]{4,}(?=\S)")
MOST_READ = 200_000  # characters; no life takes more


@dataclass(frozen=True)
class Document:
    """A résumé as text, and its lines; `starts` says where each begins, in characters of `text`.

    >>> Document.of([Line("Ada"), Line("Nurse")]).span(1)
    (4, 9)
    """

    lines: Sequence[Line]
    text: str
    starts: Sequence[int] = field(repr=False)

    @classmethod
    def of(cls, lines: Iterable[Line]) -> Document:
        """Put lines together."""
        lines = tuple(lines)
        starts = [0, *accumulate(len(line.text) + 1 for line in lines)]
        return cls(lines, "\n".join(line.text for line in lines), starts)

    @classmethod
    def of_text(cls, text: str) -> Document:
        """Read plain text where it stands: an empty line is a gap, and four spaces in a row are a leap.

        >>> page = Document.of_text("Ada\\n\\n  Nurse")
        >>> [line.gap for line in page.lines], page.span(1)
        ([False, True], (7, 12))
        """
        text = _LEAP.sub(lambda white: "\t" * len(white.group()), text)
        lines, starts, gap = [], [], False
        for row in _ROW.finditer(text):
            bare = row.group().strip()
            if bare:
                starts.append(row.start() + row.group().index(bare[0]))
                lines.append(Line(bare, gap=gap))
            gap = not bare
        return cls(tuple(lines), text, [*starts, len(text) + 1])

    def span(self, index: int) -> tuple[int, int]:
        """Return where line `index` stands in the text, end exclusive."""
        return self.starts[index], self.starts[index] + len(self.lines[index].text)

    def line_at(self, position: int) -> int:
        """Return which line the character at `position` belongs to."""
        return min(bisect_right(self.starts, position) - 1, len(self.lines) - 1)
