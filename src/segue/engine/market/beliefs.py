"""What a policy believes of every pair: features and behaviour weighed, calibrated by family, then the record
of each job and person on top, with how unsure it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import expit, logit

from segue.engine.calibration import fit_calibration
from segue.engine.effects import Effects, fit_effects
from segue.engine.market.nature import USED
from segue.engine.market.rounds import View
from segue.engine.rank import DEFAULT_WEIGHTS
from segue.engine.sources.gram import Gram
from segue.engine.sources.linear import Ease
from segue.engine.stack import group_of
from segue.engine.two_sided import unsure

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

PRIOR_SCALE, PRIOR_PRECISION = 8.0, 4.0  # logits per unit of a product's weight, and how sure of it
TOGETHER = 0.2  # logits for one deviation of what like people did, before anything is known
EASE_L2, APPLY_WEIGHT = 20.0, 3.0
GROUPS = 3  # of activity, those without any left out


@dataclass(frozen=True)
class Prior:
    """What the weights of content are before anything was seen, and the level of a first success."""

    content: Mapping[str, float]
    base: float


WANT = Prior({name: PRIOR_SCALE * DEFAULT_WEIGHTS[name] for name in USED}, 0.03)
# Employers are not told where somebody lives or what they ask.
TAKE = Prior({name: PRIOR_SCALE * DEFAULT_WEIGHTS[name] for name in ("text", "title", "skills")}, 0.17)


@dataclass(frozen=True, eq=False)
class Belief:
    """`logit` float64[P, C] of each person's chance with each open job, records counted in; what is still
    unsure of every `job`'s own effect and every `person`'s."""

    logit: FloatArray
    job: Effects
    person: Effects


@dataclass(frozen=True, eq=False)
class Cases:
    """What became of n pairs: rows and columns int64[n], `ends` bool[n] for each label, the last one that
    counts, and at which place of a list each was seen."""

    person: IntArray
    job: IntArray
    ends: list[BoolArray]
    place: FloatArray

    @classmethod
    def of(cls, known: BoolArray, labels: list[BoolArray], position: IntArray | None = None) -> Cases:
        person, job = np.nonzero(known)
        place = np.zeros(len(person)) if position is None else position[person, job].astype(np.float64)
        return cls(person, job, [label[person, job] for label in labels], place)


@dataclass(eq=False)
class Ranker:
    """A logistic regression over content and, if told, over what like people did; then a curve per family,
    and on top, if told, the record of each job and (`of_people`) of each person.

    It learns from what like people had done when a card was shown, not since: nothing leaks.
    """

    prior: Prior
    content: bool
    together: bool  # what like people did
    records: bool
    of_people: bool = False
    _weights: FloatArray = field(default_factory=lambda: np.zeros(0))
    _now: FloatArray = field(default_factory=lambda: np.zeros(0))
    _then: FloatArray = field(default_factory=lambda: np.zeros(0))

    def believe(self, view: View, cases: Cases, jobs: IntArray) -> Belief:
        """Fit to all cases; calibrated log-odds of the last label for everybody and these jobs."""
        columns = [USED.index(name) for name in self.prior.content] if self.content else []
        features = view.visible.features[:, :, columns]
        rows = features[cases.person, cases.job].astype(np.float64)
        width, group = rows.shape[1], np.zeros(0, dtype=np.int64)
        if self.together:
            self._now = together(cases, self._surprise(rows, cases), features.shape[:2])
            self._then = self._then if self._then.size else np.zeros_like(self._now)
            group = group_of(view.logs.opened.sum(axis=1))
            rows = np.column_stack(
                [rows, _by_group(self._then[cases.person, cases.job], group[cases.person])]
            )
        weights = self._fit(rows, cases)
        score = (features[:, jobs] @ weights[:width].astype(np.float32)).astype(np.float64)
        if self.together:
            score += self._now[:, jobs] * np.append(0.0, weights[width:])[group][:, None]
        return self._recorded(view, cases, jobs, rows @ weights, score)

    def remember(self, slates: IntArray) -> None:
        """Keep what like people had done by now, for the pairs now shown."""
        if self._then.size:
            person, place = np.nonzero(slates >= 0)
            job = slates[person, place]
            self._then[person, job] = self._now[person, job]

    def _recorded(
        self, view: View, cases: Cases, jobs: IntArray, learnt: FloatArray, score: FloatArray
    ) -> Belief:
        """Calibrate by family, then add what records say beyond it."""
        family, families = view.visible.family, view.visible.families
        curve = fit_calibration(learnt, cases.ends[-1], family[cases.job], families=families)
        if unsure(curve, learnt):
            base = float(logit(self.prior.base))
            seen, odds = learnt + base, score + base
        else:
            seen = np.asarray(logit(curve.chance(learnt, family[cases.job])))
            odds = np.asarray(logit(curve.chance(score, family[jobs][None, :])))
        people, every = view.visible.features.shape[:2]
        if not self.records:
            return Belief(odds, Effects.certain(every), Effects.certain(people))
        job, person = _effects(seen, cases, (people, every), self.of_people)
        return Belief(odds + job.mean[jobs] + person.mean[:, None], job, person)

    def _surprise(self, rows: FloatArray, cases: Cases) -> FloatArray:
        """How much more each case came to than content alone made us expect, applications counting most."""
        weights = self._weights if len(self._weights) else self._start(len(cases.ends))[0]
        score, total = rows @ weights[: rows.shape[1]], np.zeros(len(rows))
        for end, much in zip(cases.ends, (1.0, APPLY_WEIGHT - 1.0), strict=True):
            total += much * (end - expit(_levelled(score, end)))
        return total

    def _start(self, labels: int) -> tuple[FloatArray, FloatArray]:
        """Means and precisions: of the weights, of the slope of position, and of each label's level."""
        mean = [*self.prior.content.values()] if self.content else []
        mean += [TOGETHER] * GROUPS if self.together else []
        start = np.concatenate([mean, [0.0], np.full(labels, logit(self.prior.base))])
        return start, np.array([PRIOR_PRECISION] * len(mean) + [0.1] * (1 + labels))

    def _fit(self, rows: FloatArray, cases: Cases) -> FloatArray:
        """Weights, one set for all labels; each label has a level of its own, and position one slope."""
        prior, precision = self._start(len(cases.ends))
        start = self._weights if len(self._weights) else prior
        columns = np.column_stack([rows, cases.place])
        self._weights = _logistic(columns, np.stack(cases.ends).astype(np.float64), prior, precision, start)
        return self._weights[: rows.shape[1]]


def _by_group(values: FloatArray, group: IntArray) -> FloatArray:
    """One column for each group of activity but the idle, with the values of those in it: float64[n, 3]."""
    return np.where(group[:, None] == np.arange(1, GROUPS + 1), values[:, None], 0.0)


def together(cases: Cases, surprise: FloatArray, shape: tuple[int, int]) -> FloatArray:
    """EASE over what was opened and applied for beyond what content foresaw, so that cards that were passed
    over speak too: float64[P, J], in deviations of all pairs; nought for whoever was shown nothing."""
    if not len(surprise):
        return np.zeros(shape)
    acts = sparse.csr_array((surprise, (cases.person, cases.job)), shape=shape)
    found = Ease(l2=EASE_L2, gram=Gram.of(acts)).scores_of(acts).astype(np.float64)
    deviation = float(found[np.diff(acts.indptr) > 0].std())
    return found / deviation if deviation > 1e-9 else np.zeros(shape)


def _effects(
    seen: FloatArray, cases: Cases, shape: tuple[int, int], of_people: bool
) -> tuple[Effects, Effects]:
    """Each job's record, and each person's, beyond the log-odds seen in their cases, by all labels."""
    odds = np.concatenate([_levelled(seen, end) for end in cases.ends])
    ends, labels = np.concatenate(cases.ends), len(cases.ends)
    at_person, at_job = np.tile(cases.person, labels), np.tile(cases.job, labels)
    people, jobs = shape
    job, person = Effects.none(jobs), Effects.certain(people)
    for _ in range(2 if of_people else 1):
        job = fit_effects(odds + person.mean[at_person], ends, at_job, things=jobs)
        if of_people:
            person = fit_effects(odds + job.mean[at_job], ends, at_person, things=people)
    return job, person


def _levelled(odds: FloatArray, end: BoolArray) -> FloatArray:
    """Log-odds moved until they foresee as many as there were."""
    shift = 0.0
    for _ in range(12):
        chance = expit(odds + shift)
        gap = end.sum() + 0.05 - chance.sum()
        shift += float(np.clip(gap / ((chance * (1.0 - chance)).sum() + 1.0), -1.0, 1.0))
    return odds + shift


def _logistic(
    rows: FloatArray, labels: FloatArray, prior: FloatArray, precision: FloatArray, start: FloatArray
) -> FloatArray:
    """Weights of the highest posterior under a normal prior, by Newton's method.

    `rows`: float64[n, w]; `labels`: float64[L, n], all of them on the same w weights; each has its own level:
    float64[w + L].
    """
    weights, width = start.copy(), rows.shape[1]
    for _ in range(8):
        p = expit(rows @ weights[:width] + weights[width:, None])
        surprise, sure = labels - p, p * (1.0 - p)
        gradient = np.concatenate([rows.T @ surprise.sum(axis=0), surprise.sum(axis=1)])
        curvature = np.diag(precision + np.concatenate([np.zeros(width), sure.sum(axis=1)]))
        curvature[:width, :width] += (rows * sure.sum(axis=0)[:, None]).T @ rows
        curvature[width:, :width] = sure @ rows
        curvature[:width, width:] = curvature[width:, :width].T
        gradient -= precision * (weights - prior)
        step = np.clip(np.linalg.solve(curvature, gradient), -1.0, 1.0)
        weights += step
        if np.abs(step).max() < 1e-2:
            break
    return weights
