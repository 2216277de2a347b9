"""The curators' shelf: what their lists put forward for one person, within the limits they set."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segue.catalog.models import Job
from segue.engine.caps import Cap
from segue.engine.variety import Facet
from segue.recommend.models import Playlist, PlaylistItem, Shelf
from segue.recommend.queries.playlists import meant_for
from segue.recommend.ranking import Ranking

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Pick:
    """A job dealt to a place, with the exact chance it had there."""

    row: int
    propensity: float
    explored: bool = False
    code: str = ""  # a reason of the shelf's own; "" leaves it to the explanation
    args: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Field:
    """What a shelf may be dealt from."""

    shelf: Shelf
    eligible: Mask
    scores: NDArray[np.float64]
    anchor: Job | None = None
    fixed: tuple[Pick, ...] = ()
    facets: tuple[Facet, ...] = ()
    slot: int | None = None
    caps: tuple[Cap, ...] = ()


def curated_field(
    ranking: Ranking, items: Sequence[PlaylistItem], seen: frozenset[uuid.UUID]
) -> Field | None:
    """Curators' lists: pins first in their order, exclusions bind their own list, caps bind all."""
    free = ranking.vetoes == 0
    eligible = np.zeros_like(free)
    fixed: dict[int, Pick] = {}
    list_of: dict[int, Playlist] = {}
    for item in items:
        row = ranking.catalogue.row_of.get(item.job_id)
        if row is None or item.excluded or not free[row] or not _is_for(item.playlist, ranking):
            continue
        eligible[row] = True
        list_of.setdefault(row, item.playlist)
        if item.pinned:
            told = {"playlist": item.playlist.title, "note": item.note}
            fixed.setdefault(row, Pick(row, 1.0, code="pinned", args=told))
    if not eligible.any():
        return None
    caps = _caps(ranking, list_of, seen)
    return Field(Shelf.RECRUITERS, eligible, ranking.scores, fixed=tuple(fixed.values()), caps=caps)


def _is_for(playlist: Playlist, ranking: Ranking) -> bool:
    """Choosing by skill or country reads the profile; without that consent only lists for all are left."""
    if not ranking.input.uses_profile:
        return not playlist.audience
    return meant_for(playlist, ranking.input.person)


def _caps(ranking: Ranking, list_of: Mapping[int, Playlist], seen: frozenset[uuid.UUID]) -> tuple[Cap, ...]:
    """The limits of all lists: on a home, in a week (what was seen already may stay), of one department."""
    kinds: dict[str, dict[int, tuple[object, int]]] = {"home": {}, "week": {}, "department": {}}
    for row, playlist in list_of.items():
        limits, job = playlist.caps or {}, ranking.catalogue.jobs[row]
        if "home" in limits:
            kinds["home"][row] = (playlist.pk, limits["home"])
        if "week" in limits and job.pk not in seen:
            mine = sum(ranking.catalogue.jobs[r].pk in seen for r, one in list_of.items() if one == playlist)
            kinds["week"][row] = (playlist.pk, limits["week"] - mine)
        if "department" in limits and job.department:
            kinds["department"][row] = ((playlist.pk, job.department), limits["department"])
    return tuple(_cap(rows, len(ranking.catalogue)) for rows in kinds.values() if rows)


def _cap(rows: Mapping[int, tuple[object, int]], size: int) -> Cap:
    """One limit over all jobs: each kind numbered, with its room."""
    number: dict[object, int] = {}
    room: list[int] = []
    codes = np.full(size, -1, dtype=np.int32)
    for row, (kind, most) in rows.items():
        if kind not in number:
            number[kind] = len(room)
            room.append(most)
        codes[row] = number[kind]
    return Cap(codes, np.array(room, dtype=np.int64))
