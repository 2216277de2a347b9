"""The lists of jobs a recruiter puts forward."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from segue.catalog.models import Job, JobStatus
from segue.catalog.queries.skills import all_skills, labels
from segue.kit import clock
from segue.kit.actor import Actor
from segue.kit.errors import Invalid
from segue.learn.queries.segments.listing import segments_visible_to
from segue.recommend.actions.playlists import create_playlist, edit_playlist, publish_playlist
from segue.recommend.models import Playlist
from segue.recommend.queries.displaced import LEAST_PEOPLE, picks_against_displaced
from segue.recommend.queries.playlists import (
    items_of,
    performance_of,
    playlist_for,
    playlists_visible_to,
)
from segue.web.actors import actor_of
from segue.web.desk.doors import posts_only, talent_team
from segue.web.desk.pages import desk_page
from segue.web.desk.playlist_form import audience_words, read_settings, settings_as_typed
from segue.web.desk.reach import desk_jobs, narrow_jobs
from segue.web.desk.toast import SeeOther, Toast, do_and_return, in_words, leave_toast

FOUND = 12
LISTED = 200


@talent_team
def playlists(request: HttpRequest) -> HttpResponse:
    """List every playlist; a new one starts with a title."""
    return _list(request)


@talent_team
@posts_only
def playlist_new(request: HttpRequest) -> HttpResponse:
    """Start an unpublished playlist and go to its editor."""
    try:
        playlist = create_playlist(
            title=request.POST.get("title", ""), note=request.POST.get("note", ""), by=actor_of(request)
        )
    except Invalid as error:
        return _list(request, refused=error)
    leave_toast(request, Toast(_("Started. Add some jobs, then publish it.")))
    return SeeOther(reverse("desk:playlist", args=[playlist.pk]))


def _list(request: HttpRequest, *, refused: Invalid | None = None) -> HttpResponse:
    rows = [(row, audience_words(row)) for row in playlists_visible_to(actor_of(request))[:LISTED]]
    return desk_page(
        request,
        "playlists",
        "playlists",
        rows=rows,
        refused=refused,
        typed_title=request.POST.get("title", ""),
        now=clock.now(),
        status=422 if refused else 200,
    )


@talent_team
def playlist_page(request: HttpRequest, playlist_id: uuid.UUID) -> HttpResponse:
    """Edit one playlist: its jobs in order, its audience, and how its picks do."""
    return _editor(request, playlist_for(actor_of(request), playlist_id))


def _editor(request: HttpRequest, playlist: Playlist, *, refused: Invalid | None = None) -> HttpResponse:
    actor = actor_of(request)
    items = items_of(playlist)
    done = {row.job.pk: row for row in performance_of(playlist, by=actor)}
    query = request.GET.get("q", "").strip()
    typed = request.POST.dict() if refused else settings_as_typed(playlist)
    return desk_page(
        request,
        "playlist",
        "playlists",
        playlist=playlist,
        rows=[(item, done.get(item.job_id)) for item in items],
        against=picks_against_displaced(items, by=actor),
        least_people=LEAST_PEOPLE,
        last=len(items) - 1,
        now=clock.now(),
        q=query,
        found=_addable(actor, query, {item.job_id for item in items}),
        typed=typed,
        refused=refused,
        refused_words=in_words(refused) if refused else "",
        skills=all_skills(),
        segments=list(segments_visible_to(actor)),
        skill_labels=labels({str((playlist.audience or {}).get("skill", ""))}),
        status=422 if refused else 200,
    )


def _addable(actor: Actor, query: str, already: set[uuid.UUID]) -> list[Job]:
    """Return open jobs that answer the search and are not in the list yet; no search, no jobs."""
    if not query:
        return []
    jobs = narrow_jobs(desk_jobs(actor), status=JobStatus.OPEN, department="", text=query)
    return list(jobs.exclude(pk__in=already).order_by("-pk")[:FOUND])


@talent_team
@posts_only
def playlist_edit(request: HttpRequest, playlist_id: uuid.UUID) -> HttpResponse:
    """Change title, note, audience or expiry; undo puts the old words back."""
    playlist = playlist_for(actor_of(request), playlist_id)
    before = settings_as_typed(playlist)
    try:
        edit_playlist(playlist, by=actor_of(request), **read_settings(request.POST))
    except Invalid as error:
        return _editor(request, playlist_for(actor_of(request), playlist_id), refused=error)
    leave_toast(request, Toast(_("Saved."), request.path, before))
    return SeeOther(reverse("desk:playlist", args=[playlist_id]))


@talent_team
@posts_only
def playlist_publish(request: HttpRequest, playlist_id: uuid.UUID) -> HttpResponse:
    """Put the list on people's homes, or take it off."""
    playlist = playlist_for(actor_of(request), playlist_id)
    published = request.POST.get("published") == "1"

    def deed() -> Toast:
        publish_playlist(playlist, published=published, by=actor_of(request))
        text = (
            _("Published: it now shows on people's homes.") if published else _("Taken off people's homes.")
        )
        return Toast(text, request.path, {"published": "0" if published else "1"})

    return do_and_return(request, reverse("desk:playlist", args=[playlist_id]), deed)
