"""Which cards lie on which shelf: each shelf is a field of jobs and a way to deal from it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from segue.engine.caps import Cap
from segue.engine.rank import DEFAULT_EPSILON, Election, Step, deal
from segue.engine.variety import LastStage, Unbound
from segue.engine.vectors import cosines
from segue.kit.ids import number_of
from segue.recommend.choosing import Chooser, votes_of
from segue.recommend.curated import Field, Mask, Pick, curated_field
from segue.recommend.models import CardStance, PlaylistItem, Shelf, Stance
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
    policy_hash: str = ""  # of the policy that had a say within the pools, and what it saw of each card
    arms: Mapping[int, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.picks)

    @overload
    def __getitem__(self, place: int) -> Pick: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Pick]: ...
    def __getitem__(self, place: int | slice) -> Pick | Sequence[Pick]:
        return self.picks[place]


def fields_of(
    ranking: Ranking,
    stances: Mapping[uuid.UUID, CardStance],
    items: Sequence[PlaylistItem],
    last: LastStage | None = None,
    seen: frozenset[uuid.UUID] = frozenset(),
) -> dict[Shelf, Field]:
    """Return every shelf that has something to offer this person; `last` has the last word on its scores.

    `seen` are the picks this person saw this week already, which a curator's weekly cap counts.
    """
    offered = _offered(ranking, stances)
    curated = curated_field(ranking, items, seen)
    if curated is not None:
        offered[Shelf.RECRUITERS] = curated
    if last is None or isinstance(last, Unbound) or not ranking.input.personalised:
        return offered
    settled = last.settle(ranking.scores)
    return {shelf: replace(one, scores=settled) for shelf, one in offered.items()}


def _offered(ranking: Ranking, stances: Mapping[uuid.UUID, CardStance]) -> dict[Shelf, Field]:
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
    return offered


def deal_field(
    one: Field,
    ranking: Ranking,
    taken: set[int],
    *,
    k: int,
    seed: str,
    chooser: Chooser | None = None,
    counted: Collection[int] = (),
) -> Hand:
    """Deal k cards: the shelf's fixed picks first, the rest by score, spread, policy and a little chance.

    Rows `taken` lie somewhere already; those `counted` stand against the field's caps.
    """
    picks, caps = _fixed(one, taken, counted, k)
    arms: dict[int, int] = {}
    fixed, number, eligible = len(picks), number_of(seed), one.eligible.copy()
    eligible[list(taken | {pick.row for pick in picks})] = False
    # chance and variety are for those we know something of; for the others newest first means just that
    epsilon, lambda_ = (DEFAULT_EPSILON, MIX_LAMBDA) if ranking.input.personalised else (0.0, 1.0)
    slot = one.slot if k > 1 else None  # one card in another's place is no place to explore
    elect = _election(chooser, one.shelf, arms) if chooser is not None else None
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
        elect=elect,
        caps=caps,
    )
    dealt = zip(hand.indices.tolist(), hand.propensities.tolist(), hand.explored.tolist(), strict=True)
    picks += [Pick(row, p, drawn, *_own_reason(one, ranking, row)) for row, p, drawn in dealt]
    policy_hash = chooser.policy.hash if chooser is not None else ""
    return Hand(tuple(picks), number, epsilon, lambda_, fixed, hand.steps, slot, policy_hash, arms)


def _election(chooser: Chooser, shelf: Shelf, arms: dict[int, int]) -> Election:
    """How the policy votes among cards of a pool; what it saw of each goes into `arms` for the trace."""

    def elect(rows: NDArray[np.intp], worth: NDArray[np.float64]) -> NDArray[np.int64]:
        seen = chooser.arms(rows, shelf)
        arms.update(zip(rows.tolist(), seen.tolist(), strict=True))
        return votes_of(chooser.belief, worth, seen)

    return elect


def _fixed(one: Field, taken: set[int], counted: Collection[int], k: int) -> tuple[list[Pick], list[Cap]]:
    """The picks that are certain, as far as the caps allow, and the room that is left beside them."""
    caps = [reduce(Cap.with_one, sorted(counted), cap) for cap in one.caps]
    picks: list[Pick] = []
    for pick in one.fixed:
        if len(picks) < k and pick.row not in taken and not any(cap.full(pick.row) for cap in caps):
            picks.append(pick)
            caps = [cap.with_one(pick.row) for cap in caps]
    return picks, caps


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
