"""The guard: no history and no feature may read an act that is held out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segue.engine.splits import Split, first_acts
from segue.engine.task import FloatArray, IntArray, Log

# A feature made from counts may be scaled or logged; below this many moved rows a line fits anything.
_MOVED_FOR_A_LINE, _MOVED_FOR_EQUALITY = 8, 3
_NAMED_FOR_A_LEAK, _SHARE_NAMED = 3, 0.5


class Leak(ValueError):
    """Something reads a held-out act: `what` (the log or a column's name) and `row` (the first, or -1)."""

    def __init__(self, message: str, *, what: str, row: int = -1) -> None:
        super().__init__(message)
        self.what = what
        self.row = row


def check_log(split: Split, *, ties_are_leaks: bool = False) -> None:
    """Raise `Leak` where the history holds a held-out pair, or a person's act after one held out of theirs.

    Times are compared where the split knows them. Another act at the very same moment is a leak only if
    `ties_are_leaks`: dates without hours tie for no fault of theirs.

    >>> train = Log.of([0], [1], [5.0], people=1, jobs=3)
    >>> check_log(Split(train, np.array([0]), np.array([2]), np.array([4.0])))
    Traceback (most recent call last):
    ...
    segue.engine.leakage.Leak: an act lies after one that is held out
    """
    log = split.train
    held = np.isin(log.person * log.jobs + log.job, split.person * log.jobs + split.job)
    if held.any():
        raise Leak("a held-out act is in the history", what="log", row=int(log.person[held][0]))
    from_day = np.full(log.people, np.inf)
    known = np.isfinite(split.day)
    np.minimum.at(from_day, split.person[known], split.day[known])
    late = log.day > from_day[log.person]
    if ties_are_leaks:
        late |= log.day == from_day[log.person]
    if late.any():
        words = "at or after" if ties_are_leaks else "after"
        raise Leak(f"an act lies {words} one that is held out", what="log", row=int(log.person[late][0]))


def check_same(name: str, used: NDArray[Any], without_test: NDArray[Any]) -> None:
    """Raise `Leak` where a feature as used differs from the same one made with held-out acts withheld.

    `used`, `without_test`: number[n] or number[n, F] of equal shapes; NaN equals NaN.

    >>> check_same("views", np.array([1.0, 2.0]), np.array([1.0, 2.0]))
    """
    if used.shape != without_test.shape:
        raise Leak(f"{name!r} changes its shape when the held-out acts are withheld", what=name)
    differs = ~np.isclose(used, without_test, rtol=1e-6, atol=1e-9, equal_nan=True)
    if differs.any():
        row = int(np.argwhere(differs)[0][0])
        raise Leak(f"{name!r} changes when the held-out acts are withheld", what=name, row=row)


def check_columns(
    columns: Mapping[str, NDArray[Any]],
    with_test: Log,
    train: Log,
    *,
    of_jobs: bool,
) -> None:
    """Raise `Leak` for a numeric column that can only have been counted with the held-out acts.

    Each number we know how to count from a log (acts, their weight, first and last day) is counted with
    and without them. A column that follows the first, and not the second, reads the test: equal to it in
    every row, or on a straight line of it or of its logarithm.
    `columns`: number[rows], NaN unknown; `of_jobs` says whose rows they are.

    >>> train = Log.of([0, 1, 2], [0, 1, 2], [1.0, 1.0, 1.0], people=3, jobs=3)
    >>> both = Log.of([0, 1, 2, 0, 1, 2, 2], [0, 1, 2, 1, 2, 0, 1], [1.0] * 7, people=3, jobs=3)
    >>> check_columns({"views": np.array([2.0, 3.0, 2.0])}, both, train, of_jobs=True)
    Traceback (most recent call last):
    ...
    segue.engine.leakage.Leak: 'views' counts acts that are held out
    """
    numbers = {name: column for name, column in columns.items() if column.dtype.kind == "f"}
    counted = list(zip(_counts(with_test, of_jobs), _counts(train, of_jobs), strict=True)) if numbers else []
    for name, column in numbers.items():
        for full, part in counted:
            if _follows(column, full, part):
                moved = np.flatnonzero(_moved(column, full, part))
                raise Leak(f"{name!r} counts acts that are held out", what=name, row=int(moved[0]))


def _counts(log: Log, of_jobs: bool) -> Iterator[FloatArray]:
    for one in (log, first_acts(log)):
        row, size = (one.job, one.jobs) if of_jobs else (one.person, one.people)
        yield np.bincount(row, minlength=size).astype(np.float64)
        yield np.bincount(row, one.weight, minlength=size).astype(np.float64)
    row, size = (log.job, log.jobs) if of_jobs else (log.person, log.people)
    last, first = np.full(size, -np.inf), np.full(size, np.inf)
    np.maximum.at(last, row, log.day)
    np.minimum.at(first, row, log.day)
    yield np.where(np.isfinite(last), last, np.nan)
    yield np.where(np.isfinite(first), first, np.nan)


def _moved(column: FloatArray, full: FloatArray, part: FloatArray) -> NDArray[np.bool_]:
    unknown = np.isnan(full) & np.isnan(part)
    return np.isfinite(column) & ~unknown & ~np.isclose(full, part, equal_nan=True)


def _follows(column: FloatArray, full: FloatArray, part: FloatArray) -> bool:
    moved = _moved(column, full, part)
    known = np.isfinite(column) & np.isfinite(full)
    if moved.sum() < _MOVED_FOR_EQUALITY:
        return False
    if np.allclose(column[known], full[known], rtol=1e-6):
        return True
    if moved.sum() < _MOVED_FOR_A_LINE:
        return False
    before = np.where(np.isnan(part), 0.0, part)
    for shape in (lambda x: x, np.log1p, np.log):
        with np.errstate(divide="ignore", invalid="ignore"):
            left_full, left_part = (_unexplained(column[known], shape(x[known])) for x in (full, before))
        if left_full < 1e-3 and left_full < left_part / 10:
            return True
    return False


def _unexplained(column: FloatArray, by: FloatArray) -> float:
    """1 − R² of a straight line; 1 where there is none."""
    usable = np.isfinite(by)
    x, y = by[usable], column[usable]
    if len(x) < _MOVED_FOR_A_LINE or np.ptp(x) == 0 or np.ptp(y) == 0:
        return 1.0
    return float(1.0 - np.corrcoef(x, y)[0, 1] ** 2)


def check_names(columns: Mapping[str, NDArray[Any]], row: IntArray, answer: Sequence[str]) -> None:
    """Raise `Leak` for a column whose cells name the held-out answers: half of them, and at least three.

    `row`: int64[m], the table's row of each held-out act; `answer`: the other side's id. Cells are read as
    lists split by ";".

    >>> column = np.array(["j1", "j2", "j3"], dtype=object)
    >>> check_names({"last_viewed": column}, np.arange(3), ["j1", "j2", "j3"])
    Traceback (most recent call last):
    ...
    segue.engine.leakage.Leak: 'last_viewed' names what is held out
    """
    for name, column in columns.items():
        if column.dtype.kind == "O":
            named = [answer[i] in _parts(column[row[i]]) for i in range(len(row))]
        else:
            named = [_plain(column[row[i]]) == answer[i] for i in range(len(row))]
        if sum(named) >= max(_NAMED_FOR_A_LEAK, _SHARE_NAMED * len(row)):
            raise Leak(f"{name!r} names what is held out", what=name, row=int(row[named.index(True)]))


def _parts(cell: Any) -> set[str]:
    return {part.strip() for part in str(cell).split(";")}


def _plain(number: float) -> str:
    return str(int(number)) if np.isfinite(number) and number == int(number) else str(number)
