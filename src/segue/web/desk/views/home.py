"""Today: what needs this colleague now."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from segue.catalog.queries.people import people_visible_to
from segue.hire.queries.board import waiting_for
from segue.learn.queries.search.saved import saved_searches_of
from segue.trust.queries.reviews import open_reviews
from segue.web.actors import actor_of
from segue.web.desk.doors import any_colleague
from segue.web.desk.pages import desk_page, may_see_applicants
from segue.web.desk.reach import closing_soon

SHORT = 8


@any_colleague
def home(request: HttpRequest) -> HttpResponse:
    """Show the longest-waiting work first; each block is empty rather than missing."""
    actor = actor_of(request)
    return desk_page(
        request,
        "home",
        "home",
        waiting=waiting_for(actor)[:SHORT],
        waiting_count=waiting_for(actor).count(),
        reviews=open_reviews(actor)[:SHORT],
        closing=closing_soon(actor)[:SHORT],
        newest=people_visible_to(actor).order_by("-pk")[:SHORT] if actor.is_talent_team else [],
        news=saved_searches_of(actor).filter(news__gt=0)[:SHORT],
        sees_applicants=may_see_applicants(actor),
    )
