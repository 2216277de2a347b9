"""Lines that a page cut in two, joined again; headings and footers that every page repeats, said once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from segue.engine.resume.layout import BULLET, Line

_PAGE_NUMBER = re.compile(
    r"^\W*(?:page|seite|página|pagina|p\.|s\.)?\s*\d{1,3}\s*(?:(?:of|von|sur|de|van|/)\s*\d{1,3})?\W*$", re.I
)
_UNFINISHED = re.compile(
    r"(?:[,;:(&/–—-]|\b(?:and|or|und|oder|et|y|e|en|of|de|für|for|the|der|the|with|mit|à|a|van|da|do))$", re.I
)
_ALONE = re.compile(r"\t|@|://|www\.|\w\.\w{2,}/")  # an address or a row of a table stands alone
_PROSE = 60  # characters: nothing shorter needs two lines, unless it stands in a narrow column


def without_furniture(pages: Sequence[Sequence[Line]]) -> list[Line]:
    """Return the lines of all pages, without page numbers and without what later pages repeat.

    >>> pages = [[Line("Ada, page 1"), Line("Nurse")], [Line("Ada, page 2")]]
    >>> [line.text for line in without_furniture(pages)]
    ['Ada, page 1', 'Nurse']
    """
    edges = [_edge_keys(page) for page in pages]
    often = {
        key for key, pages_with in Counter(key for keys in edges for key in keys).items() if pages_with > 1
    }
    kept: list[Line] = []
    said: set[str] = set()
    for page, keys in zip(pages, edges, strict=True):
        for line in page:
            key = _key(line)
            is_repeated = key in often and key in keys and key in said
            said.add(key)
            if not (is_repeated or (key in keys and _PAGE_NUMBER.match(line.text))):
                kept.append(line)
    return kept


def _edge_keys(page: Sequence[Line]) -> set[str]:
    return {_key(line) for line in (*page[:3], *page[-3:])}


def _key(line: Line) -> str:
    return re.sub(r"\d+", "#", line.text)


def join_wrapped(lines: Iterable[Line]) -> list[Line]:
    """Join a line to the one before where only the edge of the column parts them.

    >>> cut = [Line("- wrote long", x1=99, right=100), Line("letters", x0=5, x1=40, right=100)]
    >>> [line.text for line in join_wrapped(cut)]
    ['- wrote long letters']
    """
    joined: list[Line] = []
    last: Line | None = None
    for line in lines:
        if last is not None and _goes_on(joined[-1], last, line):
            joined[-1] = replace(joined[-1], text=_put_together(joined[-1].text, line.text), x1=line.x1)
        else:
            joined.append(line)
        last = line
    return joined


def _put_together(start: str, rest: str) -> str:
    return start + rest if start.endswith("-") and rest[:1].islower() else f"{start} {rest}"


def _goes_on(whole: Line, last: Line, line: Line) -> bool:
    """Say whether `line` continues the paragraph `whole`, whose last line on the page is `last`."""
    if line.gap or line.block != last.block or line.is_bullet or not last.x1 or _ALONE.search(line.text):
        return False
    if abs(line.size - last.size) > 0.4 or line.bold != last.bold:
        return False
    first = line.text.split(" ", 1)[0]
    width = (line.x1 - line.x0) * (len(first) + 1) / max(len(line.text), 1)
    if last.x1 + width <= last.right:  # the next word would have fitted
        return False
    begins_low = line.text[:1].islower() or not line.text[:1].isalnum()
    if begins_low or _UNFINISHED.search(last.text):
        return True
    if whole.is_bullet:
        return line.x0 > whole.x0 + 1.0 or BULLET.match(whole.text) is not None
    return len(whole.text) > _PROSE
