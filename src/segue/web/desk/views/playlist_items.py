"""What a curator does to one job of a playlist; every verb's toast carries its inverse."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from segue.catalog.models import Job
from segue.catalog.queries.jobs import job_for
from segue.kit.actor import Actor
from segue.kit.errors import Invalid, NotFound
from segue.recommend.actions.playlists import (
    add_job,
    exclude_job,
    expire_job,
    pin_job,
    place_job,
    remove_job,
)
from segue.recommend.models import Playlist, PlaylistItem
from segue.recommend.queries.playlists import items_of, playlist_for
from segue.web.actors import actor_of
from segue.web.desk.doors import posts_only, talent_team
from segue.web.desk.playlist_form import last_moment
from segue.web.desk.toast import Toast, do_and_return

Verb = Callable[[HttpRequest, Playlist, Job, Actor], Toast]


def _on_item(verb: Verb) -> Callable[..., HttpResponse]:
    """Make a view of a verb on one job of one playlist."""

    @talent_team
    @posts_only
    def view(request: HttpRequest, playlist_id: uuid.UUID) -> HttpResponse:
        actor = actor_of(request)
        playlist = playlist_for(actor, playlist_id)

        def deed() -> Toast:
            job = job_for(actor, request.POST.get("job", ""))
            return verb(request, playlist, job, actor)

        return do_and_return(request, reverse("desk:playlist", args=[playlist_id]), deed)

    return view


def _url(name: str, playlist: Playlist) -> str:
    return reverse(f"desk:playlist_{name}", args=[playlist.pk])


def _item(playlist: Playlist, job: Job) -> PlaylistItem:
    for item in items_of(playlist):
        if item.job_id == job.pk:
            return item
    raise NotFound(_("This job is not in the playlist."), field="job", remedy=_("Add it first."))


@_on_item
def playlist_add(request: HttpRequest, playlist: Playlist, job: Job, actor: Actor) -> Toast:
    """Add a job; where the form says which place and pin it had, it gets them back."""
    add_job(playlist, job=job, by=actor)
    if request.POST.get("position"):
        place_job(playlist, job=job, position=_position(request), by=actor)
    if request.POST.get("pinned") == "1":
        pin_job(playlist, job=job, pinned=True, by=actor)
    if request.POST.get("excluded") == "1":
        exclude_job(playlist, job=job, excluded=True, by=actor)
    if request.POST.get("until"):
        expire_job(playlist, job=job, until=last_moment(request.POST["until"]), by=actor)
    return Toast(
        _("“%(title)s” is in the list.") % {"title": job.title},
        _url("remove", playlist),
        {"job": str(job.pk)},
    )


@_on_item
def playlist_remove(request: HttpRequest, playlist: Playlist, job: Job, actor: Actor) -> Toast:
    """Take a job out; undo puts it back where it was, pinned or excluded as it was."""
    item = _item(playlist, job)
    remove_job(playlist, job=job, by=actor)
    was = {
        "job": str(job.pk),
        "position": str(item.position),
        "pinned": str(int(item.pinned)),
        "excluded": str(int(item.excluded)),
        "until": _day(item),
    }
    return Toast(_("“%(title)s” is out of the list.") % {"title": job.title}, _url("add", playlist), was)


@_on_item
def playlist_place(request: HttpRequest, playlist: Playlist, job: Job, actor: Actor) -> Toast:
    """Move a job to a place in the order."""
    before = _item(playlist, job).position
    position = _position(request)
    place_job(playlist, job=job, position=position, by=actor)
    return Toast(
        _("“%(title)s” is now number %(place)d.") % {"title": job.title, "place": max(0, position) + 1},
        _url("place", playlist),
        {"job": str(job.pk), "position": str(before)},
    )


def _position(request: HttpRequest) -> int:
    try:
        return int(request.POST.get("position", ""))
    except ValueError:
        raise Invalid(
            _("A place is a whole number."), field="position", remedy=_("Use the up and down buttons.")
        ) from None


@_on_item
def playlist_pin(request: HttpRequest, playlist: Playlist, job: Job, actor: Actor) -> Toast:
    """Hold a job at its place, or let it go with the order."""
    pinned = request.POST.get("pinned") == "1"
    pin_job(playlist, job=job, pinned=pinned, by=actor)
    text = _("“%(title)s” is pinned.") if pinned else _("“%(title)s” is no longer pinned.")
    return Toast(
        text % {"title": job.title},
        _url("pin", playlist),
        {"job": str(job.pk), "pinned": "0" if pinned else "1"},
    )


@_on_item
def playlist_expire(request: HttpRequest, playlist: Playlist, job: Job, actor: Actor) -> Toast:
    """Say until when a job lies on this list; an empty day is as long as the list."""
    before = _day(_item(playlist, job))
    until = last_moment(request.POST.get("until", ""))
    expire_job(playlist, job=job, until=until, by=actor)
    text = _("“%(title)s” has a last day.") if until else _("“%(title)s” stays as long as the list.")
    return Toast(text % {"title": job.title}, _url("expire", playlist), {"job": str(job.pk), "until": before})


def _day(item: PlaylistItem) -> str:
    return item.until.date().isoformat() if item.until else ""


@_on_item
def playlist_exclude(request: HttpRequest, playlist: Playlist, job: Job, actor: Actor) -> Toast:
    """Keep a job out of what people see without forgetting it."""
    excluded = request.POST.get("excluded") == "1"
    exclude_job(playlist, job=job, excluded=excluded, by=actor)
    text = _("“%(title)s” is left out.") if excluded else _("“%(title)s” is back in.")
    return Toast(
        text % {"title": job.title},
        _url("exclude", playlist),
        {"job": str(job.pk), "excluded": "0" if excluded else "1"},
    )
