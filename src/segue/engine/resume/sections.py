"""Where a résumé's sections begin: by their headings' words, and by their look where the words are new."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from segue.engine.folding import fold
from segue.engine.resume.layout import Document, Line
from segue.engine.resume.tongues import sections

HEAD = "head"
OTHER = "other"
_LONGEST_WORDS = 6
_AND = re.compile(r"\s+(?:and|und|et|y|e|en|&)\s+|\s*[/&|]\s*")


@dataclass(frozen=True, slots=True)
class Section:
    """Lines [first, last) of one kind; `heading` is the line that says so, or -1."""

    kind: str
    heading: int
    first: int
    last: int


def sections_of(document: Document) -> list[Section]:
    """Cut a document into sections, in order; what stands before the first heading is the `head`.

    >>> page = Document.of_text("Ada Berg\\n\\nEXPERIENCE\\nNurse\\n\\nEducation:\\nBA")
    >>> [(s.kind, s.first, s.last) for s in sections_of(page)]
    [('head', 0, 1), ('experience', 2, 3), ('education', 4, 5)]
    """
    kinds = [heading_kind(line) for line in document.lines]
    looks = {_look(line) for line, kind in zip(document.lines, kinds, strict=True) if kind}
    looks = {look for look in looks if _stands_out(look, document.lines)}
    starts = [(i, kind or OTHER) for i, (line, kind) in enumerate(zip(document.lines, kinds, strict=True))
              if kind or (i > 0 and _look(line) in looks and _could_be_heading(line))]  # fmt: skip
    bounds = [(-1, HEAD), *starts]
    ends = [start for start, _ in starts] + [len(document.lines)]
    found = [Section(kind, at, at + 1, end) for (at, kind), end in zip(bounds, ends, strict=True)]
    return [section for section in found if section.last > section.first]


def heading_kind(line: Line) -> str:
    """Return which section a line opens, "" where it opens none.

    >>> tools = Line("Skills & Tools", bold=True)
    >>> heading_kind(Line("B E R U F S E R F A H R U N G")), heading_kind(tools), heading_kind(Line("Ada"))
    ('experience', 'skills', '')
    """
    text = line.text.strip(" \t:.–—-|_#*=■▪●")
    if not text or len(text) > 60 or len(text.split()) > 12 * 3:
        return ""
    if re.fullmatch(r"(?:\w[ \t])+\w", text):
        text = re.sub(r"(?<=\w)[ \t](?=\w)", "", text)
    folded = fold(" ".join(text.split()))
    known = sections()
    if folded in known and not line.is_bullet:
        return known[folded]
    if line.is_bullet or len(folded.split()) > _LONGEST_WORDS:
        return ""
    first = _AND.split(folded, maxsplit=1)[0]
    joined = first != folded and first in known and all(len(part) > 2 for part in _AND.split(folded))
    return known[first] if joined and (text.isupper() or line.bold or line.heading or line.gap) else ""


Look = tuple[float, bool, bool, bool]


def _look(line: Line) -> Look:
    return round(line.size, 0), line.bold, line.text.isupper(), line.heading


def _stands_out(look: Look, lines: Sequence[Line]) -> bool:
    """Say whether few lines look like this: only then does the look mean something."""
    same = sum(_look(line) == look for line in lines)
    return (look[2] or look[3] or look[1]) and same <= max(8, len(lines) // 6)


def _could_be_heading(line: Line) -> bool:
    words = line.text.split()
    is_plain = not re.search(r"[\d@,|\t•]", line.text) and len(words) <= 4
    return is_plain and line.gap and (line.text.isupper() or line.heading)
