"""What a curator does; each verb is undone by its inverse."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import Enum
from typing import Any

from django.db.models import F, Max

from segue.catalog.models import Job
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Invalid, NotAllowed, NotFound
from segue.learn.models import Segment
from segue.learn.queries.segments.listing import segment_for
from segue.recommend.models import Playlist, PlaylistItem

LONGEST = 200
CAPS = ("home", "week", "department")
AUDIENCES = ("country", "skill", "segment")


class Unchanged(Enum):
    """What is not said stays as it is, where None means something."""

    YES = "unchanged"


def _curators_only(by: Actor) -> uuid.UUID:
    if not by.is_talent_team or by.account_id is None:
        raise NotAllowed("Only recruiters curate playlists.", field="playlist")
    return by.account_id


def _touch(playlist: Playlist) -> Playlist:
    playlist.version += 1
    playlist.updated_at = clock.now()
    playlist.save(update_fields=["version", "updated_at"])
    return playlist


def _item(playlist: Playlist, job: Job) -> PlaylistItem:
    found = playlist.items.filter(job=job).first()
    if found is None:
        raise NotFound("This job is not in the playlist.", field="job", remedy="Add it first.")
    return found


@action("recommend.create_playlist")
def create_playlist(*, title: str, by: Actor, note: str = "") -> Playlist:
    """Start an unpublished list; it needs a title and a named curator."""
    curator = _curators_only(by)
    return Playlist.objects.create(title=_title(title), note=note.strip()[:300], curator_id=curator)


@action("recommend.create_playlist_for")
def create_playlist_for(segment: Segment, *, by: Actor) -> Playlist:
    """Start an unpublished list that only those in a segment will see. Raises as `create_playlist`."""
    playlist = create_playlist(title=segment.name, by=by)
    return edit_playlist(playlist, audience={"segment": str(segment.pk)}, by=by)


def _title(title: str) -> str:
    if not title.strip():
        raise Invalid("A playlist needs a title.", field="title", remedy="Give it a short name.")
    if len(title.strip()) > 120:
        raise Invalid("The title is too long.", field="title", remedy="Keep it to 120 characters.")
    return title.strip()


@action("recommend.edit_playlist")
def edit_playlist(
    playlist: Playlist,
    *,
    by: Actor,
    title: str | None = None,
    note: str | None = None,
    expires_at: datetime | Unchanged | None = Unchanged.YES,
    audience: dict[str, Any] | None = None,
    caps: dict[str, int] | None = None,
) -> Playlist:
    """Change a list's words, expiry (None: never), audience (`{}`, `{"country": …}`, `{"skill": …}`,
    `{"segment": …}`) or caps (`{"home": …, "week": …, "department": …}`; one left out is no limit)."""
    _curators_only(by)
    if audience is not None and not set(audience) <= set(AUDIENCES):
        raise Invalid(
            "An audience is a country, a skill or a segment.",
            field="audience",
            remedy=f"Use {', '.join(AUDIENCES)}.",
        )
    if audience and audience.get("segment"):
        audience["segment"] = str(segment_for(by, audience["segment"]).pk)
    if caps is not None:
        playlist.caps = _caps(caps)
    if title is not None:
        playlist.title = _title(title)
    if note is not None:
        playlist.note = note.strip()[:300]
    if audience is not None:
        playlist.audience = audience
    if expires_at is not Unchanged.YES:
        playlist.expires_at = expires_at
    playlist.save(update_fields=["title", "note", "audience", "caps", "expires_at"])
    return _touch(playlist)


def _caps(caps: dict[str, int]) -> dict[str, int]:
    for name, most in caps.items():
        if name not in CAPS:
            raise Invalid("There is no such limit.", field=name, remedy=f"Use {', '.join(CAPS)}.")
        if not 1 <= most <= LONGEST:
            raise Invalid(
                "A limit is a whole number above 0.", field=name, remedy="Leave it empty for no limit."
            )
    return dict(caps)


@action("recommend.publish_playlist")
def publish_playlist(playlist: Playlist, *, published: bool, by: Actor) -> Playlist:
    """Show the list on people's homes, or take it off."""
    _curators_only(by)
    playlist.published = published
    playlist.save(update_fields=["published"])
    return _touch(playlist)


@action("recommend.add_job")
def add_job(playlist: Playlist, *, job: Job, by: Actor) -> Playlist:
    """Put a job at the end of the list; one already there stays where it is."""
    _curators_only(by)
    if playlist.items.count() >= LONGEST:
        raise Invalid("This playlist is full.", field="job", remedy=f"Keep it to {LONGEST} jobs.")
    last = playlist.items.aggregate(last=Max("position"))["last"]
    position = 0 if last is None else last + 1
    PlaylistItem.objects.get_or_create(playlist=playlist, job=job, defaults={"position": position})
    return _touch(playlist)


@action("recommend.remove_job")
def remove_job(playlist: Playlist, *, job: Job, by: Actor) -> Playlist:
    """Take a job out and close the gap."""
    _curators_only(by)
    item = _item(playlist, job)
    item.delete()
    playlist.items.filter(position__gt=item.position).update(position=F("position") - 1)
    return _touch(playlist)


@action("recommend.place_job")
def place_job(playlist: Playlist, *, job: Job, position: int, by: Actor) -> Playlist:
    """Move a job to a place, counted from 0; the others make room."""
    _curators_only(by)
    moving = _item(playlist, job)
    rest = [item for item in playlist.items.order_by("position", "id") if item.pk != moving.pk]
    rest.insert(max(0, min(position, len(rest))), moving)
    for place, item in enumerate(rest):
        item.position = place
    PlaylistItem.objects.bulk_update(rest, ["position"])
    return _touch(playlist)


@action("recommend.pin_job")
def pin_job(playlist: Playlist, *, job: Job, pinned: bool, by: Actor) -> Playlist:
    """Hold a job at its place, or let the order follow each person's fit."""
    return _mark(playlist, job, by, pinned=pinned)


@action("recommend.exclude_job")
def exclude_job(playlist: Playlist, *, job: Job, excluded: bool, by: Actor) -> Playlist:
    """Keep a job out of this list without forgetting it, or let it back in."""
    return _mark(playlist, job, by, excluded=excluded)


@action("recommend.expire_job")
def expire_job(playlist: Playlist, *, job: Job, until: datetime | None, by: Actor) -> Playlist:
    """Take a job off this list from a day on, or (None) let it stay as long as the list."""
    return _mark(playlist, job, by, until=until)


def _mark(playlist: Playlist, job: Job, by: Actor, **marks: bool | datetime | None) -> Playlist:
    _curators_only(by)
    item = _item(playlist, job)
    for name, value in marks.items():
        setattr(item, name, value)
    item.save(update_fields=list(marks))
    return _touch(playlist)
