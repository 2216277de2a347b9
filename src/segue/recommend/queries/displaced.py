"""How a curator's picks did against the jobs that would have lain in their places."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from segue.catalog.models import Job
from segue.engine.rates import Difference, difference
from segue.kit import clock
from segue.kit.actor import Actor
from segue.kit.errors import NotAllowed
from segue.listen.models import Signal, Tier
from segue.recommend.models import Exposure, PlaylistItem, Shelf

MEMORY_DAYS = 90
LEAST_PEOPLE = 50  # on either side, before anything is said
LONGEST = 50_000
ACTS = {"opened": "card.clicked", "saved": "card.saved", "applied": "application.submitted"}
Pairs = dict[uuid.UUID, set[uuid.UUID]]  # people by job


@dataclass(frozen=True, slots=True)
class Comparison:
    """One act: who did it with the pick, and with what it displaced. No difference: not enough people."""

    act: str
    people: int
    instead: int
    difference: Difference | None


@dataclass(frozen=True, slots=True)
class PickAgainst:
    """One pick beside what it displaced; `seen` and `instead_seen` are people who had it on their screen."""

    job: Job
    seen: int
    instead_seen: int
    acts: tuple[Comparison, ...]

    @property
    def enough(self) -> bool:
        return min(self.seen, self.instead_seen) >= LEAST_PEOPLE


def picks_against_displaced(items: Iterable[PlaylistItem], by: Actor) -> list[PickAgainst]:
    """Return each pick's people beside those of the jobs it displaced, in three queries at most.

    A displaced job is judged by the people who saw it elsewhere, on a shelf where the machine laid it; each
    job it displaced counts alike. Where either side has too few people, nothing is said of the difference.
    Raises NotAllowed for anybody but the talent team.
    """
    if not (by.is_talent_team or by.is_machine):
        raise NotAllowed("Playlists are for the talent team.", field="playlist")
    jobs = [item.job for item in items]
    seen, instead_of = _picked({job.pk for job in jobs})
    instead_seen = _laid_elsewhere({other for others in instead_of.values() for other in others})
    acted = _acted({*seen, *instead_seen})
    return [_against(job, seen, instead_of, instead_seen, acted) for job in jobs if seen.get(job.pk)]


def _since() -> dict[str, object]:
    return {"visible": True, "shown_at__gte": clock.now() - timedelta(days=MEMORY_DAYS)}


def _picked(job_ids: set[uuid.UUID]) -> tuple[Pairs, Pairs]:
    """Who saw each pick, and which jobs it displaced."""
    rows = Exposure.objects.filter(job_id__in=job_ids, shelf=Shelf.RECRUITERS, **_since())
    seen: Pairs = defaultdict(set)
    instead_of: Pairs = defaultdict(set)
    for job_id, person_id, other in rows.values_list("job_id", "person_id", "displaced_job_id")[:LONGEST]:
        seen[job_id].add(person_id)
        if other is not None:
            instead_of[job_id].add(other)
    return seen, instead_of


def _laid_elsewhere(job_ids: set[uuid.UUID]) -> Pairs:
    if not job_ids:
        return {}
    rows = Exposure.objects.filter(job_id__in=job_ids, **_since()).exclude(shelf=Shelf.RECRUITERS)
    seen: Pairs = defaultdict(set)
    for job_id, person_id in rows.values_list("job_id", "person_id")[:LONGEST]:
        seen[job_id].add(person_id)
    return seen


def _acted(job_ids: set[uuid.UUID]) -> dict[tuple[uuid.UUID, str], set[uuid.UUID]]:
    """Who did what with which job; robots' acts and those nobody can vouch for are nobody's."""
    if not job_ids:
        return {}
    rows = Signal.objects.filter(
        job_id__in=job_ids, kind__in=ACTS.values(), tier__in=[Tier.A, Tier.B], person_id__isnull=False
    )
    found: dict[tuple[uuid.UUID, str], set[uuid.UUID]] = defaultdict(set)
    for job_id, kind, person_id in rows.values_list("job_id", "kind", "person_id"):
        if job_id is not None and person_id is not None:
            found[job_id, kind].add(person_id)
    return found


def _against(
    job: Job,
    seen: Pairs,
    instead_of: Pairs,
    instead_seen: Pairs,
    acted: dict[tuple[uuid.UUID, str], set[uuid.UUID]],
) -> PickAgainst:
    others = instead_of.get(job.pk, set())
    n, other_n = len(seen[job.pk]), sum(len(instead_seen.get(other, ())) for other in others)
    acts = []
    for act, kind in ACTS.items():
        people = len(seen[job.pk] & acted.get((job.pk, kind), set()))
        instead = sum(len(instead_seen.get(one, set()) & acted.get((one, kind), set())) for one in others)
        enough = min(n, other_n) >= LEAST_PEOPLE
        acts.append(
            Comparison(act, people, instead, difference(people, n, instead, other_n) if enough else None)
        )
    return PickAgainst(job, n, other_n, tuple(acts))
