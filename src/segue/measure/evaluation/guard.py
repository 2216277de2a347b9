"""The leakage guard at the files: what the engine finds, said with file, column, row and remedy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from segue.engine.leakage import Leak, check_columns, check_log, check_names
from segue.engine.splits import Split, first_acts
from segue.engine.task import Log, Table
from segue.kit.errors import Invalid
from segue.measure.evaluation.features import TEXTS, table_ids
from segue.measure.evaluation.sheets import Sheet

_CUT = (
    "Leave out of --train what a person did at or after their test act; where the split was drawn without"
    " regard to time, say --split random."
)
_WITHHOLD = "Make the column anew without the test acts, or leave it out."


class LeakFound(Invalid):
    """The history or a feature reads a held-out act: figures would be worth nothing, so there are none."""

    code = "leak"


def check_overlap(train: Log, test: Log, *, file: str, people: Sequence[str], timed: bool) -> int:
    """How many held-out pairs the history knows already, where it may.

    Raises LeakFound where the history met them no earlier than the test did: that is the test act itself.
    """
    history, asked = first_acts(train), first_acts(test)
    cells, wanted = (log.person * log.jobs + log.job for log in (history, asked))
    both = np.flatnonzero(np.isin(wanted, cells))
    if timed and len(both):
        order = np.argsort(cells)
        met = history.day[order[np.searchsorted(cells, wanted[both], sorter=order)]]
        late = both[met >= asked.day[both]]
        if len(late):
            who = people[int(asked.person[late[0]])]
            raise LeakFound("a test act is in the history.", field=f"{file}, id {who!r}", remedy=_CUT)
    return len(both)


def check_history(split: Split, *, file: str, people: Sequence[str], ties_are_leaks: bool) -> None:
    """Raise LeakFound where the history holds a held-out act, or a later one of the same person."""
    try:
        check_log(split, ties_are_leaks=ties_are_leaks)
    except Leak as leak:
        raise LeakFound(f"{leak}.", field=f"{file}, id {people[leak.row]!r}", remedy=_CUT) from None


def check_table(
    table: Table,
    sheet: Sheet,
    whole: Log,
    split: Split,
    *,
    row: np.ndarray[tuple[int], np.dtype[np.int64]],
    answer: Sequence[str],
    of_jobs: bool,
) -> None:
    """Raise LeakFound for a column that counts held-out acts, or names them.

    `whole`: the log with the held-out acts; `row`: each one's row of the table; `answer`: the other side's
    id.
    """
    columns = {name: column for name, column in table.columns.items() if name not in TEXTS}
    try:
        check_columns(columns, whole, split.train, of_jobs=of_jobs)
        check_names(columns, row, answer)
    except Leak as leak:
        line = _line(sheet, leak.row)
        field = f"{sheet.path.name}, column {leak.what!r}, row {line}"
        raise LeakFound(f"{leak}.", field=field, remedy=_WITHHOLD) from None


def _line(sheet: Sheet, row: int) -> int:
    """Where the table's row stands in the file; ids of the file come first, in its order."""
    of, _ = table_ids(sheet)
    rows = list(of.values())
    return sheet.line[rows[row]] if row < len(rows) else 0
