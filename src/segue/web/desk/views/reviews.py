"""Tasks that wait for a person."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from segue.kit import clock
from segue.trust.actions.reviews import reopen_review, settle_review
from segue.trust.queries.reviews import open_reviews, review_for, settled_reviews
from segue.web.actors import actor_of
from segue.web.desk.doors import deciders, posts_only
from segue.web.desk.pages import desk_page
from segue.web.desk.toast import SeeOther, Toast, do_and_return

LISTED = 100
SETTLED = 20


@deciders
def reviews(request: HttpRequest) -> HttpResponse:
    """List what waits, the most urgent first, and what was settled lately and by whom."""
    actor = actor_of(request)
    return desk_page(
        request,
        "reviews",
        "reviews",
        rows=open_reviews(actor)[:LISTED],
        settled=settled_reviews(actor)[:SETTLED],
        now=clock.now(),
    )


@deciders
def review_page(request: HttpRequest, review_id: uuid.UUID) -> HttpResponse:
    """Lead to a task's place in the list."""
    review = review_for(actor_of(request), review_id)
    return SeeOther(f"{reverse('desk:reviews')}#review-{review.pk}")


@deciders
@posts_only
def review_settle(request: HttpRequest, review_id: uuid.UUID) -> HttpResponse:
    """Settle a task in one's own name."""
    review = review_for(actor_of(request), review_id)

    def deed() -> Toast:
        settle_review(review, by=actor_of(request))
        return Toast(_("Settled in your name."), reverse("desk:review_reopen", args=[review_id]))

    return do_and_return(request, reverse("desk:reviews"), deed)


@deciders
@posts_only
def review_reopen(request: HttpRequest, review_id: uuid.UUID) -> HttpResponse:
    """Let a task wait again."""
    review = review_for(actor_of(request), review_id)

    def deed() -> Toast:
        reopen_review(review, by=actor_of(request))
        return Toast(_("It waits again."), reverse("desk:review_settle", args=[review_id]))

    return do_and_return(request, reverse("desk:reviews"), deed)
