"""Rows an import did not accept: mend and try again, one or all of a kind, leave out, take along as CSV."""

from __future__ import annotations

import csv
import uuid
from collections.abc import Callable, Iterator
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from segue.catalog.actions.staging.retrying import editable, retry_row, retry_rows, skip_row
from segue.catalog.models import HeldRow, ImportBatch
from segue.catalog.queries.imports import import_for, problems_held, row_held, rows_held
from segue.kit.actor import Actor
from segue.kit.paging import offset_page
from segue.kit.spreadsheets import defused
from segue.web.actors import actor_of
from segue.web.desk.doors import posts_only, talent_team
from segue.web.desk.import_words import FIELD_WORDS
from segue.web.desk.pages import desk_page, next_page
from segue.web.desk.toast import SeeOther, Toast, do_and_return

LISTED = 20
LONG_CELL = 80


@talent_team
def import_held(request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
    """List the rows of one problem, each with its cells to mend."""
    actor = actor_of(request)
    batch = import_for(actor, batch_id)
    problems = problems_held(actor, batch)
    asked = request.GET.get("error", "")
    names = [name for name, _rows, _such_as in problems]
    error = asked if asked in names else next(iter(names), "")
    page = offset_page(rows_held(actor, batch, error), after=request.GET.get("after", ""), size=LISTED)
    return desk_page(
        request,
        "import_held",
        "people",
        batch=batch,
        problems=problems,
        error=error,
        rows=[(row, _cells(batch, row)) for row in page.rows],
        next_page=next_page(request, page.next_after),
    )


def _cells(batch: ImportBatch, row: HeldRow) -> list[tuple[str, str, str, bool, bool]]:
    """Return (name, title, text, is at fault, is long) of each cell; those at fault first."""
    at_fault = set(batch.mapping.get("fields", {}).get(row.field, [])) | {row.field}
    cells = [
        (
            f"cell-{name}",
            str(FIELD_WORDS.get(name, name)),
            str(row.row.get(name) if row.row.get(name) is not None else ""),
            name in at_fault,
            len(str(row.row.get(name) or "")) > LONG_CELL,
        )
        for name in editable(row)
    ]
    order = {f"cell-{column}": at for at, column in enumerate(batch.columns)}
    return sorted(cells, key=lambda cell: (not cell[3], order.get(cell[0], len(order))))


@talent_team
def held_row(request: HttpRequest, batch_id: uuid.UUID, held_id: int) -> HttpResponse:
    """Lead to a row's place in the list."""
    actor = actor_of(request)
    batch = import_for(actor, batch_id)
    row = row_held(actor, batch, held_id)
    return SeeOther(f"{reverse('desk:import_held', args=[batch.pk])}?error={quote(row.error)}#row-{row.pk}")


@talent_team
@posts_only
def held_retry(request: HttpRequest, batch_id: uuid.UUID, held_id: int) -> HttpResponse:
    """Try one row again as it now reads."""

    def deed(row: HeldRow, actor: Actor) -> Toast:
        cells = {
            key.removeprefix("cell-"): str(text)
            for key, text in request.POST.items()
            if key.startswith("cell-")
        }
        tried = retry_row(row, row=cells, by=actor)
        if tried.settled_at is None:
            return Toast(f"{tried.detail} {tried.remedy}".strip(), refused=True)
        return Toast(_("Line %d came in.") % tried.line)

    return _decide(request, batch_id, held_id, deed)


@talent_team
@posts_only
def held_skip(request: HttpRequest, batch_id: uuid.UUID, held_id: int) -> HttpResponse:
    """Leave one row out, for a reason."""

    def deed(row: HeldRow, actor: Actor) -> Toast:
        skip_row(row, reason=request.POST.get("reason", ""), by=actor)
        return Toast(_("Line %d is left out.") % row.line)

    return _decide(request, batch_id, held_id, deed)


@talent_team
@posts_only
def held_retry_all(request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
    """Try every row of one problem again."""

    def deed() -> Toast:
        actor = actor_of(request)
        batch = import_for(actor, batch_id)
        came_to = retry_rows(batch, error=request.POST.get("error", ""), by=actor)
        came_in = came_to["created"] + came_to["updated"] + came_to["unchanged"]
        wait = came_to.total() - came_in
        return Toast(
            ngettext("%d row came in.", "%d rows came in.", came_in) % came_in
            + " "
            + ngettext("%d waits still.", "%d wait still.", wait) % wait
        )

    return do_and_return(request, reverse("desk:import_held", args=[batch_id]), deed)


def _decide(
    request: HttpRequest, batch_id: uuid.UUID, held_id: int, deed: Callable[[HeldRow, Actor], Toast]
) -> HttpResponse:
    actor = actor_of(request)

    def found() -> Toast:
        return deed(row_held(actor, import_for(actor, batch_id), held_id), actor)

    return do_and_return(request, reverse("desk:import_held", args=[batch_id]), found)


class _Line:
    """What a CSV writer writes to: it hands each line on."""

    def write(self, text: str) -> str:
        return text


@talent_team
def held_csv(request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
    """Hand over the rows that wait as CSV; no cell of it runs as a formula."""
    actor = actor_of(request)
    batch = import_for(actor, batch_id)
    answer = HttpResponse(_lines(actor, batch), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="held-{batch.pk}.csv"'
    return answer


def _lines(actor: Actor, batch: ImportBatch) -> Iterator[str]:
    writer = csv.writer(_Line())
    names = list(batch.columns)
    if not names:
        first = rows_held(actor, batch).first()
        names = list(first.row) if first else []
    yield _written(writer, ["line", "outcome", "error", "field", "message", "remedy", *names])
    for row in rows_held(actor, batch).iterator(chunk_size=500):
        cells = [row.row.get(name, "") for name in names]
        head = [row.line, row.outcome, row.error, row.field, row.detail, row.remedy]
        yield _written(writer, [*head, *cells])


def _written(writer: object, cells: list[object]) -> str:
    return str(writer.writerow([defused(str(cell if cell is not None else "")) for cell in cells]))  # type: ignore[attr-defined]  # csv names no type for its writers
