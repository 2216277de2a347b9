"""Finding communities: how many there are by how far they are apart, if they are found again on resamples."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from segue.engine.communities.judging import adjusted_rand, silhouette
from segue.engine.communities.kmeans import Groups, k_means, means_of, nearest
from segue.engine.communities.space import AXES, SkillSets, Space, main_axes, unit_rows_of

LEAST_PEOPLE = 200
LEAST_SKILLS = 10
LEAST_SIZE = 10  # a smaller group is no community: its people are in none
MOST_GROUPS = 60
FLOOR = 0.80  # of the mean adjusted Rand index over resamples
RESAMPLES = 12
CHOSEN_ON, FITTED_ON, APART_ON = 4_000, 20_000, 1_500  # people: to choose k, to fit, to judge the silhouette
BETTER = 0.02  # by so much must another number of groups be farther apart before the one of before is left
MOST_TRIED = 6
COMMON = 0.5  # of its people have some one skill; else a group is what is left over, and no community
FAR = 0.99  # of a community's own people are within its reach; who is beyond is in none
_STARTS, _FEW_STARTS = 4, 2
Floats = NDArray[np.float64]


class Reason(StrEnum):
    """Why no communities were made."""

    FEW_PEOPLE = "few_people"
    FEW_SKILLS = "few_skills"
    UNSTABLE = "unstable"


@dataclass(frozen=True)
class Stability:
    """The adjusted Rand index between a grouping and those of resamples: mean, and where nine in ten lie."""

    mean: float
    low: float
    high: float

    @classmethod
    def of(cls, found: list[float]) -> Stability:
        low, high = np.quantile(found, (0.05, 0.95))
        return cls(round(float(np.mean(found)), 4), round(float(low), 4), round(float(high), 4))


@dataclass(frozen=True)
class Tried:
    """A number of groups that was looked at. `stability` is None where it never came to that."""

    k: int
    silhouette: float
    stability: Stability | None = None


@dataclass(frozen=True)
class Abstained:
    """Nothing was made of so many people with skills that several have, and why."""

    reason: Reason
    people: int
    tried: tuple[Tried, ...] = ()


@dataclass(frozen=True, eq=False)
class Fit:
    """k communities: what they were made of, and all that is needed to place anybody.

    `slugs`: the s skills that count. `centres` float64[g, d], g >= k, lie in `space`: those of the
    communities first, then of what is left over. `reach` float64[k]: distance beyond which nobody belongs;
    `centroids` float64[g, s]: means of unit rows, to begin from next time.
    """

    slugs: tuple[str, ...]
    space: Space
    centres: Floats
    reach: Floats
    centroids: Floats
    people: int
    tried: tuple[Tried, ...]

    def __len__(self) -> int:
        return len(self.reach)

    @property
    def chosen(self) -> Tried:
        return next(one for one in self.tried if one.stability is not None and one.stability.mean >= FLOOR)

    def warm(self, slugs: tuple[str, ...], space: Space) -> Floats:
        """Return these centres as points of another space, by the skills both know."""
        place = {slug: column for column, slug in enumerate(self.slugs)}
        rows = np.zeros((len(self.centres), len(slugs)))
        for column, slug in enumerate(slugs):
            if slug in place:
                rows[:, column] = self.centroids[:, place[slug]]
        return (rows - space.mean) @ space.axes


@dataclass(frozen=True, eq=False)
class Placed:
    """Where people belong: `label` int64[n], -1 for none; `distance` from the nearest centre either way."""

    ids: tuple[str, ...]
    label: NDArray[np.int64]
    distance: Floats


def fit_communities(
    sets: SkillSets, *, seed: int, before: Fit | None = None, axes: int = AXES
) -> Fit | Abstained:
    """Find communities among people by what they know, or say why there are none to be found.

    The same people, seed and `before` give the same bits, in whatever order people come. k is chosen on at
    most CHOSEN_ON people and the centres found on at most FITTED_ON, both picked by their ids alone;
    everybody is placed by `place`. Stability is that of the smaller sample: a larger one is no less firm.
    """
    known = sets.shared()
    if len(known) < LEAST_PEOPLE:
        return Abstained(Reason.FEW_PEOPLE, len(known))
    if len(known.slugs) < LEAST_SKILLS:
        return Abstained(Reason.FEW_SKILLS, len(known))
    tried = tuple(_tried(known.sample(CHOSEN_ON), seed, before, axes))
    if tried[-1].stability is None or tried[-1].stability.mean < FLOOR:
        return Abstained(Reason.UNSTABLE, len(known), _by_k(tried))
    k = tried[-1].k
    people = known.sample(FITTED_ON)
    rows = unit_rows_of(people.held)
    space = main_axes(rows, axes)
    points = space.points(rows)
    warm = before.warm(known.slugs, space) if before is not None and len(before.centres) == k else None
    groups = k_means(points, k, seed=seed, starts=_STARTS, warm=warm)
    return _told_apart(
        Fit(
            known.slugs,
            space,
            *_measured(points, groups),
            means_of(rows, groups.labels, k)[0],
            len(known),
            _by_k(tried),
        ),
        groups,
        people.held,
    )


def place(fit: Fit, known: Mapping[str, Collection[str]]) -> Placed:
    """Say where people belong, without fitting anything: the nearest community, or none if it is far.

    People without a skill that counts are left out; the others stand in the order of their ids.
    """
    sets = SkillSets.of(known, fit.slugs)
    label, distance = nearest(fit.space.points(unit_rows_of(sets.held)), fit.centres)
    reach = np.concatenate(
        [fit.reach, np.full(len(fit.centres) - len(fit), -1.0)]
    )  # what is left over: nobody
    return Placed(sets.ids, np.where(distance <= reach[label], label, -1), distance)


def reasons(fit: Fit, skills: frozenset[str], label: int, at_most: int = 3) -> list[str]:
    """Return the skills that brought somebody nearer to this community than to others, the strongest first.

    Squared distances differ by something linear in a person's row, so each skill has a part of its own in it.
    """
    others = np.delete(fit.centres, label, axis=0)
    towards = fit.centres[label] - (others.mean(axis=0) if len(others) else 0.0)
    pull = fit.space.axes @ towards
    place = {slug: column for column, slug in enumerate(fit.slugs)}
    parts = sorted((-pull[place[slug]], slug) for slug in skills if slug in place)
    return [slug for part, slug in parts if part < 0][:at_most]


def _tried(people: SkillSets, seed: int, before: Fit | None, axes: int) -> Iterator[Tried]:
    """Yield every number of groups with its silhouette; the last ones, best first, with their stability."""
    rows = unit_rows_of(people.held)
    space = main_axes(rows, axes)
    points = space.points(rows)
    judged = np.sort(np.random.default_rng([seed, 1]).permutation(len(points))[:APART_ON])
    found: dict[int, tuple[float, Groups]] = {}
    for k in _numbers(len(points), len(before.centres) if before else 0):
        warm = before.warm(people.slugs, space) if before is not None and len(before.centres) == k else None
        groups = k_means(points, k, seed=seed, starts=_FEW_STARTS, warm=warm)
        found[k] = silhouette(points[judged], groups.labels[judged]), groups
    bonus = {len(before.centres): BETTER} if before is not None else {}
    order = sorted(found, key=lambda k: (-found[k][0] - bonus.get(k, 0.0), k))
    yield from (Tried(k, round(found[k][0], 4)) for k in sorted(order[MOST_TRIED:]))
    for place, k in enumerate(order[:MOST_TRIED]):
        stability = stability_of(people, found[k][1], seed=seed, axes=axes)
        if stability.mean >= FLOOR:
            yield from (Tried(other, round(found[other][0], 4)) for other in order[place + 1 : MOST_TRIED])
        yield Tried(k, round(found[k][0], 4), stability)
        if stability.mean >= FLOOR:
            return


def stability_of(people: SkillSets, groups: Groups, *, seed: int, axes: int = AXES) -> Stability:
    """Find as many groups again among people drawn with replacement, axes and all, and compare."""
    found = []
    for draw in range(RESAMPLES):
        rng = np.random.default_rng([seed, 2, draw])
        drawn = np.sort(rng.integers(0, len(people), len(people)))
        rows = unit_rows_of(people.held[drawn])
        points = main_axes(rows, axes).points(rows)
        again = k_means(points, len(groups.centres), seed=seed + draw + 1, starts=_FEW_STARTS)
        common, first = np.unique(drawn, return_index=True)
        found.append(adjusted_rand(groups.labels[common], again.labels[first]))
    return Stability.of(found)


def _numbers(people: int, before: int) -> list[int]:
    """The numbers of groups to look at: every one at first, then in steps that grow."""
    most = min(MOST_GROUPS, people // (2 * LEAST_SIZE))
    steps = [*range(2, 13), *range(14, 31, 2), *range(33, MOST_GROUPS + 1, 3)]
    return sorted({k for k in (*steps, before) if 2 <= k <= most})


def _measured(points: Floats, groups: Groups) -> tuple[Floats, Floats]:
    """The centres, and how far the farthest hundredth of each group lies."""
    distance = np.sqrt(((points - groups.centres[groups.labels]) ** 2).sum(axis=1))
    reach = [
        float(np.quantile(distance[groups.labels == label], FAR)) if (groups.labels == label).any() else 0.0
        for label in range(len(groups.centres))
    ]
    return groups.centres, np.array(reach) + 1e-9  # whoever is at the edge itself is inside


def _told_apart(fit: Fit, groups: Groups, held: sparse.csr_array) -> Fit:
    """Leave out groups that are too small, and those whose people have little in common.

    k-means puts everybody somewhere, and who knows a bit of everything lies near the middle of all.
    """
    shares, sizes = means_of(held, groups.labels, len(fit))
    good = (sizes >= LEAST_SIZE) & (shares.max(axis=1) >= COMMON)
    order = np.concatenate([np.flatnonzero(good), np.flatnonzero(~good)])
    reach = fit.reach[np.flatnonzero(good)]
    return Fit(fit.slugs, fit.space, fit.centres[order], reach, fit.centroids[order], fit.people, fit.tried)


def _by_k(tried: tuple[Tried, ...]) -> tuple[Tried, ...]:
    return tuple(sorted(tried, key=lambda one: one.k))
