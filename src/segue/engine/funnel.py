"""The ordered funnel: how many went through these steps, in this order, within this time.

A subject reaches step k when it has events e₁ < e₂ < … < eₖ, in the order of (at, id), where eⱼ serves step
j and eₖ lies no more than the window after e₁. Whatever else happened in between does not matter. One event
may be of use to several steps, but serves one step of a chain: the same kind named twice asks for two events.

How it is found in one pass a step: of all chains that reach a step by now, the one that *started latest*
can do all that any other can, for only its start bears on what may follow. So for every event the row of the
latest start of a chain of k steps up to there is a running maximum, and a step costs a few array operations.
Rows are used in place of times: they grow along the whole table, so a start that lies before a subject's
first row is somebody else's, and nothing leaks from one to the next.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Int64Array = NDArray[np.int64]
StepArray = NDArray[np.unsignedinteger]
RowArray = NDArray[np.intp]

MOST_STEPS = 8


def ordered_funnel(
    subject: Int64Array, steps: StepArray, at_us: Int64Array, order: Int64Array, n_steps: int, window_us: int
) -> Int64Array:
    """Count the subjects that reach each step: int64[n_steps], never growing from step to step.

    Arguments and errors are those of `chain_depths`.

    Ada is shown a card and clicks it an hour later; Eve clicks first:

    >>> hour = 3_600_000_000
    >>> subject = np.array([1, 1, 2, 2])
    >>> shown, clicked = 0b01, 0b10
    >>> steps = np.array([shown, clicked, clicked, shown], dtype=np.uint8)
    >>> at_us = np.array([0, hour, 0, hour])
    >>> ordered_funnel(subject, steps, at_us, np.arange(4), n_steps=2, window_us=hour)
    array([2, 1])
    >>> ordered_funnel(subject, steps, at_us, np.arange(4), n_steps=2, window_us=hour - 1)
    array([2, 0])
    """
    _, depth = chain_depths(subject, steps, at_us, order, n_steps, window_us)
    return reached(depth, n_steps)


def reached(depth: Int64Array, n_steps: int) -> Int64Array:
    """Turn how deep each subject came into how many reached each step: int64[n_steps].

    >>> reached(np.array([0, 1, 3, 3]), n_steps=3)
    array([3, 2, 2])
    """
    at_depth = np.bincount(depth, minlength=n_steps + 1)
    return at_depth[:0:-1].cumsum()[::-1].astype(np.int64)


def chain_depths(
    subject: Int64Array, steps: StepArray, at_us: Int64Array, order: Int64Array, n_steps: int, window_us: int
) -> tuple[Int64Array, Int64Array]:
    """Say of every subject how many of the steps it went through, in order and within the window.

    `subject` int64[n]: whose each event is. `steps` unsigned[n]: bit k set where the event serves step k
    (counted from 0; 0 serves none). `at_us` int64[n]: microseconds since any instant. `order` int64[n]: what
    settles which of two events of one microsecond came first (their ids).
    `n_steps`: 1 to 8. `window_us`: microseconds from the first step to the last, both edges included.

    Returns the m distinct subjects, ascending, int64[m], and how deep each came, int64[m], 0 to n_steps.
    Rows may come in any order; rows in order of (subject, at, order), or in a few such runs, come cheaper.
    Time O(n log n) where rows need sorting and O(n · n_steps) where not; memory a few words a row.

    Raises ValueError for arrays of unequal length, a signed or a negative number where none can be.

    >>> subject = np.array([7, 7, 7, 9])
    >>> steps = np.array([0b01, 0b01, 0b10, 0b10], dtype=np.uint8)
    >>> chain_depths(subject, steps, np.array([0, 50, 60, 0]), np.arange(4), n_steps=2, window_us=10)
    (array([7, 9]), array([2, 0]))
    """
    _refuse_nonsense(subject, steps, at_us, order, n_steps, window_us)
    if len(subject) == 0:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    rows = _order(subject, at_us, order)
    if rows is not None:
        subject, steps, at_us = subject[rows], steps[rows], at_us[rows]
    first_rows = _first_rows(subject)
    group = np.repeat(np.arange(len(first_rows)), np.diff(first_rows, append=len(subject)))
    depth = np.zeros(len(first_rows), dtype=np.int64)
    for step, chained in enumerate(_chains(steps, at_us, first_rows[group], n_steps, window_us)):
        depth[group[chained]] = step + 1
    return subject[first_rows], depth


def is_among(values: Int64Array, wanted: Int64Array) -> NDArray[np.bool_]:
    """Say of each value whether it is one of `wanted`, which is sorted: bool[n].

    >>> is_among(np.array([3, 4]), np.array([1, 3, 9]))
    array([ True, False])
    """
    if not len(wanted):
        return np.zeros(len(values), dtype=np.bool_)
    place = np.searchsorted(wanted, values)
    place[place == len(wanted)] = 0
    among: NDArray[np.bool_] = wanted[place] == values
    return among


def _chains(
    steps: StepArray, at_us: Int64Array, first_row: RowArray, n_steps: int, window_us: int
) -> list[RowArray]:
    """For each step the rows that end a chain up to it; `first_row` is the subject's, for each row."""
    found: list[RowArray] = []
    latest = np.zeros(0, dtype=np.intp)
    for step in range(n_steps):
        rows = np.flatnonzero(steps & steps.dtype.type(1 << step))
        if step == 0:
            starts = rows
        else:
            rows = rows[rows > 0]
            starts = latest[rows - 1]  # of chains that ended before this row: no event serves twice
            chained = starts >= first_row[rows]
            chained &= at_us[rows] - at_us[starts] <= window_us
            rows, starts = rows[chained], starts[chained]
        latest = np.full(len(steps), -1, dtype=np.intp)
        latest[rows] = starts
        np.maximum.accumulate(latest, out=latest)
        found.append(rows)
    return found


def _order(subject: Int64Array, at_us: Int64Array, order: Int64Array) -> RowArray | None:
    """Rows in the order of (subject, at, order); None when they lie so already.

    Files come sorted, one after another in time. Then sorting by subject alone, stably, settles nearly
    everything, and costs a twentieth of sorting by all three; who is still out of order is sorted afterwards.
    """
    if _out_of_order(subject, at_us, order).size == 0:
        return None
    rows = np.argsort(subject, kind="stable")
    by_subject = subject[rows]
    late = _out_of_order(by_subject, at_us[rows], order[rows])
    if late.size:
        theirs = np.flatnonzero(is_among(by_subject, np.unique(by_subject[late])))
        here = rows[theirs]
        rows[theirs] = here[np.lexsort((order[here], at_us[here], subject[here]))]
    return rows


def _out_of_order(subject: Int64Array, at_us: Int64Array, order: Int64Array) -> RowArray:
    """Rows that should not lie behind the row before them."""
    behind = subject[1:] < subject[:-1]
    same = subject[1:] == subject[:-1]
    behind |= same & (at_us[1:] < at_us[:-1])
    same &= at_us[1:] == at_us[:-1]
    behind |= same & (order[1:] < order[:-1])
    return np.flatnonzero(behind) + 1


def _first_rows(subject: Int64Array) -> RowArray:
    changes = np.empty(len(subject), dtype=np.bool_)
    changes[0] = True
    np.not_equal(subject[1:], subject[:-1], out=changes[1:])
    return np.flatnonzero(changes)


def _refuse_nonsense(
    subject: Int64Array, steps: StepArray, at_us: Int64Array, order: Int64Array, n_steps: int, window_us: int
) -> None:
    if not len(subject) == len(steps) == len(at_us) == len(order):
        raise ValueError("subject, steps, at_us and order must be equally long")
    if not np.issubdtype(steps.dtype, np.unsignedinteger):
        raise ValueError("steps must be unsigned: they are sets of bits")
    if not 1 <= n_steps <= MOST_STEPS:
        raise ValueError(f"n_steps must be 1 to {MOST_STEPS}")
    if window_us < 0:
        raise ValueError("window_us must not be negative")
