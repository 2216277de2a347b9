"""Applications as rows of a file: what the list shows, the last moved first, a bounded number in memory."""

from __future__ import annotations

from collections.abc import Iterator

from segue.hire.models import Application
from segue.hire.queries.listing import ORDER, SHOWN, Filters, listed
from segue.kit.actor import Actor
from segue.kit.paging import keyset_page

CHUNK = 500
HEADS = (
    "id",
    "job",
    "person",
    "email",
    "applied",
    "stage",
    "in_stage_since",
    "outcome",
    "owner",
    "tags",
    "source",
)
NOTES = ("decided_at", "decided_by", "reason")


def application_heads(by: Actor) -> tuple[str, ...]:
    """Return the columns this actor gets; reasons are for those who may read why."""
    return (*HEADS, *NOTES) if _reads_reasons(by) else HEADS


def application_chunks(wanted: Filters, by: Actor) -> Iterator[list[Application]]:
    """Yield the applications the filters leave, of those this actor may see, some at a time."""
    after = ""
    while True:
        rows = listed(by, wanted).select_related(*SHOWN, "decided_by")
        page = keyset_page(rows, ORDER, after=after, size=CHUNK)
        yield list(page.rows)
        after = page.next_after
        if not after:
            return


def application_cells(row: Application, by: Actor) -> tuple[object, ...]:
    """Return the cells of one application, in the order of `application_heads`."""
    cells = (
        row.pk,
        row.job.title,
        row.person.name,
        row.person.email,
        row.applied_at,
        row.step or row.stage,
        row.moved_at,
        row.outcome,
        row.owner.name if row.owner else "",
        row.tags,
        row.source,
    )
    if not _reads_reasons(by):
        return cells
    decider = row.decided_by.name if row.decided_by else ""
    return (*cells, row.decided_at, decider, row.decision_reason)


def _reads_reasons(by: Actor) -> bool:
    return by.is_human_staff or by.is_machine or by.has_scope("notes:read")
