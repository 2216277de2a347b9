"""Rows that were not accepted: mended and tried again, or left out for a reason; counts still conserve."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping as Dict

from django.db import transaction
from django.utils.translation import gettext as _

from segue.catalog.actions.importing.landing_people import ERASED_PERSON
from segue.catalog.actions.importing.problems import Problem
from segue.catalog.actions.staging.kinds import row_kind, settled
from segue.catalog.actions.staging.pieces import (
    CONFLICTING,
    describe,
    mapping_of,
    one_import_at_a_time,
    raw_row,
)
from segue.catalog.models import HeldRow, ImportBatch, ImportState
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.bus import announce
from segue.kit.errors import Conflict, Invalid, NotAllowed, NotFound, SegueError

AT_ONCE = 500
_MAY_BE_ADDED = {
    "profile": ("external_id", "name", "email", "phone"),
    "application": ("person", "job", "stage", "outcome", "applied_at", "decided_at", "decided_by", "reason"),
}
_STANDS = frozenset({"refused", "do_not_contact", "line"})  # what the source says about the person's own wish


@action("catalog.retry_row")
def retry_row(held: HeldRow, *, row: Dict[str, str], by: Actor) -> HeldRow:
    """Try a row again with what somebody corrected; it is held anew, by name, where that was not enough.

    `row` gives cells by column; cells not in it stay as they are. Raises NotAllowed, NotFound, Conflict
    once it is settled, Invalid for a column the row does not have.
    """
    batch, kept = _held(held, by)
    changed = {key: text for key, text in row.items() if str(kept.row.get(key, "")) != text}
    if not set(row) <= set(editable(kept)):
        raise Invalid(_("This row has no such cell."), field="row", remedy=_("Load the page again."))
    kept.row = kept.row | changed
    one_import_at_a_time()
    _try(batch, kept, mended=bool(changed), by=by)
    return kept


@action("catalog.retry_rows")
def retry_rows(batch: ImportBatch, *, error: str, by: Actor) -> Counter[str]:
    """Try all rows with one problem again, at most 500 at once; return what they came to."""
    _may(by)
    locked = _locked(batch)
    one_import_at_a_time()
    rows = HeldRow.objects.select_for_update().filter(batch=locked, error=error, settled_at=None)
    came_to: Counter[str] = Counter()
    for kept in rows.order_by("pk")[:AT_ONCE]:
        kept.batch = locked
        came_to[_try(locked, kept, mended=False, by=by)] += 1
    return came_to


@action("catalog.skip_row")
def skip_row(held: HeldRow, *, reason: str, by: Actor) -> HeldRow:
    """Leave a row out for a reason in words. Raises as `retry_row`, Invalid without a reason."""
    batch, kept = _held(held, by)
    words = " ".join(reason.split())
    if not words:
        raise Invalid(_("Say why it is left out."), field="reason", remedy=_("A few words will do."))
    kept.reason = words[:500]
    _move(batch, kept.outcome, "rejected")
    _settle(kept, "skipped", by)
    return kept


def editable(held: HeldRow) -> list[str]:
    """Return the cells of a row that a person may correct."""
    if held.error == ERASED_PERSON or held.shape == "file":
        return []
    cells = dict.fromkeys([*held.row, *_MAY_BE_ADDED.get(held.shape, ())])
    return [key for key in cells if key not in _STANDS and not isinstance(held.row.get(key), list | dict)]


def _may(by: Actor) -> None:
    if not (by.is_talent_team or by.is_machine):
        raise NotAllowed(_("Only the talent team imports."))


def _locked(batch: ImportBatch) -> ImportBatch:
    row = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if row.state == ImportState.RUNNING:
        raise Conflict(
            _("This import is still under way."), field="state", remedy=_("Wait for it, or stop it.")
        )
    return row


def _held(held: HeldRow, by: Actor) -> tuple[ImportBatch, HeldRow]:
    """Lock a row that waits for a person, after its import."""
    _may(by)
    batch = _locked(held.batch)
    kept = HeldRow.objects.select_for_update().filter(pk=held.pk).first()
    if kept is None:
        raise NotFound(_("This row is not here any more."), field="row")
    if kept.settled_at is not None:
        raise Conflict(_("This row is settled."), field="row", remedy=_("Load the page again."))
    kept.batch = batch
    return batch, kept


def _try(batch: ImportBatch, kept: HeldRow, *, mended: bool, by: Actor) -> str:
    """Land one kept row; return what it came to."""
    outcome, problem = _landed(batch, kept, mended)
    if problem is None:
        _move(batch, kept.outcome, outcome)
        _settle(kept, outcome, by)
        announce("files.imported")
        return outcome
    before = kept.error
    describe(kept, problem)
    _move(batch, kept.outcome, outcome)
    kept.outcome = outcome
    twin = HeldRow.objects.filter(sha256=kept.sha256, settled_at=None).exclude(pk=kept.pk)
    if twin.exists():  # the corrected row waits elsewhere already
        kept.sha256 = ""
    kept.save()
    _recount(batch, before, kept.error)
    return outcome


def _landed(batch: ImportBatch, kept: HeldRow, mended: bool) -> tuple[str, Problem | None]:
    final = kept.error == ERASED_PERSON or kept.shape == "file"  # the bytes are not kept
    if final or (kept.error == CONFLICTING and not mended):
        return kept.outcome, Problem(kept.error, kept.field, kept.detail, kept.remedy)
    kind = row_kind(kept.kind or batch.kind)
    try:
        with transaction.atomic():
            draft = kind.read(raw_row(kept), mapping_of(batch, kind.name))
            return settled(kind, kind.landing(batch).land([draft])[0])
    except SegueError as refused:
        return "held" if kind.slow else "rejected", Problem.of(refused)


def _move(batch: ImportBatch, before: str, after: str) -> None:
    """Count a row under another name: the sum stays what was read."""
    setattr(batch, before, getattr(batch, before) - 1)
    setattr(batch, after, getattr(batch, after) + 1)
    batch.save()


def _recount(batch: ImportBatch, before: str, after: str) -> None:
    errors = Counter(batch.errors)
    errors[before] -= 1
    errors[after] += 1
    batch.errors = dict(+errors)
    batch.save(update_fields=["errors"])


def _settle(kept: HeldRow, outcome: str, by: Actor) -> None:
    """Nothing of the row is kept longer than a person has to look at it."""
    kept.settled_as, kept.settled_at, kept.settled_by = outcome, clock.now(), by.name[:300]
    kept.row, kept.detail = {}, ""
    kept.save()
