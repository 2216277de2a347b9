"""Files that bring in people and jobs: send one, look at its columns, try it out, let it in."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from segue.catalog.actions.staging.checking import confirm_columns
from segue.catalog.actions.staging.landing import start_import, stop_import
from segue.catalog.actions.staging.uploads import LARGEST_UPLOAD, take_upload
from segue.catalog.models import UNDER_WAY, ImportBatch
from segue.catalog.queries.imports import (
    first_rows,
    first_wrong,
    held_elsewhere,
    import_for,
    imports_visible_to,
    problems_held,
)
from segue.kit.errors import Conflict, Invalid
from segue.kit.paging import page_of
from segue.web.actors import actor_of
from segue.web.desk.doors import posts_only, talent_team
from segue.web.desk.import_words import bars_of, columns_of, constants_of, counts_of, wrong_rows
from segue.web.desk.pages import PAGE_SIZE, desk_page, next_page
from segue.web.desk.toast import SeeOther, Toast, do_and_return, in_words, leave_toast

ACCEPTED = ".csv,.tsv,.txt,.xlsx,.json,.jsonl,.xml,.html,.zip"


@talent_team
def imports_list(request: HttpRequest) -> HttpResponse:
    """List imports, the last first."""
    page = page_of(imports_visible_to(actor_of(request)), after=request.GET.get("after", ""), size=PAGE_SIZE)
    return desk_page(
        request,
        "imports",
        "people",
        rows=[(batch, counts_of(batch)) for batch in page.rows],
        next_page=next_page(request, page.next_after),
    )


@talent_team
def import_new(request: HttpRequest) -> HttpResponse:
    """Show the form, and take a file."""
    if request.method != "POST":
        return desk_page(
            request, "import_new", "people", accepted=ACCEPTED, largest_mb=LARGEST_UPLOAD // 1024**2
        )
    try:
        file = request.FILES.get("file")
        if file is None:
            raise Invalid(_("There is no file yet."), field="file", remedy=_("Choose one."))
        batch = take_upload(
            file.chunks(),
            name=file.name or "",
            kind=request.POST.get("kind", ""),
            source=request.POST.get("source", ""),
            sent_in=request.POST.get("sent_in") == "1",
            by=actor_of(request),
        )
    except (Invalid, Conflict) as refused:
        leave_toast(request, Toast(in_words(refused), refused=True))
        return SeeOther(reverse("desk:import_new"))
    return SeeOther(reverse("desk:import", args=[batch.pk]))


@talent_team
def import_page(request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
    """Show where an import stands: its columns, what it would come to, how far it is, what it came to."""
    actor = actor_of(request)
    batch = import_for(actor, batch_id)
    waits = batch.state in ("ready", "checked")
    samples = first_rows(actor, batch) if waits else []
    wrong = wrong_rows(batch, first_wrong(actor, batch)) if batch.state == "checked" else []
    return desk_page(
        request,
        "import",
        "people",
        batch=batch,
        under_way=batch.state in UNDER_WAY,
        counts=counts_of(batch),
        bars=bars_of(batch),
        columns=columns_of(batch, samples),
        constants=constants_of(batch),
        samples=samples,
        wrong=wrong,
        such_as={problem.error: problem.message for _row, problem in reversed(wrong)},
        problems=problems_held(actor, batch),
        elsewhere=held_elsewhere(actor, batch) if batch.finished_at else 0,
    )


@talent_team
@posts_only
def import_columns(request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
    """Take the columns as they were set, and have everything tried out."""

    def deed(batch: ImportBatch) -> Toast:
        names = {f"column-{at}": column for at, column in enumerate(batch.columns)}
        confirm_columns(
            batch,
            fields={column: request.POST.get(name, "") for name, column in names.items()},
            constants={
                key.removeprefix("all-"): value.strip()
                for key, value in request.POST.items()
                if key.startswith("all-") and isinstance(value, str)
            },
            dates=request.POST.get("dates", ""),
            by=actor_of(request),
        )
        return Toast(_("Everything is tried out first. Nothing is kept of that."))

    return _decide(request, batch_id, deed)


@talent_team
@posts_only
def import_start(request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
    """Let the rows in."""

    def deed(batch: ImportBatch) -> Toast:
        start_import(batch, by=actor_of(request))
        return Toast(_("It comes in now. You can leave this page."))

    return _decide(request, batch_id, deed)


@talent_team
@posts_only
def import_stop(request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
    """Stop; what came in stays."""

    def deed(batch: ImportBatch) -> Toast:
        stop_import(batch, by=actor_of(request))
        return Toast(_("Stopped. What came in before stays."))

    return _decide(request, batch_id, deed)


def _decide(request: HttpRequest, batch_id: uuid.UUID, deed: Callable[[ImportBatch], Toast]) -> HttpResponse:
    page = reverse("desk:import", args=[batch_id])
    return do_and_return(request, page, lambda: deed(import_for(actor_of(request), batch_id)))
