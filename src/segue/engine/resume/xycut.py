"""Reading order: a page is cut along its white gutters until only lines are left.

After the recursive XY-cut of Nagy and Seth (1984), with two additions. A gutter may end where a line runs
across it, so a page can begin wide and go on in columns. And a gutter between a column of short cells
that begin level with what stands beside them parts the cells of a table, which is read row by row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from segue.engine.folding import fold
from segue.engine.resume.layout import Line, Word
from segue.engine.resume.tongues import TO, months, phrases

Words = Sequence[Word]
_GUTTER_EM = 0.9  # a white column this wide through several rows parts columns
_LEAP_EM = 1.6  # so much white inside one row is no word space
_DEEPEST = 12
_LONGEST_LONE = 40  # rows of one column before a second is no longer looked for
_YEAR = re.compile(r"(?:19|20)\d\d")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


@dataclass(frozen=True, slots=True)
class Row:
    """Words that stand level."""

    words: tuple[Word, ...]

    @property
    def top(self) -> float:
        return min(word.top for word in self.words)

    @property
    def bottom(self) -> float:
        return max(word.bottom for word in self.words)


def lines_of_page(words: Words, *, first_block: int = 0) -> list[Line]:
    """Put the words of one page into lines, in reading order.

    >>> page = [Word(300, 0, 340, 10, "right"), Word(0, 1, 40, 11, "left"), Word(0, 13, 40, 23, "below"),
    ...         Word(300, 12, 340, 22, "too"), Word(0, 25, 40, 35, "third")]
    >>> [line.text for line in lines_of_page(page)]
    ['left', 'below', 'third', 'right', 'too']
    """
    cutter = _Cutter(first_block)
    cutter.cut(tuple(word for word in words if word.text.strip()), 0)
    return _with_gaps(cutter.found)


@dataclass(frozen=True, slots=True)
class _Set:
    """A line as set on the page, with its height there."""

    line: Line
    top: float
    bottom: float


class _Cutter:
    """Collects lines while it cuts; each uncut region is a block."""

    def __init__(self, first_block: int) -> None:
        self.block = first_block
        self.found: list[_Set] = []

    def cut(self, words: Words, depth: int) -> None:
        """Read a region: runs of rows that share a gutter are cut along it, other rows are lines."""
        rows = rows_of(words)
        for run, gutter in _runs(rows):
            if gutter is None or depth >= _DEEPEST:
                self._write(run)
            else:
                self._cut_along(run, gutter, depth)

    def _cut_along(self, run: Sequence[Row], gutter: float, depth: int) -> None:
        words = [word for row in run for word in row.words]
        left = [word for word in words if word.x1 <= gutter]
        right = [word for word in words if word.x1 > gutter]
        starts = _row_starts(left, right)
        if not starts:
            for side in (left, right):
                self.block += 1
                self.cut(side, depth + 1)
            self.block += 1
            return
        for band_left, band_right in _bands(left, right, starts):
            self._write_band(band_left, band_right, depth)

    def _write_band(self, left: Words, right: Words, depth: int) -> None:
        """A table's row: one line where its first cell is one, else cell after cell."""
        before = len(self.found)
        self.cut(left, depth + 1)
        middle = len(self.found)
        self.cut(right, depth + 1)
        cells, beside = self.found[before:middle], self.found[middle:]
        if not (cells and beside) or min(len(cells), len(beside)) > 1 or not _level(cells[0], beside[0]):
            return
        joined = _joined(cells[0], beside[0])
        self.found[before:] = [joined, *cells[1:], *beside[1:]]

    def _write(self, rows: Sequence[Row]) -> None:
        self.block += 1
        lines = [_line(row, self.block) for row in rows]
        right = max((line.x1 for line in lines), default=0.0)
        self.found += [
            _Set(replace(line, right=right), row.top, row.bottom)
            for line, row in zip(lines, rows, strict=True)
        ]


def rows_of(words: Words) -> list[Row]:
    """Group words that stand level, top to bottom; a word joins the row its middle lies in."""
    rows: list[list[Word]] = []
    bounds: list[tuple[float, float]] = []
    for word in sorted(words, key=lambda word: (word.top + word.bottom, word.x0)):
        middle = (word.top + word.bottom) / 2
        if bounds and bounds[-1][0] <= middle <= bounds[-1][1]:
            rows[-1].append(word)
            core = (word.top + 0.25 * (word.bottom - word.top), word.bottom - 0.25 * (word.bottom - word.top))
            bounds[-1] = (min(bounds[-1][0], core[0]), max(bounds[-1][1], core[1]))
        else:
            height = word.bottom - word.top
            rows.append([word])
            bounds.append((word.top + 0.2 * height, word.bottom - 0.2 * height))
    return [Row(tuple(sorted(row, key=lambda word: word.x0))) for row in rows]


def _runs(rows: Sequence[Row]) -> Iterator[tuple[list[Row], float | None]]:
    """Part rows into runs that share one gutter, and runs without."""
    plain: list[Row] = []
    at = 0
    while at < len(rows):
        run, gutter = _longest_run(rows, at)
        if gutter is None:
            plain.append(rows[at])
            at += 1
            continue
        if plain:
            yield plain, None
            plain = []
        yield run, gutter
        at += len(run)
    if plain:
        yield plain, None


def _longest_run(rows: Sequence[Row], at: int) -> tuple[list[Row], float | None]:
    """The longest run from `at` that keeps a gutter with something on either side of it on one height."""
    em = median(word.size for row in rows[at : at + 5] for word in row.words)
    covered: list[tuple[float, float]] = []
    best: tuple[list[Row], float | None] = ([], None)
    for end in range(at, len(rows)):
        covered = _covered([*covered, *((word.x0, word.x1) for word in rows[end].words)], em * 0.55)
        gap = _widest_gap(covered)
        if gap is None and end > at and (best[1] is not None or end - at > _LONGEST_LONE):
            break
        if gap is None:
            continue
        wide = gap[1] - gap[0]
        if wide < em * _GUTTER_EM:
            break
        run = list(rows[at : end + 1])
        if wide >= em * (_GUTTER_EM if len(run) > 2 else _LEAP_EM):
            best = (run, (gap[0] + gap[1]) / 2)
    run, gutter = best
    if gutter is None or len(run) < 2 or not _is_shared(run, gutter):
        return [], None
    return run, gutter


def _is_shared(run: Sequence[Row], gutter: float) -> bool:
    """Say whether the run begins left of the gutter, and its sides ever stand beside each other."""
    left = [row for row in run if any(word.x1 <= gutter for word in row.words)]
    right = [row for row in run if any(word.x1 > gutter for word in row.words)]
    if not left or left[0] is not run[0]:
        return False
    return any(a is b or _overlap(a, b) for a in left for b in right)


def _covered(spans: list[tuple[float, float]], slack: float) -> list[tuple[float, float]]:
    """Merge spans that touch or nearly do."""
    merged: list[tuple[float, float]] = []
    for low, high in sorted(spans):
        if merged and low - merged[-1][1] <= slack:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return merged


def _widest_gap(covered: Sequence[tuple[float, float]]) -> tuple[float, float] | None:
    gaps = [(left[1], right[0]) for left, right in pairwise(covered)]
    return max(gaps, key=lambda gap: gap[1] - gap[0], default=None)


def _row_starts(left: Words, right: Words) -> list[float]:
    """Where the rows of a table begin, or nothing where these are columns to be read one by one.

    Each cell of the sparser side must begin level with something beside it, or have nothing beside it (a
    heading between two rows). And the cells must be dates, or few lines that begin where blocks begin.
    """
    sides = rows_of(left), rows_of(right)
    if not all(sides):
        return []
    keys, beside = sorted(sides, key=lambda side: (_dated_share(side) < 0.4, len(side)))
    cells = _cells(keys, beside)
    level = [cell for cell in cells if _begins_at(cell, beside)]
    alone = [cell for cell in cells if not any(_overlap(row, other) for row in cell for other in beside)]
    if not level or len(level) + len(alone) < 0.9 * len(cells):
        return []
    starts = [cell[0].top for cell in cells]
    dated = sum(any(_YEAR.search(word.text) for row in cell for word in row.words) for cell in level)
    if dated >= 0.6 * len(level):
        return starts
    blocks = [cell[0] for cell in _cells(beside, [])]
    at_block = sum(_begins_at(cell, blocks) for cell in level)
    is_table = len(level) > 1 and at_block >= 0.9 * len(level) and max(map(len, level)) <= 2
    return starts if is_table or (len(keys) == 1 and len(beside) < 4) else []


def _dated_share(rows: Sequence[Row]) -> float:
    return sum(_date_state([row]) != "none" for row in rows) / len(rows)


def _begins_at(cell: Sequence[Row], rows: Sequence[Row]) -> bool:
    slack = 0.35 * (cell[0].bottom - cell[0].top)
    return any(abs(row.top - cell[0].top) <= slack for row in rows)


def _overlap(row: Row, other: Row) -> bool:
    return min(row.bottom, other.bottom) - max(row.top, other.top) > 0.2 * (row.bottom - row.top)


def _cells(rows: Sequence[Row], beside: Sequence[Row]) -> list[list[Row]]:
    """Part one column's rows where more white lies between them than usual, one is alone on its height, or a
    date is complete: what stands level below it belongs to the next cell.
    """
    cells: list[list[Row]] = []
    for row in rows:
        is_near = cells and row.top - cells[-1][-1].bottom <= 0.45 * (row.bottom - row.top)
        if not is_near or (
            beside and (_turns(cells[-1][-1], row, beside) or _dates_part(cells[-1], row, beside))
        ):
            cells.append([row])
        else:
            cells[-1].append(row)
    return cells


def _turns(last: Row, row: Row, beside: Sequence[Row]) -> bool:
    """Say whether of two rows of a column only one has something beside it, and they look different."""
    has = [any(_overlap(each, other) for other in beside) for each in (last, row)]
    looks = [(round(each.words[0].size), each.words[0].bold) for each in (last, row)]
    return has[0] != has[1] and looks[0] != looks[1]


def _dates_part(cell: Sequence[Row], row: Row, beside: Sequence[Row]) -> bool:
    """Say whether a row begins a cell of its own, judged by the dates in it and above it."""
    above, here = _date_state(cell), _date_state([row])
    return _begins_at([row], beside) and (above == "whole" or (above == "none" and here != "none"))


def _date_state(rows: Sequence[Row]) -> str:
    """Say whether rows hold no date (`none`), a whole stretch of time (`whole`), or part of one (`open`)."""
    text = fold(" ".join(word.text for row in rows for word in row.words))
    years = len(_YEAR.findall(text))
    tokens = re.findall(r"[^\W\d_]+|\d+|[-–—]", text)
    last = tokens[-1] if tokens else ""
    if not years:
        return "open" if last in months() else "none"
    is_cut = last in months() or last in phrases(TO) or last in "-–—"
    has_dash = re.search(r"\d\s*[-–—]|[-–—]\s*\d", re.sub(r"\d{4}-\d\d\b", "2000", text))
    return "open" if years == 1 and is_cut and (has_dash or last not in months()) else "whole"


def _bands(left: Words, right: Words, starts: Sequence[float]) -> Iterator[tuple[list[Word], list[Word]]]:
    """Part both sides at the starts of the table's rows."""
    edges = [float("-inf"), *(start - 2.0 for start in starts), float("inf")]
    for low, high in pairwise(edges):
        sides = [[w for w in side if low <= (w.top + w.bottom) / 2 - 4.0 < high] for side in (left, right)]
        if any(sides):
            yield sides[0], sides[1]


def _level(left: _Set, right: _Set) -> bool:
    return abs(left.top - right.top) <= 0.5 * max(left.bottom - left.top, 1.0)


def _joined(left: _Set, right: _Set) -> _Set:
    line = replace(
        left.line,
        text=f"{left.line.text}\t{right.line.text}",
        bold=left.line.bold or right.line.bold,
        size=max(left.line.size, right.line.size),
        x1=right.line.x1,
        right=right.line.right,
        block=right.line.block,
    )
    return _Set(line, min(left.top, right.top), max(left.bottom, right.bottom))


def _line(row: Row, block: int) -> Line:
    """Write a row out; where it leaps, a tab."""
    words = _in_script_order(row.words)
    parts = [words[0].text]
    for last, word in pairwise(words):
        white = max(word.x0 - last.x1, last.x0 - word.x1)
        parts.append(("\t" if white > _LEAP_EM * word.size else " ") + word.text)
    letters = [(len(word.text), word) for word in words]
    size = max(letters, key=lambda pair: pair[0])[1].size
    bold = sum(n for n, word in letters if word.bold) > 0.5 * sum(n for n, _ in letters)
    x0, x1 = min(word.x0 for word in words), max(word.x1 for word in words)
    return Line("".join(parts), size=size, bold=bold, x0=x0, x1=x1, right=x1, block=block)


def _in_script_order(words: Words) -> list[Word]:
    """Left to right, and from right to left where the line is written so."""
    turned = sum(len(word.text) for word in words if _RIGHT_TO_LEFT.search(word.text))
    backwards = 2 * turned > sum(len(word.text) for word in words)
    return sorted(words, key=lambda word: word.x0, reverse=backwards)


def _with_gaps(found: Sequence[_Set]) -> list[Line]:
    """Mark the lines with more room above them than is usual on this page."""
    if not found:
        return []
    steps = [(below.top - above.top) / max(above.bottom - above.top, 1.0) for above, below in pairwise(found)]
    usual = median([step for step in steps if 0 < step < 2.2] or [1.2])
    gaps = [False, *(not 0 < step <= 1.3 * usual for step in steps)]
    return [replace(entry.line, gap=gap) for entry, gap in zip(found, gaps, strict=True)]
