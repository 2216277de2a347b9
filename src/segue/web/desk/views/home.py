"""Today: what needs this colleague now."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from segue.catalog.queries.people import people_visible_to
from segue.hire.queries.accommodations import accommodations_waiting
from segue.hire.queries.board import waiting_for
from segue.hire.queries.debriefs import decisions_due
from segue.hire.queries.listing import mine
from segue.hire.queries.offers import approvals_waiting
from segue.hire.queries.scorecards import owed_cards
from segue.hire.queries.teamwork import mentions_of
from segue.kit import clock
from segue.learn.queries.search.saved import saved_searches_of
from segue.trust.queries.reviews import open_reviews
from segue.web.actors import actor_of
from segue.web.desk.doors import any_colleague
from segue.web.desk.pages import desk_page, may_decide, may_see_applicants
from segue.web.desk.reach import closing_soon

SHORT = 8


@any_colleague
def home(request: HttpRequest) -> HttpResponse:
    """Show the longest-waiting work first; each block is empty rather than missing."""
    actor = actor_of(request)
    sees = may_see_applicants(actor)
    return desk_page(
        request,
        "home",
        "home",
        waiting=waiting_for(actor)[:SHORT],
        waiting_count=waiting_for(actor).count(),
        reviews=open_reviews(actor)[:SHORT],
        closing=closing_soon(actor)[:SHORT],
        newest=people_visible_to(actor).order_by("-pk")[:SHORT] if actor.finds_people else [],
        news=saved_searches_of(actor).filter(news__gt=0)[:SHORT],
        mine=list(mine(actor).select_related("person", "job")[:SHORT]) if sees else [],
        needs=accommodations_waiting(actor).count(),
        mentions=list(mentions_of(actor)[:SHORT]) if sees else [],
        cards_owed=owed_cards(actor, limit=SHORT) if sees else [],
        decisions=decisions_due(actor, limit=SHORT) if sees else [],
        approvals=approvals_waiting(actor)[:SHORT] if may_decide(actor) else [],
        now=clock.now(),
        sees_applicants=sees,
    )
