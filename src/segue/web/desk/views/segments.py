"""Segments: the list, one with its people and why they are there, and the verbs for one."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from segue.catalog.queries.people import person_for
from segue.kit.actor import Actor
from segue.kit.errors import Invalid
from segue.kit.paging import offset_page, page_of
from segue.kit.spreadsheets import CSV
from segue.learn.actions.segments.editing import archive_segment, duplicate_segment
from segue.learn.actions.segments.exporting import export_segment
from segue.learn.models import Segment, SegmentCount, SegmentKind
from segue.learn.queries.communities.showing import brought_here, community_of, exemplars
from segue.learn.queries.segments.explaining import Reason, reasons_for
from segue.learn.queries.segments.listing import (
    may_segment,
    members_of,
    segment_for,
    segments_visible_to,
    sizes_of,
    stays_of,
)
from segue.learn.queries.segments.overlap import overlaps_of
from segue.learn.queries.segments.rules import understand_rule
from segue.learn.queries.segments.wording import Names, leanings_of, tree_of, words_of
from segue.recommend.actions.playlists import create_playlist_for
from segue.trust.actions.access import note_access
from segue.trust.models import LookedAt
from segue.web.actors import actor_of
from segue.web.desk.charts import columns
from segue.web.desk.doors import counters_of_people, posts_only, talent_team
from segue.web.desk.pages import PAGE_SIZE, desk_page, next_page
from segue.web.desk.sheet_answer import sheet_answer
from segue.web.desk.toast import SeeOther, Toast, do_and_return, leave_toast

MONTH = 30


@dataclass(frozen=True, slots=True)
class Row:
    """A segment in the list: its rule in words, its last month drawn, and by how much it changed in it."""

    segment: Segment
    words: str
    drawn: str
    change: int


@counters_of_people
def segments(request: HttpRequest) -> HttpResponse:
    """List them by name: those in use, or those put away."""
    actor = actor_of(request)
    archived = request.GET.get("state") == "archived"
    page = offset_page(
        segments_visible_to(actor, archived=archived), after=request.GET.get("after", ""), size=PAGE_SIZE
    )
    return desk_page(
        request,
        "segments",
        "segments",
        rows=rows_of(list(page.rows), actor),
        archived=archived,
        may_edit=may_segment(actor),
        next_page=next_page(request, page.next_after),
    )


def rows_of(found: list[Segment], actor: Actor) -> list[Row]:
    """The rows of a list of segments, in as many queries for many as for one."""
    sizes = sizes_of(found, by=actor, days=MONTH)
    names = Names(tree_of(one) for one in found)
    return [Row(one, words_of(one, names), _drawn(sizes[one.pk]), _change(sizes[one.pk])) for one in found]


def _drawn(counts: list[SegmentCount]) -> str:
    """Sizes as columns; a single day is no history and is left to its number."""
    days = _by_day(counts)
    return columns(days) if len(days) > 1 else ""


def _by_day(counts: list[SegmentCount]) -> list[int]:
    """A size for each of the days between the first counted and the last; an uncounted one is as before."""
    if not counts:
        return []
    known = {count.day: count.size for count in counts}
    first, last, size, days = counts[0].day, counts[-1].day, 0, []
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        size = known.get(type(first).fromordinal(ordinal), size)
        days.append(size)
    return days


def _change(counts: list[SegmentCount]) -> int:
    """By how many it grew since the first day known of the month, that day's comings and goings included."""
    if not counts:
        return 0
    first = counts[0]
    return counts[-1].size - (first.size - first.entered + first.left)


@counters_of_people
def segment_page(request: HttpRequest, segment_id: uuid.UUID) -> HttpResponse:
    """Show one: its rule in words, its size over time, who shares it, what may be a proxy, and its people."""
    actor = actor_of(request)
    segment = segment_for(actor, segment_id)
    shows = may_segment(actor)
    page = page_of(members_of(segment, by=actor), after=request.GET.get("after", "")) if shows else None
    sizes = sizes_of([segment], by=actor)[segment.pk]
    return desk_page(
        request,
        "segment",
        "segments",
        segment=segment,
        words=words_of(segment),
        members=page.rows if page else [],
        may_edit=shows,
        sizes=sizes[::-1],
        drawn=_drawn(sizes),
        change=_change(sizes[-MONTH:]),
        overlaps=overlaps_of(segment, by=actor),
        leanings=leanings_of(segment),
        community=community_of(segment, by=actor),
        examples=exemplars(segment, by=actor),
        next_page=next_page(request, page.next_after) if page else "",
    )


@talent_team
def segment_why(request: HttpRequest, segment_id: uuid.UUID, person_id: uuid.UUID) -> HttpResponse:
    """Say why somebody is in a segment: what held, and what says so. That somebody looked is written down."""
    actor = actor_of(request)
    segment, person = segment_for(actor, segment_id), person_for(actor, person_id)
    note_access(person, why="segment", what=LookedAt.SEGMENT, by=actor)
    return desk_page(
        request,
        "segment_why",
        "segments",
        segment=segment,
        words=words_of(segment),
        person=person,
        reasons=_reasons(segment, person.pk, actor) if segment.kind == SegmentKind.RULE else [],
        brought=brought_here(segment, person, by=actor),
        stays=list(stays_of(person.pk, by=actor).filter(segment=segment)),
    )


def _reasons(segment: Segment, person_id: uuid.UUID, actor: Actor) -> list[Reason]:
    try:
        return reasons_for(understand_rule(segment.rule, of=segment.pk), person_id, by=actor)
    except Invalid:
        return []


@talent_team
@posts_only
def segment_archive(request: HttpRequest, segment_id: uuid.UUID) -> HttpResponse:
    """Put it away, or take it out again; the toast holds the way back."""
    actor, archived = actor_of(request), request.POST.get("archived") == "1"

    def deed() -> Toast:
        segment = archive_segment(segment_for(actor, segment_id), archived=archived, by=actor)
        text = _("“%s” is put away.") if archived else _("“%s” is in use again.")
        return Toast(text % segment.name, request.path, {"archived": "0" if archived else "1"})

    return do_and_return(request, reverse("desk:segment", args=[segment_id]), deed)


@talent_team
@posts_only
def segment_duplicate(request: HttpRequest, segment_id: uuid.UUID) -> HttpResponse:
    """Make another of the same rule, and go to its editor."""
    actor = actor_of(request)
    try:
        copy = duplicate_segment(segment_for(actor, segment_id), by=actor)
    except Invalid as error:
        leave_toast(request, Toast(f"{error.message} {error.remedy}", refused=True))
        return SeeOther(reverse("desk:segment", args=[segment_id]))
    back = reverse("desk:segment_archive", args=[copy.pk])
    leave_toast(request, Toast(_("Made “%s”. Change what you like.") % copy.name, back, {"archived": "1"}))
    return SeeOther(reverse("desk:segment_edit", args=[copy.pk]))


@talent_team
@posts_only
def segment_export(request: HttpRequest, segment_id: uuid.UUID) -> HttpResponse:
    """Hand out who is in it as a file; that it was taken is written down."""
    actor = actor_of(request)
    segment = segment_for(actor, segment_id)
    return sheet_answer(slugify(segment.name) or "segment", CSV, export_segment(segment, by=actor))


@talent_team
@posts_only
def segment_playlist(request: HttpRequest, segment_id: uuid.UUID) -> HttpResponse:
    """Start a playlist that only they will see."""
    actor = actor_of(request)
    playlist = create_playlist_for(segment_for(actor, segment_id), by=actor)
    leave_toast(request, Toast(_("Started. Only who is in the segment will see it, once it is published.")))
    return SeeOther(reverse("desk:playlist", args=[playlist.pk]))
