"""Who did what, for administrators and auditors."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from segue.kit.actor import Role
from segue.kit.paging import page_of
from segue.trust.queries.audit import Wanted, audit_lines, told
from segue.trust.queries.chain import chain_state
from segue.web.actors import actor_of
from segue.web.desk.doors import readers_of_models
from segue.web.desk.pages import PAGE_SIZE, desk_page, next_page

LATE_S = 120  # a line that waits longer than this for its seal says that no worker runs


@readers_of_models
def audit_page(request: HttpRequest) -> HttpResponse:
    """List what was done, the latest first, by whom, what and when; a page costs the same among a million."""
    actor = actor_of(request)
    wanted = Wanted.read(request.GET.dict())
    page = page_of(audit_lines(actor, wanted), after=request.GET.get("after", ""), size=PAGE_SIZE)
    state = chain_state()
    answer = desk_page(
        request,
        "audit",
        "audit" if actor.role is Role.AUDITOR else "settings",
        tab="audit",
        in_settings=actor.role is not Role.AUDITOR,
        wanted=wanted,
        kept=[(name, getattr(wanted, name)) for name in wanted.__slots__],
        narrowed=bool(wanted.as_query()),
        rows=[told(line, actor) for line in page.rows],
        chain=state,
        late=state.oldest_s > LATE_S,
        next_page=next_page(request, page.next_after),
    )
    add_never_cache_headers(answer)
    return answer
