"""Curated lists: who sees them, what is in them, and how the picks do."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from segue.catalog.models import Job, JobStatus, Person
from segue.kit import clock
from segue.kit.actor import Actor
from segue.kit.errors import NotAllowed, NotFound
from segue.kit.prepared import Reading
from segue.learn.queries.segments.listing import is_in
from segue.listen.models import Signal, Tier
from segue.recommend.models import Exposure, Playlist, PlaylistItem, Shelf


@dataclass(frozen=True, slots=True)
class ItemPerformance:
    """How one pick did: counts of people."""

    job: Job
    shown: int
    opened: int
    saved: int
    applied: int


def playlists_visible_to(actor: Actor) -> QuerySet[Playlist]:
    """Return the lists this colleague may see: the talent team sees all, others none."""
    rows = Playlist.objects.select_related("curator").order_by("-updated_at")
    return rows if actor.is_talent_team or actor.is_machine else rows.none()


def playlist_for(actor: Actor, playlist_id: uuid.UUID | str) -> Playlist:
    """Return one list, or say it is not there."""
    found = playlists_visible_to(actor).filter(pk=playlist_id).first()
    if found is None:
        raise NotFound("No such playlist.", field="playlist", remedy="It may have been deleted.")
    return found


def items_of(playlist: Playlist, by: Actor | None = None) -> list[PlaylistItem]:
    """Return a list's items in the curator's order, each with its job."""
    if by is not None and not (by.is_talent_team or by.is_machine):
        raise NotAllowed("Playlists are for the talent team.", field="playlist")
    return list(playlist.items.select_related("job").order_by("position", "id"))


def published_items() -> list[PlaylistItem]:
    """Return every unexpired item of every published, unexpired list in one query, list by list."""
    return _PUBLISHED.read(at=clock.now())


def _live(at: datetime) -> QuerySet[PlaylistItem]:
    held = Q(until__isnull=True) | Q(until__gt=at)
    live = (
        held
        & Q(playlist__published=True)
        & (Q(playlist__expires_at__isnull=True) | Q(playlist__expires_at__gt=at))
    )
    rows = PlaylistItem.objects.filter(live, job__status=JobStatus.OPEN)
    return rows.select_related("playlist").order_by("-playlist__updated_at", "position", "id")


_PUBLISHED = Reading(_live, at=datetime)


def picks_seen_since(person_id: uuid.UUID, since: datetime) -> frozenset[uuid.UUID]:
    """Return the jobs this person saw on the curators' shelf since then: what a weekly cap counts."""
    rows = Exposure.objects.filter(person_id=person_id, shelf=Shelf.RECRUITERS, visible=True)
    return frozenset(rows.filter(shown_at__gte=since).values_list("job_id", flat=True))


def meant_for(playlist: Playlist, person: Person) -> bool:
    """Say whether the list's audience holds this person; an empty audience is everyone."""
    audience = playlist.audience or {}
    country, skill = audience.get("country"), audience.get("skill")
    if (country and country != person.country) or (skill and skill not in person.skills):
        return False
    segment = audience.get("segment")
    return not segment or is_in(person.pk, segment)


def performance_of(playlist: Playlist, by: Actor) -> list[ItemPerformance]:
    """Return shown, opened, saved and applied counts of people per pick, in two queries.

    Clicks of robots, and those nobody can vouch for, are not people's.
    """
    items = items_of(playlist, by)
    job_ids = [item.job_id for item in items]
    shown = dict(
        Exposure.objects.filter(job_id__in=job_ids, shelf=Shelf.RECRUITERS)
        .values_list("job_id")
        .annotate(people=Count("person_id", distinct=True))
    )
    heard = (
        Signal.objects.filter(
            job_id__in=job_ids,
            kind__in=["card.clicked", "card.saved", "application.submitted"],
            tier__in=[Tier.A, Tier.B],
        )
        .values_list("job_id", "kind")
        .annotate(people=Count("person_id", distinct=True))
    )
    counts = {(job_id, kind): people for job_id, kind, people in heard}
    return [
        ItemPerformance(
            job=item.job,
            shown=shown.get(item.job_id, 0),
            opened=counts.get((item.job_id, "card.clicked"), 0),
            saved=counts.get((item.job_id, "card.saved"), 0),
            applied=counts.get((item.job_id, "application.submitted"), 0),
        )
        for item in items
    ]
