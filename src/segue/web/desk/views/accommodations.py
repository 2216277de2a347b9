"""What people need to be different, for the one colleague it was written to."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from segue.hire.actions.accommodating import arrange_accommodation
from segue.hire.models import Need
from segue.hire.queries.accommodations import (
    accommodation_for,
    accommodations_arranged,
    accommodations_waiting,
)
from segue.web.actors import actor_of
from segue.web.desk.doors import any_colleague, posts_only
from segue.web.desk.pages import desk_page
from segue.web.desk.toast import Toast, do_and_return

LISTED = 100


@any_colleague
def accommodations(request: HttpRequest) -> HttpResponse:
    """List what waits to be arranged, and what is; for everybody else the list is empty."""
    actor = actor_of(request)
    return desk_page(
        request,
        "accommodations",
        "home",
        rows=accommodations_waiting(actor)[:LISTED],
        arranged=accommodations_arranged(actor)[:LISTED],
        need_words=dict(Need.choices),
    )


@any_colleague
@posts_only
def accommodation_arrange(request: HttpRequest, accommodation_id: uuid.UUID) -> HttpResponse:
    """Say what is arranged, as the person reads it; empty words take it back."""
    actor = actor_of(request)
    row = accommodation_for(actor, accommodation_id)

    def deed() -> Toast:
        done = arrange_accommodation(row, secret_words=request.POST.get("words", ""), by=actor)
        if done.arranged:
            return Toast(_("They read it on their page now."), request.path, {"words": row.arranged})
        return Toast(_("It waits again."))

    return do_and_return(request, reverse("desk:accommodations"), deed)
