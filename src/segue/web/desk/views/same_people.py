"""Records that may be one person: side by side, for somebody to decide; and what was merged."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from segue.catalog.actions.merging import unmerge
from segue.catalog.actions.same_people import ask_again, ask_later, say_different, say_same
from segue.catalog.models import SamePair
from segue.catalog.queries.same_people import employers_of, merge_for, merges_visible_to, open_pairs, pair_for
from segue.hire.queries.applications import applications_counted
from segue.kit import clock
from segue.web.actors import actor_of
from segue.web.desk.doors import posts_only, talent_team
from segue.web.desk.pages import desk_page
from segue.web.desk.same_words import rule_words, side_by_side
from segue.web.desk.toast import SeeOther, Toast, do_and_return

LISTED = 20
MERGED = 30


@talent_team
def same_people(request: HttpRequest) -> HttpResponse:
    """List the pairs to look at, the likeliest first, and the latest merges with their way back."""
    actor = actor_of(request)
    waiting = open_pairs(actor)
    pairs = list(waiting[:LISTED])
    ids = {person_id for pair in pairs for person_id in (pair.first_id, pair.second_id)}
    employers, applications = employers_of(ids, by=actor), applications_counted(ids, by=actor)
    return desk_page(
        request,
        "same_people",
        "people",
        pairs=[side_by_side(pair, employers, applications) for pair in pairs],
        count=waiting.count(),
        merges=[(merge, rule_words(merge)) for merge in merges_visible_to(actor)[:MERGED]],
        now=clock.now(),
    )


@talent_team
def same_pair(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Lead to a pair's place in the list."""
    return SeeOther(f"{_list()}#pair-{pair_for(actor_of(request), pair_id).pk}")


@talent_team
def merge_page(request: HttpRequest, merge_id: uuid.UUID) -> HttpResponse:
    """Lead to a merge's place in the list."""
    return SeeOther(f"{_list()}#merge-{merge_for(actor_of(request), merge_id).pk}")


@talent_team
@posts_only
def pair_same(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Merge the two in one's own name."""

    def deed(pair: SamePair) -> Toast:
        merge = say_same(pair, by=actor_of(request))
        name = merge.survivor.name or _("No name given")
        undo = reverse("desk:merge_undo", args=[merge.pk])
        return Toast(_("One person now: %s.") % name, undo, {"again": "1"})

    return _decide(request, pair_id, deed)


@talent_team
@posts_only
def pair_different(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Note that these are two people, for good."""

    def deed(pair: SamePair) -> Toast:
        say_different(pair, by=actor_of(request))
        return Toast(_("Two people. We will not ask again."), reverse("desk:pair_again", args=[pair_id]))

    return _decide(request, pair_id, deed)


@talent_team
@posts_only
def pair_later(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Put the question off for a week."""

    def deed(pair: SamePair) -> Toast:
        ask_later(pair, by=actor_of(request))
        return Toast(_("Put off for a week."), reverse("desk:pair_again", args=[pair_id]))

    return _decide(request, pair_id, deed)


@talent_team
@posts_only
def pair_again(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Put a pair back into the list."""

    def deed(pair: SamePair) -> Toast:
        ask_again(pair, by=actor_of(request))
        return Toast(_("It is in the list again."))

    return _decide(request, pair_id, deed)


@talent_team
@posts_only
def merge_undo(request: HttpRequest, merge_id: uuid.UUID) -> HttpResponse:
    """Make two people of one again; `again` puts the pair back into the list."""

    def deed() -> Toast:
        merge = merge_for(actor_of(request), merge_id)
        unmerge(merge, by=actor_of(request), ask_again=request.POST.get("again") == "1")
        return Toast(_("They are two people again."))

    return do_and_return(request, _list(), deed)


def _decide(request: HttpRequest, pair_id: int, deed: Callable[[SamePair], Toast]) -> HttpResponse:
    return do_and_return(request, _list(), lambda: deed(pair_for(actor_of(request), pair_id)))


def _list() -> str:
    return reverse("desk:same_people")
