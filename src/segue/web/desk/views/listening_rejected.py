"""What was refused, and why: so that its sender can be mended. Bodies may hold people's data."""

from __future__ import annotations

import contextlib
import json

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from segue.kit.paging import page_of
from segue.listen.models import Source
from segue.listen.queries.rejected import rejected_by_code, rejected_for, rejected_visible_to
from segue.listen.queries.sources import sources_visible_to
from segue.trust.actions.access import note_access
from segue.web.actors import actor_of
from segue.web.desk.doors import administrators
from segue.web.desk.pages import PAGE_SIZE, desk_page, next_page


@administrators
def rejected_list(request: HttpRequest) -> HttpResponse:
    """List refused events, the latest first; a page costs the same among a hundred thousand."""
    actor = actor_of(request)
    wanted = {key: request.GET.get(key, "").strip() for key in ("source", "code")}
    sources = list(sources_visible_to(actor).prefetch_related(None))
    source = _named(sources, wanted["source"])
    counts = rejected_by_code(actor, source=source)
    rows = rejected_visible_to(actor, source=source, code=wanted["code"])
    page = page_of(rows, after=request.GET.get("after", ""), size=PAGE_SIZE)
    return desk_page(
        request,
        "rejected",
        "listening",
        tab="rejected",
        rows=page.rows,
        wanted=wanted,
        sources=sources,
        codes=counts,
        total=sum(count for _, count in counts),
        next_page=next_page(request, page.next_after),
    )


def _named(sources: list[Source], name: str) -> Source | None:
    """Return the source of that name; a name nobody has narrows nothing."""
    return next((source for source in sources if source.name == name), None)


@administrators
def rejected_page(request: HttpRequest, rejected_id: int) -> HttpResponse:
    """Show one refused event as it came; that somebody looked is written down."""
    actor = actor_of(request)
    row = rejected_for(actor, rejected_id)
    note_access(row, why="refused event", by=actor)
    answer = desk_page(request, "rejected_event", "listening", row=row, body=pretty(row.body))
    add_never_cache_headers(answer)
    return answer


def pretty(body: str) -> str:
    """Return JSON set out to be read, and anything else as it came."""
    with contextlib.suppress(ValueError, RecursionError):
        body = json.dumps(json.loads(body), ensure_ascii=False, indent=2)
    return body.encode("utf-8", "backslashreplace").decode()  # JSON can name half a character
