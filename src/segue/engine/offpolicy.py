"""What would another policy have earned? Estimates from a log with propensities, or a plain refusal.

Four estimators of the mean reward of a target policy, each the mean of one number a row:

    IPS         w·r                       unbiased if the propensities are right; noisy
    SNIPS       w·r / mean(w)             nearly unbiased, far less noisy, never outside the rewards' range
    DR          Σ π(a)·q(a) + w·(r − q)   unbiased if propensities *or* the reward model q are right
    switch-DR   DR, but rows with w > τ rely on q alone; τ minimises variance + (bound of the bias)²

with w = π(logged action) / logged propensity. Rows of one `unit` (a person) lean on each other, so the unit
is what is counted: in standard errors, in the effective sample size, in the folds of the reward model.

Sources: Horvitz and Thompson 1952; Swaminathan and Joachims 2015; Dudík, Langford and Li 2011; Wang, Agarwal
and Dudík 2017; for the intervals Hall 1992 (skewness) and Satterthwaite 1946 (degrees of freedom).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy import special

from segue.engine.arguments import BadArgument
from segue.engine.bandit_log import BanditLog, FloatArray, Support, Target, by_unit, spread, support_of
from segue.engine.reward_model import Model, cross_fitted

__all__ = ["BadArgument", "BanditLog", "Estimate", "Support", "Target", "Verdict", "compare", "evaluate"]

MIN_ESS = 100.0  # below, an interval from these formulas is not to be trusted
MIN_FREEDOM = 20.0  # about ten clicks: below, a handful of rows decides
MIN_PROPENSITY = 0.01
MAX_UNCOVERED = 0.01
_WEIGHTS_OFF_SE = 4.0
_THRESHOLDS = 20


@dataclass(frozen=True, slots=True)
class Estimate:
    """A policy's mean reward a row, or a difference of two, with the interval it lies in."""

    estimator: str
    value: float
    se: float
    low: float
    high: float
    freedom: float  # how many rows, in effect, the standard error rests on
    threshold: float | None = None  # switch-DR: the largest weight that counts


class Why(StrEnum):
    """Grounds for a refusal."""

    SMALL_SAMPLE = "small_sample"
    NO_SUPPORT = "no_support"
    SMALL_PROPENSITY = "small_propensity"
    WEIGHTS_OFF = "weights_off"
    FEW_OUTCOMES = "few_outcomes"
    NO_DIFFERENCE = "no_difference"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One ground, with the figure there is and the figure it would take."""

    why: Why
    has: float
    needs: float

    def __str__(self) -> str:
        return _WORDS[self.why].format(has=self.has, needs=self.needs)


_WORDS: Mapping[Why, str] = {
    Why.SMALL_SAMPLE: "the effective sample is {has:.1f}, and {needs:.0f} are needed",
    Why.NO_SUPPORT: "{has:.1%} of what this policy would choose was never tried; {needs:.0%} is the most",
    Why.SMALL_PROPENSITY: "the smallest logged propensity is {has:.4f}; one below {needs:.2f} outweighs all",
    Why.WEIGHTS_OFF: "the weights average {has:.3f} and not {needs:.0f}: the propensities cannot be right",
    Why.FEW_OUTCOMES: "in effect {has:.1f} rows decide, and {needs:.0f} are needed",
    Why.NO_DIFFERENCE: "the difference may be none; an effective sample of about {needs:.0f} could tell",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer, or "not enough to say" with its grounds; figures of a refused verdict are not shown."""

    headline: Estimate
    estimates: tuple[Estimate, ...]
    support: Support
    refusals: tuple[Refusal, ...]

    @property
    def is_refused(self) -> bool:
        return bool(self.refusals)

    @property
    def reason(self) -> str:
        """Why there is no answer, in a sentence; empty where there is one."""
        return f"Not enough to say: {'; '.join(map(str, self.refusals))}." if self.refusals else ""

    @property
    def ess_needed(self) -> float:
        """The effective sample size an answer would take, by the ground that asks for most.

        Not finite where no amount of the same log would do (no support, wrong or tiny propensities).
        """
        return max((_ess_needed(one, self.support.ess) for one in self.refusals), default=MIN_ESS)


def evaluate(
    log: BanditLog,
    target: Target,
    *,
    level: float = 0.95,
    model: Model = "ridge",
    seed: int = 0,
) -> Verdict:
    """Estimate a policy's mean reward a row from a log of another, or say why that cannot be done.

    `level`: what share of intervals is to hold the truth; `seed`: of the reward model's folds. The headline
    is DR, or SNIPS where the target does not tell all its chances. Raises BadArgument (`target`, `level`,
    and `reward` as `cross_fitted` does).

    >>> rng = np.random.default_rng(1)
    >>> action = rng.integers(0, 2, 2000)
    >>> log = BanditLog.of(action, (rng.random(2000) < 0.2 + 0.4 * action), np.full(2000, 0.5), actions=2)
    >>> verdict = evaluate(log, Target.of(np.tile([0.0, 1.0], (2000, 1)), log))
    >>> verdict.is_refused, verdict.headline.low < 0.6 < verdict.headline.high
    (False, True)
    """
    _check(log, target, level)
    support = support_of(log, target)
    table = _rewards(log, (target,), model, seed)
    estimates = tuple(_estimate(part, log, support.ess, level) for part in _parts(log, target, table))
    headline = _headline(estimates)
    return Verdict(headline, estimates, support, _refusals(support, headline))


def compare(
    log: BanditLog,
    first: Target,
    second: Target,
    *,
    level: float = 0.95,
    model: Model = "ridge",
    seed: int = 0,
) -> Verdict:
    """Estimate by how much `first` earns more than `second` on the same log, row against row.

    Besides the grounds of `evaluate` (of either policy) it is refused where the interval holds 0.
    Arguments and errors as there.

    >>> log = BanditLog.of([0, 1] * 100, [0.0, 1.0] * 100, [0.5] * 200, actions=2)
    >>> same = Target.of(np.full((200, 2), 0.5), log)
    >>> compare(log, same, same).refusals[0].why.value
    'few_outcomes'
    """
    _check(log, first, level)
    _check(log, second, level)
    supports = [support_of(log, one) for one in (first, second)]
    worse = min(supports, key=lambda one: one.ess)
    table = _rewards(log, (first, second), model, seed)
    pairs = zip(_parts(log, first, table), _parts(log, second, table), strict=False)
    estimates = tuple(_estimate(_less(one, other), log, worse.ess, level) for one, other in pairs)
    headline = _headline(estimates)
    grounds = {one.why: one for support in supports for one in _refusals(support, headline)}
    if headline.low <= 0.0 <= headline.high and not grounds:
        half = (headline.high - headline.low) / 2
        needs = worse.ess * (half / abs(headline.value)) ** 2 if headline.value else np.inf
        grounds[Why.NO_DIFFERENCE] = Refusal(Why.NO_DIFFERENCE, headline.value, max(needs, worse.ess))
    return Verdict(headline, estimates, worse, tuple(grounds.values()))


@dataclass(frozen=True, eq=False)
class _Part:
    """An estimate before its interval: `deviation` float64[n] of mean 0, and a bound of the bias."""

    name: str
    value: float
    deviation: FloatArray
    bias: float = 0.0
    threshold: float | None = None


def _parts(log: BanditLog, target: Target, table: FloatArray | None) -> list[_Part]:
    weights = target.chosen / log.propensity
    weighed = weights * log.reward
    ips = float(weighed.mean())
    parts = [_Part("ips", ips, weighed - ips)]
    mean_weight = float(weights.mean())
    snips = float(weighed.sum() / weights.sum()) if mean_weight else 0.0
    parts.append(_Part("snips", snips, weights * (log.reward - snips) / (mean_weight or 1.0)))
    if table is None or target.every is None:
        return parts
    modelled = (target.every * table).sum(axis=1)
    rest = weights * (log.reward - table[np.arange(len(log)), log.action])
    dr = float((modelled + rest).mean())
    parts.append(_Part("dr", dr, modelled + rest - dr))
    parts.append(_switch(log, weights, modelled, rest))
    return parts


def _switch(log: BanditLog, weights: FloatArray, modelled: FloatArray, rest: FloatArray) -> _Part:
    """The threshold of least variance + bound². The model errs by the rewards' range at most."""
    reach = float(np.ptp(log.reward))
    found: list[tuple[float, _Part]] = []
    for threshold in np.unique(np.quantile(weights, np.linspace(0.5, 1.0, _THRESHOLDS))):
        kept = weights <= threshold
        each = modelled + np.where(kept, rest, 0.0)
        value = float(each.mean())
        bias = float(np.where(kept, 0.0, weights).mean()) * reach
        variance = spread(by_unit(each - value, log.unit), len(log)) ** 2
        found.append((variance + bias**2, _Part("switch-dr", value, each - value, bias, float(threshold))))
    return min(found, key=lambda one: one[0])[1]


def _less(one: _Part, other: _Part) -> _Part:
    return _Part(
        one.name,
        one.value - other.value,
        one.deviation - other.deviation,
        one.bias + other.bias,
        one.threshold,
    )


def _estimate(part: _Part, log: BanditLog, ess: float, level: float) -> Estimate:
    """An interval that knows how much it knows.

    Student's quantiles, with degrees of freedom from the effective sample and from how much the variance
    itself can be trusted (2n / (kurtosis − 1)); Hall's correction, as rare rewards make the error lopsided;
    and for switch-DR the bound of the bias on either side.
    """
    sums = by_unit(part.deviation, log.unit)
    se = spread(sums, len(log))
    second = float((sums**2).mean())
    if second <= 1e-24 * max(1.0, part.value**2):
        low, high = part.value - part.bias, part.value + part.bias
        return Estimate(part.name, part.value, se, low, high, 0.0, part.threshold)
    kurtosis = float((sums**4).mean()) / second**2
    freedom = max(1.0, min(ess - 1.0, 2.0 * len(sums) / max(kurtosis - 1.0, 1e-9)))
    skew = float((sums**3).mean()) / second**1.5 / np.sqrt(len(sums))
    quantile = float(special.stdtrit(freedom, 0.5 + level / 2))
    low = part.value - se * _straightened(quantile, skew) - part.bias
    high = part.value - se * _straightened(-quantile, skew) + part.bias
    return Estimate(part.name, part.value, se, low, high, freedom, part.threshold)


def _straightened(quantile: float, skew: float) -> float:
    """Hall's inverse cubic: the quantile of a studentised mean whose rows are skewed (`skew` = γ / √n)."""
    if abs(skew) < 1e-9:
        return quantile
    return float(3.0 / skew * (np.cbrt(1.0 + skew * (quantile - skew / 6.0)) - 1.0))


def _rewards(log: BanditLog, targets: tuple[Target, ...], model: Model, seed: int) -> FloatArray | None:
    if any(target.every is None for target in targets):
        return None
    return cross_fitted(
        log.features, log.action, log.reward, log.unit, actions=log.actions, model=model, seed=seed
    )


def _refusals(support: Support, headline: Estimate) -> tuple[Refusal, ...]:
    off = abs(support.mean_weight - 1.0)
    tests = (
        (support.ess < MIN_ESS, Refusal(Why.SMALL_SAMPLE, support.ess, MIN_ESS)),
        (support.uncovered > MAX_UNCOVERED, Refusal(Why.NO_SUPPORT, support.uncovered, MAX_UNCOVERED)),
        (
            support.smallest_propensity < MIN_PROPENSITY - 1e-9,
            Refusal(Why.SMALL_PROPENSITY, support.smallest_propensity, MIN_PROPENSITY),
        ),
        (
            off > _WEIGHTS_OFF_SE * support.mean_weight_se + 1e-6 and support.uncovered <= MAX_UNCOVERED,
            Refusal(Why.WEIGHTS_OFF, support.mean_weight, 1.0),
        ),
        (headline.freedom < MIN_FREEDOM, Refusal(Why.FEW_OUTCOMES, headline.freedom, MIN_FREEDOM)),
    )
    return tuple(refusal for is_so, refusal in tests if is_so)


def _ess_needed(refusal: Refusal, ess: float) -> float:
    if refusal.why in {Why.SMALL_SAMPLE, Why.NO_DIFFERENCE}:
        return refusal.needs
    if refusal.why is Why.FEW_OUTCOMES and refusal.has > 0:
        return max(MIN_ESS, ess * refusal.needs / refusal.has)
    return np.inf


def _headline(estimates: tuple[Estimate, ...]) -> Estimate:
    by_name = {one.estimator: one for one in estimates}
    return by_name.get("dr", by_name["snips"])


def _check(log: BanditLog, target: Target, level: float) -> None:
    if target.chosen.shape != (len(log),):
        raise BadArgument("target", f"speaks of {len(target.chosen)} rows, the log has {len(log)}")
    if not (
        np.isfinite(target.chosen).all() and target.chosen.min() >= 0 and target.chosen.max() <= 1 + 1e-9
    ):
        raise BadArgument("target", "chances lie in [0, 1]")
    if not 0.5 <= level < 1.0:
        raise BadArgument("level", "lies in [.5, 1)")
