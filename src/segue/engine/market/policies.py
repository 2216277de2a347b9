"""The stack and what is left of it when one part is taken away.

The parts are the product's own: content features and their weights (`content`, `rank`), EASE over what
people opened and applied for (`ease`), chances calibrated by family, the worth of a match to both sides,
and openings that are shared out (`calibration`, `two_sided`). The ranker that joins the features is a
logistic regression refitted every round, since a boosted one would take minutes a market; its prior is
the weights the product starts with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import expit, logit

from segue.engine.calibration import fit_calibration
from segue.engine.market.nature import USED
from segue.engine.market.rounds import Dealt, Logs, Stage, View
from segue.engine.rank import DEFAULT_WEIGHTS
from segue.engine.sources.gram import Gram
from segue.engine.sources.linear import Ease
from segue.engine.two_sided import best_jobs, pair_worth, share_out, unsure

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

POOL = 10
EPSILON = 0.5  # of the one exploring card: half the time it is drawn from the next best
PRIOR_SCALE, PRIOR_PRECISION = 8.0, 4.0  # logits per unit of a product's weight, and how sure of it
JOB_CASES, PERSON_CASES = (
    3.0,
    1.5,
)  # hits as foreseen that a job's, or a person's, own record is weighed against
OFFERS, ACCEPTS = 0.32, 0.69  # public rates, the start of what is then counted
LEAST_ROOM = 1e-3
EASE_L2, APPLY_WEIGHT = 20.0, 3.0


@dataclass(frozen=True)
class Prior:
    """What the weights are before anything was seen: of content features, and of two signals."""

    content: Mapping[str, float]
    signals: list[float]


WANT_PRIOR = Prior({name: PRIOR_SCALE * DEFAULT_WEIGHTS[name] for name in USED}, [0.3, 0.7])
# Employers are not told where somebody lives or what they ask.
TAKE_PRIOR = Prior(
    {name: PRIOR_SCALE * DEFAULT_WEIGHTS[name] for name in ("text", "title", "skills")}, [0.7, 0.7]
)


@dataclass(frozen=True)
class Parts:
    """Which parts of the stack are at work."""

    content: bool = True
    together: bool = True  # collaborative: what people with like behaviour did, and rates of jobs and people
    explore: bool = True
    two_sided: bool = True
    congestion: bool = True


FULL = Parts()
ABLATIONS: Mapping[str, Parts] = {
    "content only": replace(FULL, together=False),
    "CF only": replace(FULL, content=False),
    "no exploration": replace(FULL, explore=False),
    "one-sided": replace(FULL, two_sided=False),
    "no congestion control": replace(FULL, congestion=False),
}


class Stack:
    """A policy made of parts. It learns from columns as they stood when a card was shown: nothing leaks."""

    def __init__(self, parts: Parts, seed: int) -> None:
        self._parts = parts
        self._rng = np.random.default_rng([seed, 7])
        self._want = _Ranker(WANT_PRIOR, parts, base=0.03)
        self._take = _Ranker(TAKE_PRIOR, parts, base=0.17)
        self._price: FloatArray | None = None

    def deal(self, view: View, k: int) -> Dealt:
        """Fit to what was seen, score, share out, and explore with one card."""
        want, take = self._chances(view)
        worth = pair_worth(want, take) if self._parts.two_sided else want
        worth = worth * (1.0 + 1e-6 * self._rng.random(worth.shape))  # ties fall by lot
        worth = np.where(view.may_show, worth, -np.inf)
        slates = self._first(view, worth, want, take, k)
        dealt = _explored(slates, worth, self._rng, EPSILON if self._parts.explore else 0.0)
        self._want.remember(dealt.slates)
        self._take.remember(dealt.slates)
        return dealt

    def _chances(self, view: View) -> tuple[FloatArray, FloatArray]:
        """Of applying once shown, and of passing the screening once applied."""
        logs = view.logs
        shown, labels = logs.shown >= 0, [logs.opened, logs.applied]
        foreseen = self._want.foreseen(view, shown, labels)
        want = self._want.learn(view, _want_signals(logs, foreseen), shown, labels, logs.position)
        if not self._parts.two_sided:
            return want, np.full_like(want, _rate(logs.passed.sum(), logs.read.sum(), 0.17, 20.0))
        (foreseen_pass,) = self._take.foreseen(view, logs.read, [logs.passed])
        signals = _take_signals(logs, foreseen_pass)
        return want, self._take.learn(view, signals, logs.read, [logs.passed], None)

    def _first(self, view: View, worth: FloatArray, want: FloatArray, take: FloatArray, k: int) -> IntArray:
        if not self._parts.congestion:
            return best_jobs(worth, k)
        hired = _hire_rate(view.logs)
        use = np.maximum(want / _unread_room(view), want * take * hired / _seat_room(view, take * hired))
        shared = share_out(worth, use, np.ones(len(view.seats)), k, price=self._price, rounds=12)
        self._price = shared.price
        return _filled(shared.slates, worth - shared.price * use, k)


def make_policies(seed: int) -> dict[str, Stack]:
    """The full stack and each ablation, all of one seed."""
    return {"full": Stack(FULL, seed)} | {name: Stack(parts, seed) for name, parts in ABLATIONS.items()}


class _Ranker:
    """A logistic regression over content features and signals of behaviour, then a curve per family."""

    def __init__(self, prior: Prior, parts: Parts, *, base: float) -> None:
        self._static = [USED.index(name) for name in prior.content] if parts.content else []
        mean = [*prior.content.values()] if parts.content else []
        self._signals = parts.together
        mean += prior.signals if parts.together else []
        self._mean, self._base = np.array(mean), float(logit(base))
        self._weights: FloatArray = np.zeros(0)
        self._now: FloatArray = np.zeros(0)
        self._then: FloatArray = np.zeros(0)

    def learn(
        self,
        view: View,
        signals: FloatArray,
        known: BoolArray,
        labels: list[BoolArray],
        position: IntArray | None,
    ) -> FloatArray:
        """Calibrated chances of the last label for every pair, float64[P, J]."""
        static = self._content(view)
        self._now = signals if self._signals else signals[:, :, :0]
        if self._then.size == 0:
            self._then = np.zeros_like(self._now)
        person, job = np.nonzero(known)
        rows = np.concatenate([static[person, job], self._then[person, job]], axis=1)
        place = np.zeros(len(rows)) if position is None else position[person, job].astype(np.float64)
        ends = [label[person, job] for label in labels]
        weights = self._fitted(rows, place, ends)
        score = np.concatenate([static, self._now], axis=2) @ weights
        family, families = view.visible.family, view.visible.families
        curve = fit_calibration(rows @ weights, ends[-1], family[job], families=families)
        if unsure(curve, rows @ weights):
            return np.asarray(expit(score + self._base))
        return curve.chance(score, family[None, :])

    def foreseen(self, view: View, known: BoolArray, labels: list[BoolArray]) -> list[FloatArray]:
        """What content alone would make us expect of each label, float64[P, J], level with what was seen."""
        width, content = len(self._mean), self._content(view)
        weights = self._weights if len(self._weights) else self._prior(len(labels))[0]
        score, told = content @ weights[: len(self._static)], []
        for i, label in enumerate(labels):
            chance = expit(score + weights[width + 1 + i])
            told.append(chance * (label[known].sum() + 1.0) / (chance[known].sum() + 1.0))
        return told

    def _content(self, view: View) -> FloatArray:
        return view.visible.features[:, :, self._static].astype(np.float64)

    def _prior(self, levels: int) -> tuple[FloatArray, FloatArray]:
        """Means and precisions: of the weights, of the slope of position, and of each label's level."""
        mean = np.concatenate([self._mean, [0.0], np.full(levels, self._base)])
        return mean, np.array([PRIOR_PRECISION] * len(self._mean) + [0.1] * (1 + levels))

    def remember(self, slates: IntArray) -> None:
        """Keep the signals of the pairs now shown, as they stand."""
        person, place = np.nonzero(slates >= 0)
        job = slates[person, place]
        if self._then.size:
            self._then[person, job] = self._now[person, job]

    def _fitted(self, rows: FloatArray, place: FloatArray, ends: list[BoolArray]) -> FloatArray:
        """Weights, one set for all labels; each label has a level of its own, and position one slope."""
        prior, precision = self._prior(len(ends))
        start = self._weights if len(self._weights) else prior
        columns = np.column_stack([rows, place])
        self._weights = _logistic(columns, np.stack(ends).astype(np.float64), prior, precision, start)
        return self._weights[: len(self._mean)]


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


def _want_signals(logs: Logs, foreseen: list[FloatArray]) -> FloatArray:
    """float64[P, J, 2]: EASE over what was opened and applied for beyond what content foresaw, so that cards
    that were passed over speak too; and how much oftener than foreseen a job is opened."""
    shown, (opens, applies) = logs.shown >= 0, foreseen
    surprise = logs.opened - opens + (APPLY_WEIGHT - 1.0) * (logs.applied - applies)
    acts = sparse.csr_array(np.where(shown, surprise, 0.0))
    ease = Ease(l2=EASE_L2, gram=Gram.of(acts))
    together = ease.scores_of(acts).astype(np.float64) if acts.nnz else np.zeros(acts.shape)
    deviation = together.std(axis=1, keepdims=True)
    together = (together - together.mean(axis=1, keepdims=True)) / np.where(deviation > 1e-9, deviation, 1.0)
    liked = _beyond(logs.opened, np.where(shown, opens, 0.0), 0, JOB_CASES)
    return np.stack([together, np.broadcast_to(liked, together.shape)], axis=-1)


def _take_signals(logs: Logs, foreseen: FloatArray) -> FloatArray:
    """float64[P, J, 2]: how much oftener than foreseen a person passes, and a job lets anybody pass."""
    expected = np.where(logs.read, foreseen, 0.0)
    person = _beyond(logs.passed, expected, 1, PERSON_CASES)
    job = _beyond(logs.passed, expected, 0, PERSON_CASES)
    both = np.broadcast_arrays(person[:, None], job[None, :])
    return np.asarray(np.stack(both, axis=-1), dtype=np.float64)


def _beyond(hits: BoolArray, expected: FloatArray, axis: int, weight: float) -> FloatArray:
    """Logarithm of counted over expected, shrunk by so many cases of no difference."""
    counted: FloatArray = hits.sum(axis=axis) + weight
    return np.asarray(np.log(counted / (expected.sum(axis=axis) + weight)), dtype=np.float64)


def _rate(hits: float, cases: float, base: float, weight: float) -> float:
    return float((hits + weight * base) / (cases + weight))


def _hire_rate(logs: Logs) -> float:
    """Of a passed screening: that an offer follows and is taken; public rates first, then counted ones."""
    taken = _rate((logs.stage == Stage.HIRED).sum(), logs.passed.sum(), OFFERS * ACCEPTS, 50.0)
    return min(taken, 1.0)


def _seat_room(view: View, chance: FloatArray) -> FloatArray:
    """Acceptances each opening can still take, less those to be expected of who has applied: float64[J]."""
    stage = view.logs.stage
    pending = np.where(stage == Stage.UNREAD, chance, 0.0).sum(axis=0)
    pending += ACCEPTS * (stage == Stage.SHORTLISTED).sum(axis=0)
    return np.asarray(np.maximum(view.seats - pending, LEAST_ROOM), dtype=np.float64)


def _unread_room(view: View) -> FloatArray:
    """Applications each opening can still read by the next round: float64[J]."""
    unread = (view.logs.stage == Stage.UNREAD).sum(axis=0)
    return np.asarray(np.maximum(view.visible.pace - unread, LEAST_ROOM), dtype=np.float64)


def _filled(slates: IntArray, net: FloatArray, k: int) -> IntArray:
    """Empty places get the best of what is left, so that nobody sees a shorter list for being late."""
    person, place = np.nonzero(slates >= 0)
    first = net.copy()
    lift = 1.0 + 2.0 * float(np.abs(net[np.isfinite(net)]).max(initial=0.0))
    first[person, slates[person, place]] += lift
    return best_jobs(first, k)


def _explored(slates: IntArray, worth: FloatArray, rng: np.random.Generator, epsilon: float) -> Dealt:
    """The last card is drawn, with chance ε, evenly from itself and the next best; the rest stay."""
    coin, spot = rng.random(len(slates)), rng.random(len(slates))
    propensity = (slates >= 0).astype(np.float64)
    if epsilon <= 0.0:
        return Dealt(slates, propensity)
    rows = np.arange(len(slates))
    rest = worth.copy()
    for place in range(slates.shape[1]):
        some = slates[:, place] >= 0
        rest[rows[some], slates[some, place]] = -np.inf
    pool = np.concatenate([slates[:, -1:], best_jobs(rest, POOL - 1)], axis=1)
    size = np.maximum((pool >= 0).sum(axis=1), 1)
    drawn = pool[rows, (spot * size).astype(np.int64)]
    last = np.where(coin < epsilon, drawn, slates[:, -1])
    chance = (1.0 - epsilon) * (last == slates[:, -1]) + epsilon / size
    propensity[:, -1] = np.where(last >= 0, chance, 0.0)
    return Dealt(np.concatenate([slates[:, :-1], last[:, None]], axis=1), propensity)
