"""Entries of a section (jobs held, studies): each hangs on its dates, with the lines that head it.

Nothing says whether a title stands above its employer or behind it, but a résumé does it the same way
throughout: every way of reading the heads is tried on all entries at once, and the one that makes the
most sense of all wins.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import permutations

from segue.engine.resume.dates import Stretch
from segue.engine.resume.layout import BULLET, Document
from segue.engine.resume.tongues import AT_WORDS

Scorer = Callable[[str], float]
_MOST_LINES = 3
_LONGEST_HEAD = 110
_ABBREVIATED = re.compile(r"(?:\b\w{1,4}\.|[.)]{2})$")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its dates, the lines that head it as (text, start in the document), and its whole span."""

    when: Stretch
    heads: tuple[tuple[str, int], ...]
    span: tuple[int, int]


CUTS = ("", "\t", "|", "dash", ",", "(")
CUTS_WITH_AT = (*CUTS, "at")  # "Nurse at North Clinic"; but "Grado en Historia" is one thing


@dataclass(frozen=True, slots=True)
class Sense:
    """What one kind of entry is about: how much a text looks like its what and its who, what is a place,
    and at which marks its heads may be cut.
    """

    what: Scorer
    who: Scorer
    is_place: Callable[[str], bool]
    cuts: tuple[str, ...] = CUTS


@dataclass(frozen=True, slots=True)
class Way:
    """One way to read heads: `what` and `who` are (line, part) after cutting lines with `cut`."""

    what: tuple[int, int]
    who: tuple[int, int]
    cut: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """An entry read: what it was (a title, a degree), at whom, and how well the way of reading fits."""

    entry: Entry
    what: str
    who: str
    fit: float
    margin: float
    is_usual: bool
    is_inherited: bool = False  # the employer is the one of the entry above


def entries_of(document: Document, first: int, last: int, whens: Sequence[Stretch]) -> list[Entry]:
    """Gather the lines that head each entry in lines [first, last); `whens` are positions in the document."""
    anchors = _anchors(document, first, last, whens)
    if not anchors:
        return []
    above = _lines_above(document, first, anchors[0][0])
    found = []
    for number, (top, bottom, when) in enumerate(anchors):
        floor = first if number == 0 else anchors[number - 1][1] + 1
        ceiling = last if number + 1 == len(anchors) else anchors[number + 1][0] - above
        begin = _first_head(document, max(floor, top - above), top)
        heads = _heads(document, begin, top, bottom, max(ceiling, bottom + 1), when)
        end = document.span(max(ceiling, bottom + 1) - 1)[1]
        found.append(Entry(when, tuple(heads), (document.starts[begin], end)))
    return found


def _anchors(
    document: Document, first: int, last: int, whens: Sequence[Stretch]
) -> list[tuple[int, int, Stretch]]:
    """Lines with dates, one stretch each; dates inside running text or bullets head nothing."""
    found: list[tuple[int, int, Stretch]] = []
    for when in whens:
        top, bottom = document.line_at(when.start_at), document.line_at(when.end_at - 1)
        if not first <= top < last or (found and found[-1][1] >= top):
            continue
        text = document.lines[top].text
        outside = len(text) - (when.end_at - when.start_at)
        if outside <= _LONGEST_HEAD:
            found.append((top, bottom, when))
    plain = [anchor for anchor in found if not document.lines[anchor[0]].is_bullet]
    return plain or found


def _lines_above(document: Document, first: int, anchor: int) -> int:
    """How many lines head an entry above its dates, as the first entry shows."""
    count = 0
    for index in range(anchor - 1, first - 1, -1):
        if not _is_head(document, index) or count == _MOST_LINES:
            break
        count += 1
        if document.lines[index].gap and index > first:
            break
    return count


def _first_head(document: Document, begin: int, top: int) -> int:
    """Skip what cannot head an entry: the last words of the one before."""
    for index in range(top - 1, begin - 1, -1):
        if not _is_head(document, index):
            return index + 1
    return begin


def _is_head(document: Document, index: int) -> bool:
    text = document.lines[index].text.strip()
    if BULLET.match(text) or len(text) > _LONGEST_HEAD or not text or text[0].islower():
        return False
    return not text.endswith((".", ";", ":")) or bool(_ABBREVIATED.search(text))


def _heads(
    document: Document, begin: int, top: int, bottom: int, ceiling: int, when: Stretch
) -> Iterator[tuple[str, int]]:
    for index in range(begin, top):
        yield document.lines[index].text, document.starts[index]
    start, end = document.starts[top], document.span(bottom)[1]
    before, behind = document.text[start : when.start_at], document.text[when.end_at : end]
    rest = _tidied(before) + ("\t" if _tidied(before) and _tidied(behind) else "") + _tidied(behind)
    if rest:
        yield rest, start
    for taken, index in enumerate(range(bottom + 1, ceiling)):
        if taken == 2 or not _is_head(document, index) or (taken and document.lines[index].gap):
            break
        yield document.lines[index].text, document.starts[index]


def _tidied(text: str) -> str:
    """Take off what only parted a text from its dates: brackets, dashes, bars."""
    text = re.sub(r"\(\s*\)?\s*$|^\s*\)", "", text)
    text = BULLET.sub("", text)
    return text.strip(" \t\n,;:|•·–—-/").removesuffix("(").strip()


def parse_entries(entries: Sequence[Entry], sense: Sense) -> list[Parsed]:
    """Read the heads of all entries in the way that suits them best together."""
    if not entries:
        return []
    totals: dict[Way, list[float]] = {}
    scored = [_ways(entry, sense) for entry in entries]
    for ways in scored:
        for way, (score, _, _) in ways.items():
            totals.setdefault(way, []).append(score)
    ranked = sorted(
        totals, key=lambda way: (-sum(totals[way]) - 0.6 * (len(totals[way]) - len(entries)), way.cut)
    )
    return [
        _best(entry, ways, ranked, totals, len(entries)) for entry, ways in zip(entries, scored, strict=True)
    ]


_Scored = dict[Way, tuple[float, str, str]]


def _best(
    entry: Entry, ways: _Scored, ranked: Sequence[Way], totals: dict[Way, list[float]], count: int
) -> Parsed:
    usual = ranked[0] if ranked else None
    if usual is not None and usual in ways:
        score, what, who = ways[usual]
        rival = max((s for way, (s, w, o) in ways.items() if (w, o) != (what, who)), default=-2.0)
        return Parsed(entry, what, who, sum(totals[usual]) / count, score - rival, True)
    if ways:
        way = max(ways, key=lambda way: ways[way][0])
        score, what, who = ways[way]
        return Parsed(entry, what, who, score, 0.0, False)
    text = entry.heads[0][0] if entry.heads else ""
    return Parsed(entry, text, "", -1.0, 0.0, False)


def _ways(entry: Entry, sense: Sense) -> _Scored:
    """Every way to read this entry's heads, with its score and what comes of it."""
    lines = [text for text, _ in entry.heads][: _MOST_LINES + 2]
    found: _Scored = {}
    for cut in sense.cuts:
        parts = [_cut(line, cut) for line in lines]
        slots = [(i, j) for i, row in enumerate(parts) for j in range(min(len(row), 3))]
        for a, b in permutations(slots, 2):
            if (a[0] != b[0]) == bool(cut):  # whole lines stand for themselves, parts belong to one line
                continue
            first = _without_place(parts[a[0]][a[1]], sense.is_place)
            second = _without_tail(_without_place(parts[b[0]][b[1]], sense.is_place), sense)
            score = sense.what(first) + sense.who(second) + _prior(a, b, cut)
            score -= 1.5 * (sense.is_place(first) + sense.is_place(second))
            found[Way(a, b, cut)] = (score, first, second)
    return found


def _prior(a: tuple[int, int], b: tuple[int, int], cut: str) -> float:
    """A title usually comes first and near; a comma is the weakest of cuts."""
    prior = 0.15 if a < b else 0.0
    prior -= 0.12 * abs(a[0] - b[0]) + 0.1 * (a[0] + b[0]) + 0.08 * (a[1] + b[1])
    return prior - {",": 0.25, "at": 0.1, "dash": 0.05}.get(cut, 0.0)


def _cut(line: str, cut: str) -> list[str]:
    if not cut:
        return [line.replace("\t", " ")] if "\t" not in line else [line.split("\t", maxsplit=1)[0]]
    return [part.strip() for part in _cut_pattern(cut).split(line) if part.strip()]


@cache
def _cut_pattern(cut: str) -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in sorted(AT_WORDS.split("|"), key=len, reverse=True))
    return re.compile(
        {
            "\t": r"\t+",
            "|": r"\s*[|•·/]\s+|\t+",
            "dash": r"\s+[-–—]\s+|\t+",
            ",": r",\s+(?!(?:Inc|LLC|Ltd|S\.|SA\b|SL\b|Lda|GmbH|AG\b))|\t+",
            "at": rf",?\s+(?:{words})\s+(?=[^\W\d_])|\s+@\s+|\t+",
            "(": r"\s*[()]\s*|\t+",
        }[cut]
    )


def _without_place(text: str, is_place: Callable[[str], bool]) -> str:
    """Take a place off the end: "Klinikum Nord, Berlin" is the Klinikum Nord."""
    text = text.strip(" ,;|–—-")
    for separator in (", ", " | ", " · ", " – ", " - ", " — ", " ("):
        head, found, tail = text.rpartition(separator)
        if found and head and is_place(tail.strip(" )")):
            return _without_place(head, is_place)
    return text


def _without_tail(text: str, sense: Sense) -> str:
    """Take a town nobody told us of off an employer: capitalised words after a last comma."""
    head, comma, tail = text.rpartition(", ")
    is_town = bool(re.fullmatch(r"(?:[^\W\d_][\w'’.-]*[ ]?){1,3}", tail)) and tail[:1].isupper()
    if comma and head and is_town and sense.what(tail) <= 0.01 and sense.who(tail) <= 0.01:
        return head
    return text
