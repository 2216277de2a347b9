"""Before anything comes in: the columns are confirmed, and everything is tried out and taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping as Dict
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from segue.catalog.actions.importing.fields import MANY_HEADERS
from segue.catalog.actions.importing.mapping import constants_from, read_mapping, save_mapping
from segue.catalog.actions.importing.problems import Problem
from segue.catalog.actions.skills import seed_vocabulary
from segue.catalog.actions.staging.kinds import DraftLike
from segue.catalog.actions.staging.pieces import (
    land_rows,
    mapping_of,
    next_rows,
    one_import_at_a_time,
    read_rows,
    tally,
)
from segue.catalog.actions.staging.reading import locked_batch
from segue.catalog.models import WAITING, ImportBatch, ImportState, Skill, StagedRow
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid, NotAllowed
from segue.kit.queue import enqueue


@action("catalog.confirm_columns")
def confirm_columns(
    batch: ImportBatch, *, fields: Dict[str, str], constants: Dict[str, str], dates: str = "", by: Actor
) -> ImportBatch:
    """Say which column fills which of our fields, and have everything tried out.

    `fields` gives for a column the field it fills; columns not in it are not used. It is remembered for
    files with the same headers. Raises Invalid for two columns in a field that takes one, Conflict where
    the import does not wait for this, NotAllowed.
    """
    row = held_waiting(batch, by)
    if row.kind in ("people", "jobs"):
        row.mapping = _mapping(row, fields, constants, dates)
        save_mapping(row.kind, f"headers {row.file_name}", tuple(row.columns), mapping_of(row))
    row.state, row.changed_at = ImportState.CHECKING, clock.now()
    row.save()
    enqueue("catalog.check_import", batch_id=str(row.pk))
    return row


def held_waiting(batch: ImportBatch, by: Actor) -> ImportBatch:
    """Lock an import that waits for a person. Raises NotAllowed, Conflict."""
    if not (by.is_talent_team or by.is_machine):
        raise NotAllowed(_("Only the talent team imports."))
    row = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if row.state not in WAITING:
        raise Conflict(
            _("This import does not wait for that any more."), field="state", remedy=_("Load the page again.")
        )
    return row


def _mapping(
    batch: ImportBatch, fields: Dict[str, str], constants: Dict[str, str], dates: str
) -> dict[str, Any]:
    chosen: dict[str, list[str]] = {}
    for column in batch.columns:
        if field := fields.get(column, ""):
            chosen.setdefault(field, []).append(column)
    for field, columns in chosen.items():
        if len(columns) > 1 and field not in MANY_HEADERS:
            raise Invalid(
                _("“%(first)s” and “%(second)s” cannot both be that.")
                % {"first": columns[0], "second": columns[1]},
                field=field,
                remedy=_("Choose one of them."),
            )
    kept = {key: batch.mapping[key] for key in ("prefer", "source") if batch.mapping.get(key)}
    stored = {"fields": chosen, "constants": constants_from(batch.kind, constants), "dates": dates, **kept}
    return read_mapping(batch.kind, stored, name="", origin="saved").as_json() | {"origin": "saved"}


@action("catalog.check_import")
def check_import(batch_id: str, *, by: Actor) -> ImportBatch | None:
    """Try everything out and take it back; a second time changes nothing."""
    batch = locked_batch(batch_id, ImportState.CHECKING)
    if batch is None:
        return None
    if not Skill.objects.exists():
        seed_vocabulary(by=by)
    _identify(batch)
    _find_twins(batch)
    batch.trial = _try_out(batch)
    batch.state, batch.changed_at = ImportState.CHECKED, clock.now()
    batch.save()
    return batch


def _identify(batch: ImportBatch) -> None:
    """Write down whose row each is, by which hash it is known, and what is wrong with it by itself."""
    after = 0
    while found := next_rows(batch, after):
        kind, rows = found
        after = rows[-1].number
        if kind.slow:
            continue
        for row, draft in zip(rows, read_rows(kind, rows, mapping_of(batch, kind.name)), strict=True):
            _note(row, draft)
        StagedRow.objects.bulk_update(rows, ["external_id", "sha256", "preferred", "error"], batch_size=500)


def _note(row: StagedRow, draft: DraftLike | Problem) -> None:
    if isinstance(draft, Problem):
        row.external_id, row.sha256, row.preferred, row.error = "", "", False, draft.error[:60]
    else:
        row.external_id, row.sha256, row.preferred = draft.external_id, draft.sha256, draft.preferred
        row.error = ""


_ONCE_AN_APPLICATION = ("lever", "workable")  # these tell of a person again with each application
_TWINS = """
UPDATE catalog_stagedrow AS row
SET twin_line = CASE WHEN stands.id = row.id THEN NULL ELSE stands.line END,
    repeats = stands.id <> row.id AND (
        stands.sha256 = row.sha256 OR (row.shape = 'profile' AND %(once_an_application)s)
    )
FROM (
    SELECT DISTINCT ON (kind, external_id) id, kind, external_id, line, sha256
    FROM catalog_stagedrow WHERE batch_id = %(batch)s AND external_id <> ''
    ORDER BY kind, external_id, preferred DESC, number
) AS stands
WHERE row.batch_id = %(batch)s AND row.kind = stands.kind AND row.external_id = stands.external_id
"""


def _find_twins(batch: ImportBatch) -> None:
    """Of rows with the same id the first stands, or the one that the mapping prefers."""
    StagedRow.objects.filter(batch=batch, external_id="").update(twin_line=None, repeats=False)
    with connection.cursor() as cursor:
        cursor.execute(_TWINS, {"batch": batch.pk, "once_an_application": batch.form in _ONCE_AN_APPLICATION})


class _TakenBack(Exception):
    """Ends the dry run."""


def _try_out(batch: ImportBatch) -> dict[str, Any]:
    outcomes: Counter[str] = Counter()
    errors: Counter[str] = Counter()
    wrong: dict[int, str] = {}
    one_import_at_a_time()
    try:
        with transaction.atomic():
            after = 0
            while found := next_rows(batch, after):
                kind, rows = found
                after = rows[-1].number
                if kind.slow:
                    outcomes["unread"] += len(rows)
                    continue
                landed = land_rows(batch, kind, rows)
                for counter, more in zip((outcomes, errors), tally(landed), strict=True):
                    counter.update(more)
                wrong |= {one.row.pk: one.problem.error[:60] for one in landed if one.problem}
            raise _TakenBack
    except _TakenBack:
        _mark(wrong)
    return {**outcomes, "errors": dict(errors.most_common())}


def _mark(wrong: dict[int, str]) -> None:
    """Write down what would keep each row out, so that the first of them can be shown."""
    by_error: dict[str, list[int]] = {}
    for key, error in wrong.items():
        by_error.setdefault(error, []).append(key)
    for error, keys in by_error.items():
        StagedRow.objects.filter(pk__in=keys).update(error=error)
