"""Imports of the past and those under way, and the rows that wait for a person."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Min, QuerySet
from django.utils.translation import gettext as _

from segue.catalog.models import HeldRow, ImportBatch, StagedRow
from segue.kit.actor import Actor
from segue.kit.errors import NotFound

SHOWN = 10


def sees_imports(actor: Actor) -> bool:
    return actor.is_talent_team or actor.is_machine


def imports_visible_to(actor: Actor) -> QuerySet[ImportBatch]:
    """Return all imports, for those who import."""
    return ImportBatch.objects.all() if sees_imports(actor) else ImportBatch.objects.none()


def import_for(actor: Actor, batch_id: UUID | str) -> ImportBatch:
    """Return one import. Raises NotFound."""
    found = imports_visible_to(actor).filter(pk=batch_id).first()
    if found is None:
        raise NotFound(_("There is no such import."), field="import")
    return found


def rows_held(actor: Actor, batch: ImportBatch, error: str = "") -> QuerySet[HeldRow]:
    """Return the rows of an import that wait for a person, of one problem or of all."""
    found = HeldRow.objects.filter(batch=batch, settled_at=None).order_by("line", "pk")
    found = found if sees_imports(actor) else found.none()
    return found.filter(error=error) if error else found


def row_held(actor: Actor, batch: ImportBatch, held_id: int) -> HeldRow:
    """Return one row that waits. Raises NotFound."""
    found = rows_held(actor, batch).filter(pk=held_id).select_related("batch").first()
    if found is None:
        raise NotFound(_("This row does not wait any more."), field="row")
    return found


def problems_held(actor: Actor, batch: ImportBatch) -> list[tuple[str, int, str]]:
    """Return (name, rows that wait, what is said of one of them) of each problem, the frequent first."""
    counted = rows_held(actor, batch).order_by().values_list("error")
    return list(counted.annotate(rows=Count("pk"), such_as=Min("detail")).order_by("-rows", "error"))


def held_elsewhere(actor: Actor, batch: ImportBatch) -> int:
    """Return how many rows that were set aside wait already with an earlier import of the same rows."""
    kept = HeldRow.objects.filter(batch=batch).exclude(settled_as__in=("created", "updated", "unchanged"))
    return max(0, batch.held + batch.rejected - kept.count()) if sees_imports(actor) else 0


def first_rows(actor: Actor, batch: ImportBatch, limit: int = 3) -> list[StagedRow]:
    """Return the first rows that wait, to look at."""
    return list(_waiting(actor, batch).defer("content")[:limit])


def first_wrong(actor: Actor, batch: ImportBatch) -> list[StagedRow]:
    """Return the first rows that would not be accepted."""
    return list(_waiting(actor, batch).exclude(error="").defer("content")[:SHOWN])


def _waiting(actor: Actor, batch: ImportBatch) -> QuerySet[StagedRow]:
    found = StagedRow.objects.filter(batch=batch).order_by("number")
    return found if sees_imports(actor) else found.none()
