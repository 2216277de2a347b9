"""Communities found in the crowd: the shelf of them, and what a colleague calls one."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from segue.learn.actions.communities.naming import name_community
from segue.learn.queries.communities.showing import communities_for, last_fit
from segue.learn.queries.segments.listing import may_segment
from segue.web.actors import actor_of
from segue.web.desk.doors import counters_of_people, posts_only, talent_team
from segue.web.desk.pages import desk_page
from segue.web.desk.toast import Toast, do_and_return


@counters_of_people
def communities(request: HttpRequest) -> HttpResponse:
    """List the communities in use, the largest first, and what the last fit did."""
    actor = actor_of(request)
    return desk_page(
        request,
        "communities",
        "segments",
        rows=communities_for(actor),
        fit=last_fit(actor),
        may_edit=may_segment(actor),
    )


@talent_team
@posts_only
def community_name(request: HttpRequest, segment_id: uuid.UUID) -> HttpResponse:
    """Call one something else; the toast holds the way back."""

    def deed() -> Toast:
        wanted = request.POST.get("name", "")
        named = request.POST.get("named", "1") == "1"
        before, by_hand = name_community(segment_id, name=wanted, is_named=named, by=actor_of(request))
        text = _("It is called “%s” now. No fit changes that.") if named else _("It is called “%s” again.")
        undo = {"name": before, "named": "1" if by_hand else "0"}
        return Toast(text % " ".join(wanted.split()), request.path, undo)

    return do_and_return(request, reverse("desk:segment", args=[segment_id]), deed)
