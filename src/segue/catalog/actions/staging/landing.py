"""Letting rows in: a piece a job, its counts and the promise of the next in one transaction with it."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from segue.catalog.actions.staging.checking import held_waiting
from segue.catalog.actions.staging.pieces import (
    count_in,
    land_rows,
    next_rows,
    one_import_at_a_time,
    set_aside,
    tell_landed,
)
from segue.catalog.actions.staging.reading import locked_batch
from segue.catalog.models import ImportBatch, ImportState, StagedRow, Upload
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.bus import announce
from segue.kit.errors import Conflict, NotAllowed
from segue.kit.queue import enqueue

LET_GO = "let_go_at_erasure"
OnLanded = Callable[[ImportBatch, Actor], None]
_when_landed: list[OnLanded] = []


def when_landed(deed: OnLanded) -> OnLanded:
    """Register what a room above does once an import is whole, in the same transaction."""
    if deed not in _when_landed:
        _when_landed.append(deed)
    return deed


@action("catalog.start_import")
def start_import(batch: ImportBatch, *, by: Actor, steps: str = "later") -> ImportBatch:
    """Let a checked import come in: in the background, or by the caller's own `steps="here"`.

    Raises NotAllowed, Conflict.
    """
    row = held_waiting(batch, by)
    if row.state != ImportState.CHECKED:
        raise Conflict(
            _("The columns are not confirmed yet."), field="state", remedy=_("Look at them and try it out.")
        )
    row.state, row.started_at, row.changed_at = ImportState.RUNNING, clock.now(), clock.now()
    row.save()
    if steps == "later":
        enqueue("catalog.import_step", batch_id=str(row.pk), after=0)
    return row


@action("catalog.import_step")
def import_step(batch_id: str, *, after: int, by: Actor, steps: str = "later") -> ImportBatch | None:
    """Let the next rows in and promise the step after (`steps` as above); again, it changes nothing."""
    batch = locked_batch(batch_id, ImportState.RUNNING)
    if batch is None or batch.cursor != after:
        return None
    one_import_at_a_time()
    found = next_rows(batch, after)
    if found is None:
        return _close(batch, by)
    kind, rows = found
    landed = land_rows(batch, kind, rows)
    count_in(batch, landed)
    set_aside(batch, landed)
    tell_landed(batch, landed)
    StagedRow.objects.filter(pk__in=[row.pk for row in rows]).delete()
    batch.cursor, batch.changed_at = rows[-1].number, clock.now()
    batch.save()
    if steps == "later":
        enqueue("catalog.import_step", batch_id=batch_id, after=batch.cursor)
    return batch


def _close(batch: ImportBatch, by: Actor) -> ImportBatch:
    if gone := batch.total - batch.read:  # rows that went while they waited, with somebody who was erased
        batch.read += gone
        batch.rejected += gone
        batch.errors = {**batch.errors, LET_GO: gone}
    batch.state, batch.finished_at, batch.changed_at = ImportState.DONE, clock.now(), clock.now()
    batch.save()
    for deed in _when_landed:
        deed(batch, by)
    announce("files.imported")
    return batch


@action("catalog.stop_import")
def stop_import(batch: ImportBatch, *, by: Actor) -> ImportBatch:
    """Stop an import: what came in stays, what waits is let go. Raises NotAllowed, Conflict when over."""
    if not (by.is_talent_team or by.is_machine):
        raise NotAllowed(_("Only the talent team imports."))
    row = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if row.finished_at is not None:
        raise Conflict(_("This import is over."), field="state", remedy=_("Load the page again."))
    return let_go(row)


def let_go(row: ImportBatch) -> ImportBatch:
    """Let go of everything that waits in a locked import."""
    StagedRow.objects.filter(batch=row).delete()
    Upload.objects.filter(batch=row).delete()
    row.state, row.finished_at, row.changed_at = ImportState.STOPPED, clock.now(), clock.now()
    row.save()
    if row.created or row.updated:
        announce("files.imported")
    return row
