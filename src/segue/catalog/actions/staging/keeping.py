"""How long an import's rows are kept, and what erasure does to them: they belong to nobody yet."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection

from segue.catalog.actions.staging.landing import let_go
from segue.catalog.models import HeldRow, ImportBatch, StagedRow, Upload
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.privacy import SHORT, Traces, on_erasure

WAITS_FOR = timedelta(days=7)  # an import that nobody goes on with
HELD_FOR = timedelta(days=90)  # a row that nobody mends


@action("catalog.let_go_of_imports")
def let_go_of_imports(*, by: Actor) -> dict[str, int]:
    """Let go of uploads and rows that nobody went on with; the counts stay."""
    stale = ImportBatch.objects.select_for_update().filter(
        finished_at=None, changed_at__lt=clock.now() - WAITS_FOR
    )
    stopped = [let_go(batch) for batch in stale]
    old = HeldRow.objects.filter(settled_at=None, held_at__lt=clock.now() - HELD_FOR)
    let = old.update(settled_at=clock.now(), settled_as="let_go", settled_by=by.name, row={}, detail="")
    return {"imports": len(stopped), "rows": let}


# A résumé's bytes cannot be searched, so all that wait go with a person who is erased, and their imports go
# on without them. Rows that can be searched go where they tell of the person.
_FORGET = {
    StagedRow: "DELETE FROM catalog_stagedrow WHERE content IS NOT NULL OR row::text ILIKE ANY(%s::text[])",
    HeldRow: "DELETE FROM catalog_heldrow WHERE (row::text || detail) ILIKE ANY(%s::text[])",
}


@on_erasure
def forget_waiting_rows(traces: Traces) -> dict[str, int]:
    """Let go of rows that wait and tell of a person, and of uploads nobody has read yet."""
    telling = frozenset(word for word in traces.words if len(word) >= SHORT)  # "42" stands in many rows
    patterns = Traces(traces.person_id, telling).patterns()
    gone = {"catalog.Upload": Upload.objects.all().delete()[0]}
    with connection.cursor() as cursor:
        for model, order in _FORGET.items():
            cursor.execute(order, [patterns])
            gone[model._meta.label] = cursor.rowcount
    return gone
