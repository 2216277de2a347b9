"""Which cards lie on which shelf: each shelf is a field of jobs and a way to deal from it."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from segue.catalog.models import Job
from segue.engine.rank import DEFAULT_EPSILON, Step, deal
from segue.engine.variety import Facet, LastStage, Unbound
from segue.engine.vectors import cosines
from segue.recommend.models import CardStance, Playlist, PlaylistItem, Shelf, Stance
from segue.recommend.queries.playlists import meant_for
from segue.recommend.ranking import Ranking
from segue.recommend.variety import facets_of

SIZES = {
    Shelf.WEEKLY_MIX: 10,
    Shelf.NEW: 8,
    Shelf.BECAUSE: 6,
    Shelf.STRETCH: 6,
    Shelf.RECRUITERS: 8,
}
ORDER = (Shelf.WEEKLY_MIX, Shelf.RECRUITERS, Shelf.NEW, Shelf.BECAUSE, Shelf.STRETCH)
DEAL_ORDER = (Shelf.RECRUITERS, *(shelf for shelf in ORDER if shelf is not Shelf.RECRUITERS))
NEW_DAYS = 21
MIX_LAMBDA = 0.8  # how much fit counts against variety
CALIBRATION = (
    0.25  # what a mix pays for each nat it stands off its person's own shares: enough to cross a real gap
)
ANCHORS = 2  # familiar jobs the weekly mix opens with, at most
SLOT = 4  # the place of the weekly mix that is kept for exploration, counted after the anchors
FEW = 4
NEAR_ENOUGH = 0.35
_STRETCH_LOW, _STRETCH_HIGH = 0.2, 0.85
_SKILLS = 3  # column of "skills" in engine.content.FEATURES

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Pick:
    """A job dealt to a place, with the exact chance it had there."""

    row: int
    propensity: float
    explored: bool = False
    code: str = ""  # a reason of the shelf's own; "" leaves it to the explanation
    args: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Hand(Sequence[Pick]):
    """Picks in order, with what it takes to deal them again: the first `fixed` were not drawn."""

    picks: tuple[Pick, ...]
    seed: int
    epsilon: float
    lambda_: float
    fixed: int = 0
    steps: tuple[Step, ...] = ()
    slot: int | None = None

    def __len__(self) -> int:
        return len(self.picks)

    @overload
    def __getitem__(self, place: int) -> Pick: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Pick]: ...
    def __getitem__(self, place: int | slice) -> Pick | Sequence[Pick]:
        return self.picks[place]


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


def fields_of(
    ranking: Ranking,
    stances: Mapping[uuid.UUID, CardStance],
    items: Sequence[PlaylistItem],
    last: LastStage | None = None,
) -> dict[Shelf, Field]:
    """Return every shelf that has something to offer this person; `last` has the last word on its scores."""
    offered = _offered(ranking, stances, items)
    if last is None or isinstance(last, Unbound) or not ranking.input.personalised:
        return offered
    settled = last.settle(ranking.scores)
    return {shelf: replace(one, scores=settled) for shelf, one in offered.items()}


def _offered(
    ranking: Ranking, stances: Mapping[uuid.UUID, CardStance], items: Sequence[PlaylistItem]
) -> dict[Shelf, Field]:
    free = ranking.vetoes == 0
    fresh = free & ~_held(ranking, stances)
    offered = {Shelf.NEW: _new(ranking, fresh)}
    if ranking.input.personalised:
        fitting = _fitting(ranking, fresh)
        offered[Shelf.WEEKLY_MIX] = _weekly(ranking, fitting, free, stances)
        offered[Shelf.STRETCH] = _stretch(ranking, fitting)
        because = _because(ranking, fitting, stances)
        if because is not None:
            offered[Shelf.BECAUSE] = because
    curated = _curated(ranking, free, items)
    if curated is not None:
        offered[Shelf.RECRUITERS] = curated
    return offered


def deal_field(one: Field, ranking: Ranking, taken: set[int], *, k: int, seed: str) -> Hand:
    """Deal k cards: the shelf's fixed picks first, the rest by score, spread and a little chance."""
    picks = [pick for pick in one.fixed if pick.row not in taken][:k]
    fixed, number = len(picks), int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big")
    eligible = one.eligible.copy()
    eligible[list(taken | {pick.row for pick in picks})] = False
    epsilon = DEFAULT_EPSILON if ranking.input.personalised else 0.0
    # variety is for those we know something of; for the others newest first means just that
    lambda_ = MIX_LAMBDA if ranking.input.personalised else 1.0
    slot = one.slot if k > 1 else None  # one card in another's place is no place to explore
    hand = deal(
        one.scores,
        eligible,
        ranking.catalogue.columns.vec,
        k - fixed,
        np.random.default_rng(number),
        epsilon,
        lambda_=lambda_,
        facets=one.facets,
        calibration=CALIBRATION,
        slot=slot,
    )
    for row, propensity, explored in zip(hand.indices, hand.propensities, hand.explored, strict=True):
        code, args = _own_reason(one, ranking, int(row))
        picks.append(Pick(int(row), float(propensity), bool(explored), code, args))
    return Hand(tuple(picks), number, epsilon, lambda_, fixed, hand.steps, slot)


def _fitting(ranking: Ranking, fresh: Mask) -> Mask:
    """Jobs with more for them than against them; where those are few, the best few there are."""
    fitting = fresh & (ranking.scores > 0)
    if fitting.sum() < FEW:
        best = np.argsort(np.where(fresh, -ranking.scores, np.inf), kind="stable")[:FEW]
        fitting[best] = fresh[best]
    return fitting


def _held(ranking: Ranking, stances: Mapping[uuid.UUID, CardStance]) -> Mask:
    """Jobs already saved: they have a shelf of their own."""
    held = np.zeros(len(ranking.catalogue), dtype=np.bool_)
    for job_id, stance in stances.items():
        row = ranking.catalogue.row_of.get(job_id)
        if row is not None and stance.stance == Stance.SAVED:
            held[row] = True
    return held


def _weekly(ranking: Ranking, fresh: Mask, free: Mask, stances: Mapping[uuid.UUID, CardStance]) -> Field:
    """The week's mix opens with what is familiar: the latest saved that can still be had, one or two.

    Its shares of departments, places and levels follow those of what the person went for.
    """
    anchors = _latest(ranking, free, stances, {Stance.SAVED})[:ANCHORS]
    fixed = tuple(Pick(row, 1.0, code="familiar") for row in anchors)
    facets = facets_of(ranking, fresh) if ranking.input.uses_behaviour else ()
    return Field(Shelf.WEEKLY_MIX, fresh, ranking.scores, fixed=fixed, facets=facets, slot=SLOT)


def _new(ranking: Ranking, fresh: Mask) -> Field:
    posted = ranking.catalogue.columns.posted_day
    recent = fresh & (posted >= ranking.today - NEW_DAYS)
    if recent.sum() < SIZES[Shelf.NEW]:  # a quiet month: the newest there are
        order = np.argsort(np.where(fresh, -np.nan_to_num(posted, nan=-1.0), np.inf), kind="stable")
        recent = np.zeros_like(fresh)
        recent[order[: 3 * SIZES[Shelf.NEW]]] = True
        recent &= fresh
    return Field(Shelf.NEW, recent, ranking.scores)


def _because(ranking: Ranking, fresh: Mask, stances: Mapping[uuid.UUID, CardStance]) -> Field | None:
    anywhere = np.ones_like(fresh)
    kinds: tuple[set[Stance], ...] = ({Stance.SAVED}, {Stance.LIKED})
    anchors = [row for one in kinds for row in _latest(ranking, anywhere, stances, one)]
    if not anchors or not ranking.input.uses_behaviour:
        return None
    anchor = anchors[0]
    titles = ranking.catalogue.columns.title_vec
    near = cosines(titles[[anchor]], titles)[0] >= NEAR_ENOUGH
    near[anchor] = False
    job = ranking.catalogue.jobs[anchor]
    return Field(Shelf.BECAUSE, fresh & near, ranking.scores, anchor=job)


def _stretch(ranking: Ranking, fresh: Mask) -> Field:
    """Jobs partly within reach: some of the skills, not all of them."""
    skills = ranking.features[:, _SKILLS]
    partly = (skills >= _STRETCH_LOW) & (skills <= _STRETCH_HIGH)
    return Field(Shelf.STRETCH, fresh & partly, ranking.scores)


def _curated(ranking: Ranking, free: Mask, items: Sequence[PlaylistItem]) -> Field | None:
    """Curators' lists: pins first in their order, exclusions bind their own list, fit orders the rest."""
    eligible = np.zeros_like(free)
    fixed: dict[int, Pick] = {}
    for item in items:
        row = ranking.catalogue.row_of.get(item.job_id)
        if row is None or item.excluded or not free[row] or not _is_for(item.playlist, ranking):
            continue
        eligible[row] = True
        if item.pinned:
            told = {"playlist": item.playlist.title, "note": item.note}
            fixed.setdefault(row, Pick(row, 1.0, code="pinned", args=told))
    if not eligible.any():
        return None
    return Field(Shelf.RECRUITERS, eligible, ranking.scores, fixed=tuple(fixed.values()))


def _is_for(playlist: Playlist, ranking: Ranking) -> bool:
    """Choosing by skill or country reads the profile; without that consent only lists for all are left."""
    if not ranking.input.uses_profile:
        return not playlist.audience
    return meant_for(playlist, ranking.input.person)


def _latest(
    ranking: Ranking, allowed: Mask, stances: Mapping[uuid.UUID, CardStance], kinds: set[Stance]
) -> list[int]:
    """Rows of the jobs with these stances, the latest first."""
    newest = sorted((s for s in stances.values() if s.stance in kinds), key=lambda s: s.at, reverse=True)
    rows = (ranking.catalogue.row_of.get(stance.job_id) for stance in newest)
    return [row for row in rows if row is not None and allowed[row]]


def _own_reason(one: Field, ranking: Ranking, row: int) -> tuple[str, dict[str, Any]]:
    if one.shelf is Shelf.BECAUSE and one.anchor is not None:
        return "because_saved", {"job_id": str(one.anchor.pk), "title": one.anchor.title}
    if one.shelf is Shelf.RECRUITERS:
        return "curated", {}
    if one.shelf is Shelf.STRETCH:
        job = ranking.catalogue.jobs[row]
        held = set(ranking.input.person.skills)
        label = ranking.catalogue.skill_labels
        missing = [label.get(slug, slug) for slug in job.required_skills if slug not in held]
        return "stretch", {"have": len(job.required_skills) - len(missing), "missing": missing[:3]}
    return "", {}
