"""A piece of waiting rows, landed: what each came to, and the rows kept for a person to look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from segue.catalog.actions.importing.drafts import content_hash
from segue.catalog.actions.importing.fields import FIELDS
from segue.catalog.actions.importing.landing_people import ERASED_PERSON
from segue.catalog.actions.importing.mapping import Mapping, read_mapping
from segue.catalog.actions.importing.problems import Problem
from segue.catalog.actions.importing.reading import RawRow
from segue.catalog.actions.importing.report import OUTCOMES
from segue.catalog.actions.staging.kinds import DraftLike, RowKind, row_kind, settled
from segue.catalog.models import HeldRow, ImportBatch, StagedRow
from segue.kit.errors import SegueError

CONFLICTING = "conflicting_duplicate"
_READERS = 4


@dataclass(frozen=True, slots=True)
class Landed:
    """What a row came to, and why it was not accepted."""

    row: StagedRow
    outcome: str
    problem: Problem | None = None


OnRows = Callable[[ImportBatch, Sequence[Landed]], None]
_when_rows_land: list[OnRows] = []


def when_rows_land(deed: OnRows) -> OnRows:
    """Register what a room above does with rows that just landed, in the same transaction."""
    if deed not in _when_rows_land:
        _when_rows_land.append(deed)
    return deed


def tell_landed(batch: ImportBatch, landed: Sequence[Landed]) -> None:
    """Tell the rooms above."""
    for deed in _when_rows_land:
        deed(batch, landed)


def one_import_at_a_time() -> None:
    """Wait for other imports' transactions: two that know of the same person must not both make them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('segue.catalog.import'))")


def mapping_of(batch: ImportBatch, kind: str = "") -> Mapping:
    """Return the columns as they were confirmed; rows of an export have our own fields as columns."""
    if batch.kind not in FIELDS:
        return Mapping(fields={name: [name] for name in FIELDS.get(kind, ())})
    return read_mapping(batch.kind, batch.mapping, name="", origin=batch.mapping.get("origin", "saved"))


def raw_row(row: StagedRow | HeldRow) -> RawRow:
    """Return a kept row as its readers know it."""
    data = dict(row.row)
    if isinstance(row, StagedRow) and row.content is not None:
        data["content"] = bytes(row.content)
    return RawRow(row.line, row.shape, data)


def read_rows(kind: RowKind, rows: Sequence[StagedRow], mapping: Mapping) -> list[DraftLike | Problem]:
    """Read rows into drafts, several at a time where each is read in a process of its own."""

    def read(raw: RawRow) -> DraftLike | Problem:
        try:
            return kind.read(raw, mapping)
        except SegueError as refused:
            return Problem.of(refused)

    raws = [raw_row(row) for row in rows]
    if not kind.slow:
        return [read(raw) for raw in raws]
    with ThreadPoolExecutor(_READERS) as pool:  # asks no database
        return list(pool.map(read, raws))


def land_rows(batch: ImportBatch, kind: RowKind, rows: Sequence[StagedRow]) -> list[Landed]:
    """Land rows of one kind; a row for which another of the file stands is not landed a second time."""
    drafts = read_rows(kind, rows, mapping_of(batch, kind.name))
    results: list[Landed] = []
    landable: list[tuple[StagedRow, DraftLike]] = []
    for row, draft in zip(rows, drafts, strict=True):
        if isinstance(draft, Problem):
            results.append(Landed(row, "held" if kind.slow else "rejected", draft))
        elif row.twin_line is None:
            landable.append((row, draft))
        elif row.repeats:
            results.append(Landed(row, "unchanged"))
        else:
            results.append(Landed(row, "held", conflicting(row.external_id, row.twin_line)))
    said = kind.landing(batch).land([draft for _row, draft in landable])
    for (row, _draft), one in zip(landable, said, strict=True):
        results.append(Landed(row, *settled(kind, one)))
    return results


def conflicting(external_id: str, line: int) -> Problem:
    """Say that another row of the file has the same id and says something else."""
    return Problem(
        CONFLICTING,
        "external_id",
        _("“%(id)s” stands in line %(line)d too, and says something else.")
        % {"id": external_id, "line": line},
        _("Leave this row out, give it an id of its own, or correct the person or job that stands."),
    )


def count_in(batch: ImportBatch, landed: Iterable[Landed]) -> None:
    """Add to an import's counts, which conserve after every piece."""
    errors = Counter(batch.errors)
    for one in landed:
        batch.read += 1
        setattr(batch, one.outcome, getattr(batch, one.outcome) + 1)
        if one.problem is not None:
            errors[one.problem.error] += 1
    batch.errors = dict(errors)


def set_aside(batch: ImportBatch, landed: Iterable[Landed]) -> None:
    """Keep what was not accepted for a person to mend: once, however often the same row is sent."""
    kept = [_kept(batch, one, one.problem) for one in landed if one.problem is not None]
    HeldRow.objects.bulk_create(kept, ignore_conflicts=True)


def _kept(batch: ImportBatch, one: Landed, problem: Problem) -> HeldRow:
    row = one.row
    held = HeldRow(batch=batch, line=row.line, kind=row.kind, shape=row.shape, outcome=one.outcome)
    held.row = row.row
    if problem.error == ERASED_PERSON:  # nothing of them is written down anew
        held.row = {"line": row.line}
    describe(held, problem)
    return held


def describe(held: HeldRow, problem: Problem) -> None:
    """Write down why a row is held, and the hash by which it is held once."""
    held.error, held.field = problem.error[:60], problem.field[:60]
    held.detail, held.remedy = problem.message, problem.remedy
    source = held.batch.source_name
    content = {"kind": held.kind, "source": source, "error": problem.error, "row": held.row}
    held.sha256 = content_hash(content)


def tally(landed: Iterable[Landed]) -> tuple[Counter[str], Counter[str]]:
    """Return how often each outcome and each problem was met."""
    outcomes: Counter[str] = Counter(dict.fromkeys(OUTCOMES, 0))
    errors: Counter[str] = Counter()
    for one in landed:
        outcomes[one.outcome] += 1
        if one.problem is not None:
            errors[one.problem.error] += 1
    return outcomes, errors


def next_rows(batch: ImportBatch, after: int) -> tuple[RowKind, list[StagedRow]] | None:
    """Return the next rows that may land together: of one kind, as many as it takes at a time."""
    waiting = StagedRow.objects.filter(batch=batch, number__gt=after).order_by("number")
    first = waiting.only("kind").first()
    if first is None:
        return None
    kind = row_kind(first.kind)
    rows = list(waiting[: kind.piece])
    other = next((at for at, row in enumerate(rows) if row.kind != kind.name), len(rows))
    return kind, rows[:other]
