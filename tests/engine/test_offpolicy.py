"""A log of one policy speaks of another: rightly, within its intervals, or not at all."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from segue.engine.arguments import BadArgument
from segue.engine.offpolicy import (
    MIN_ESS,
    BanditLog,
    Estimate,
    Target,
    Verdict,
    Why,
    compare,
    evaluate,
    support_of,
)
from segue.engine.reward_model import cross_fitted

ESTIMATORS = ("ips", "snips", "dr", "switch-dr")
SEEDS = 200
Floats = NDArray[np.float64]


def softmax(logits: Floats) -> Floats:
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))


@dataclass(frozen=True, eq=False)
class World:
    """Two known policies over known mean rewards; `share` of people answer where rewards are clicks."""

    rows: int
    actions: int = 5
    share: float | None = None
    rows_a_person: int = 1

    def _tilt(self, seed: int) -> Floats:
        return np.random.default_rng(seed).normal(size=(3, self.actions))

    def _scene(self, rng: np.random.Generator, people: int) -> tuple[Floats, Floats, Floats, Floats]:
        x = np.repeat(rng.normal(size=(people, 3)), self.rows_a_person, axis=0)
        logged = 0.8 * softmax(x @ self._tilt(1)) + 0.2 / self.actions
        target = 0.9 * softmax(x @ self._tilt(2)) + 0.1 / self.actions
        mean = 0.5 * x @ self._tilt(2) + np.sin(2 * x[:, :1])  # not what a line can say
        return x, logged, target, mean if self.share is None else self.share / (1.0 + np.exp(-mean))

    def truth(self) -> float:
        _, _, target, mean = self._scene(np.random.default_rng(999), 200_000 // self.rows_a_person)
        return float((target * mean).sum(axis=1).mean())

    def log(self, seed: int) -> tuple[BanditLog, Target, Target]:
        """A log with the target policy and with the logging policy itself."""
        rng = np.random.default_rng(seed)
        people = self.rows // self.rows_a_person
        x, logged, target, mean = self._scene(rng, people)
        rows = np.arange(len(x))
        action = (logged.cumsum(axis=1) < rng.random((len(x), 1))).sum(axis=1).clip(max=self.actions - 1)
        if self.share is None:
            liking = np.repeat(rng.normal(size=people), self.rows_a_person) * (self.rows_a_person > 1)
            reward = mean[rows, action] + liking + rng.normal(size=len(x))
        else:
            reward = (rng.random(len(x)) < mean[rows, action]).astype(np.float64)
        log = BanditLog.of(
            action,
            reward,
            logged[rows, action],
            actions=self.actions,
            context=x,
            unit=np.repeat(np.arange(people), self.rows_a_person),
        )
        return log, Target.of(target, log), Target.of(logged, log)


WORLDS = {
    "measured rewards": World(800),
    "clicks": World(1_000, share=0.2),
    "many actions": World(1_000, actions=12, share=0.4),
    "several rows a person": World(1_000, rows_a_person=5),
}


@pytest.mark.parametrize("name", WORLDS)
def test_intervals_hold_the_truth(name: str) -> None:
    """Nominal 95 %; at least 90 % over 200 seeds, for every estimator."""
    world = WORLDS[name]
    truth = world.truth()
    hits: dict[str, int] = defaultdict(int)
    for seed in range(SEEDS):
        log, target, _ = world.log(seed)
        for one in evaluate(log, target).estimates:
            hits[one.estimator] += one.low <= truth <= one.high
    assert set(hits) == set(ESTIMATORS)
    assert min(hits.values()) >= 0.9 * SEEDS, dict(hits)


def test_rows_of_one_person_counted_as_strangers_would_promise_too_much() -> None:
    log, target, _ = WORLDS["several rows a person"].log(1)
    strangers = replace(log, unit=np.arange(len(log)))
    assert evaluate(log, target).headline.se > evaluate(strangers, target).headline.se
    assert support_of(log, target).ess < support_of(strangers, target).ess


def test_where_nothing_is_gained_a_win_is_rarely_claimed() -> None:
    """Two different policies over rewards that care for neither: at most 5 % claims, give or take chance."""
    claims = 0
    for seed in range(SEEDS):
        log, target, logged = World(600).log(seed)
        aside = replace(log, reward=np.random.default_rng(10_000 + seed).normal(size=len(log)))
        claims += not compare(aside, target, logged).is_refused
    assert claims <= 0.05 * SEEDS + 3 * np.sqrt(0.05 * 0.95 * SEEDS)


def test_a_real_gain_is_found_and_has_the_right_sign() -> None:
    log, target, logged = World(4_000).log(3)
    gain, loss = compare(log, target, logged), compare(log, logged, target)
    assert not gain.is_refused
    assert gain.headline.low > 0
    assert loss.headline.value == pytest.approx(-gain.headline.value)
    assert loss.headline.low == pytest.approx(-gain.headline.high)


def test_doubly_robust_is_sharper_than_plain_weighting() -> None:
    log, target, _ = World(2_000).log(5)
    by_name = named(evaluate(log, target))
    assert by_name["dr"].se < by_name["snips"].se < by_name["ips"].se


def test_switch_leaves_out_the_wildest_weights_and_says_how_far_it_may_err() -> None:
    """One action nearly never logged, on which the target dwells a little."""
    rng = np.random.default_rng(2)
    logged, target = np.array([0.989, 0.011]), np.array([0.9, 0.1])
    action = (rng.random(4_000) < logged[1]).astype(np.int64)
    reward = rng.normal(size=4_000) * (1 + 30 * action)
    log = BanditLog.of(action, reward, logged[action], actions=2)
    by_name = named(evaluate(log, Target.of(np.tile(target, (4_000, 1)), log)))
    threshold = by_name["switch-dr"].threshold
    assert threshold is not None
    assert by_name["switch-dr"].se <= by_name["dr"].se


class TestLaws:
    """What holds for every log."""

    columns = st.integers(0, 10_000).map(lambda seed: np.random.default_rng(seed))

    @staticmethod
    def _any_log(
        rng: np.random.Generator, rows: int = 60, actions: int = 3
    ) -> tuple[BanditLog, Target, Target]:
        logged, target = (softmax(rng.normal(size=(rows, actions))) for _ in range(2))
        action = (logged.cumsum(axis=1) < rng.random((rows, 1))).sum(axis=1).clip(max=actions - 1)
        log = BanditLog.of(
            action,
            rng.normal(size=rows),
            logged[np.arange(rows), action],
            actions=actions,
            context=rng.normal(size=(rows, 2)),
            position=rng.integers(0, 3, rows),
            unit=rng.integers(0, 30, rows),
        )
        return log, Target.of(target, log), Target.of(logged, log)

    @settings(max_examples=50, deadline=None)
    @given(columns)
    def test_the_logging_policy_itself_earns_the_plain_mean(self, rng: np.random.Generator) -> None:
        log, _, logged = self._any_log(rng)
        by_name = named(evaluate(log, logged))
        assert by_name["ips"].value == by_name["snips"].value == log.reward.mean()
        assert support_of(log, logged).largest_weight == 1.0

    @settings(max_examples=30, deadline=None)
    @given(columns)
    def test_the_order_of_rows_does_not_matter(self, rng: np.random.Generator) -> None:
        log, target, _ = self._any_log(rng)
        new = rng.permutation(len(log))
        columns = ("context", "action", "reward", "propensity", "position", "unit")
        turned = replace(log, **{name: getattr(log, name)[new] for name in columns})
        assert target.every is not None
        again = evaluate(turned, Target.of(target.every[new], turned))
        assert_same(again, evaluate(log, target), 1.0)

    @settings(max_examples=30, deadline=None)
    @given(columns, st.sampled_from([-3.0, 0.01, 0.5, 200.0]))
    def test_rewards_in_another_unit_give_estimates_in_that_unit(
        self, rng: np.random.Generator, scale: float
    ) -> None:
        log, target, _ = self._any_log(rng)
        assert_same(evaluate(replace(log, reward=log.reward * scale), target), evaluate(log, target), scale)

    @settings(max_examples=50, deadline=None)
    @given(columns)
    def test_self_normalised_never_leaves_the_range_of_rewards(self, rng: np.random.Generator) -> None:
        log, target, _ = self._any_log(rng)
        value = named(evaluate(log, target))["snips"].value
        assert log.reward.min() - 1e-9 <= value <= log.reward.max() + 1e-9

    @settings(max_examples=50, deadline=None)
    @given(columns)
    def test_the_effective_sample_is_between_one_and_all(self, rng: np.random.Generator) -> None:
        log, target, logged = self._any_log(rng)
        for policy in (target, logged):
            support = support_of(log, policy)
            assert 1.0 - 1e-9 <= support.ess <= support.units + 1e-9


class TestRefusals:
    """Not enough to say, and why."""

    def test_a_small_effective_sample(self) -> None:
        log, target, _ = World(120).log(1)
        verdict = evaluate(log, target)
        assert Why.SMALL_SAMPLE in whys(verdict)
        assert verdict.support.ess < MIN_ESS <= verdict.ess_needed
        assert verdict.reason.startswith("Not enough to say: the effective sample is")
        assert compare(log, target, Target.of(np.full((120, 5), 0.2), log)).is_refused

    def test_a_large_log_of_few_people_is_a_small_sample(self) -> None:
        log, target, _ = World(4_000).log(1)
        few = BanditLog.of(
            log.action, log.reward, log.propensity, actions=5, context=log.context, unit=np.arange(4_000) % 30
        )
        assert Why.SMALL_SAMPLE in whys(evaluate(few, target))

    def test_an_action_nobody_ever_tried(self) -> None:
        rng = np.random.default_rng(1)
        log = BanditLog.of(rng.integers(0, 2, 2_000), rng.random(2_000), np.full(2_000, 0.5), actions=3)
        verdict = evaluate(log, Target.of(np.tile([0.4, 0.4, 0.2], (2_000, 1)), log))
        assert verdict.support.uncovered == pytest.approx(0.2)
        assert whys(verdict) == {Why.NO_SUPPORT}
        assert verdict.ess_needed == np.inf

    def test_support_is_asked_of_every_place(self) -> None:
        """Both actions were tried, but never both at the second place."""
        rng = np.random.default_rng(1)
        position = np.arange(2_000) % 2
        action = np.where(position == 0, rng.integers(0, 2, 2_000), 0)
        log = BanditLog.of(
            action, rng.random(2_000), np.where(position == 0, 0.5, 1.0), actions=2, position=position
        )
        verdict = evaluate(log, Target.of(np.full((2_000, 2), 0.5), log))
        assert verdict.support.uncovered == pytest.approx(0.25)

    def test_missing_support_shows_in_the_weights_when_all_chances_are_not_told(self) -> None:
        rng = np.random.default_rng(1)
        log = BanditLog.of(rng.integers(0, 2, 2_000), rng.random(2_000), np.full(2_000, 0.5), actions=3)
        verdict = evaluate(log, Target(np.full(2_000, 0.4)))
        assert Why.NO_SUPPORT in whys(verdict)
        assert [one.estimator for one in verdict.estimates] == ["ips", "snips"]
        assert verdict.headline.estimator == "snips"

    def test_a_propensity_below_the_floor(self) -> None:
        log, target, _ = World(2_000).log(1)
        propensity = log.propensity.copy()
        propensity[0] = 0.004
        assert Why.SMALL_PROPENSITY in whys(evaluate(replace(log, propensity=propensity), target))

    def test_propensities_that_cannot_be_right(self) -> None:
        log, target, _ = World(2_000).log(1)
        verdict = evaluate(replace(log, propensity=np.sqrt(log.propensity)), target)
        assert Why.WEIGHTS_OFF in whys(verdict)

    def test_a_handful_of_clicks(self) -> None:
        rng = np.random.default_rng(1)
        clicks = np.zeros(4_000)
        clicks[:3] = 1.0
        log = BanditLog.of(rng.integers(0, 2, 4_000), clicks, np.full(4_000, 0.5), actions=2)
        target = Target.of(np.tile([0.7, 0.3], (4_000, 1)), log)
        verdict = evaluate(log, target)
        assert whys(verdict) == {Why.FEW_OUTCOMES}
        assert MIN_ESS <= verdict.support.ess < verdict.ess_needed < np.inf
        assert whys(evaluate(replace(log, reward=np.zeros(4_000)), target)) == {Why.FEW_OUTCOMES}

    def test_a_difference_that_may_be_none_says_what_it_would_take(self) -> None:
        log, target, _ = World(2_000).log(1)
        assert target.every is not None
        nearly = Target.of(0.99 * target.every + 0.01 / 5, log)
        verdict = compare(log, target, nearly)
        if verdict.is_refused:
            assert whys(verdict) == {Why.NO_DIFFERENCE}
            assert verdict.ess_needed >= verdict.support.ess
        assert compare(log, target, target).is_refused

    def test_enough_of_everything_is_an_answer(self) -> None:
        log, target, _ = World(2_000).log(1)
        verdict = evaluate(log, target)
        assert not verdict.is_refused
        assert verdict.reason == ""
        assert verdict.ess_needed == MIN_ESS


GOOD: dict[str, Any] = {"action": [0, 1], "reward": [0.0, 1.0], "propensity": [0.5, 0.5], "actions": 2}
BAD: dict[str, list[Any]] = {
    "action": [[0, 2], [-1, 0], [0.5, 0], [0, 1, 1]],
    "reward": [[0.0], [np.nan, 1.0], [np.inf, 0.0]],
    "propensity": [[0.0, 0.5], [1.5, 0.5], [np.nan, 0.5], [-0.1, 0.5]],
    "context": [[1.0, 2.0], [[1.0]], [[np.nan], [0.0]]],
    "position": [[-1, 0], [0.5, 0], [0]],
    "unit": [[7, 7], [0.5, 1]],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, bad in BAD.items() for value in bad])
def test_a_bad_column_is_refused_by_name(name: str, value: Any) -> None:
    with pytest.raises(BadArgument) as refused:
        BanditLog.of(**(GOOD | {name: value}))
    assert refused.value.argument in ({name} if name != "action" else {"action", "reward"})


def test_a_bad_policy_or_level_is_refused_by_name() -> None:
    log = BanditLog.of(**GOOD)
    for every in ([[0.5, 0.6]] * 2, [[1.2, -0.2]] * 2, [[0.5, 0.5]], [[0.3, 0.3, 0.4]] * 2):
        with pytest.raises(BadArgument, match="every"):
            Target.of(every, log)
    for chosen in (np.array([0.5]), np.array([0.5, np.nan]), np.array([0.5, 1.5])):
        with pytest.raises(BadArgument, match="target"):
            evaluate(log, Target(chosen))
    with pytest.raises(BadArgument, match="level"):
        evaluate(log, Target(np.full(2, 0.5)), level=1.0)
    with pytest.raises(BadArgument, match="unit"):
        BanditLog.of([], [], [], actions=1)


class TestRewardModel:
    def test_no_row_is_judged_by_a_model_that_saw_its_person(self) -> None:
        """One person's rewards are absurd: nobody else's predictions stay as they were, but their own do."""
        rng = np.random.default_rng(1)
        x, unit = rng.normal(size=(60, 2)), np.arange(60) // 3
        action, reward = rng.integers(0, 3, 60), rng.normal(size=60)
        before = cross_fitted(x, action, reward, unit, actions=3)
        reward[unit == 4] += 1e6
        after = cross_fitted(x, action, reward, unit, actions=3)
        assert (before[unit == 4] == after[unit == 4]).all()
        assert (before != after).any()

    @pytest.mark.parametrize("model", ["ridge", "logistic"])
    def test_it_learns_what_there_is_to_learn(self, model: Any) -> None:
        rng = np.random.default_rng(1)
        x, action = rng.normal(size=(4_000, 1)), rng.integers(0, 3, 4_000)
        chance = 1.0 / (1.0 + np.exp(-(x[:, 0] + action - 1.0)))
        reward = (rng.random(4_000) < chance).astype(np.float64)
        table = cross_fitted(x, action, reward, np.arange(4_000), actions=3, model=model)
        assert np.corrcoef(table[np.arange(4_000), action], chance)[0, 1] > 0.95

    def test_what_it_cannot_work_with_is_refused_by_name(self) -> None:
        x, zeros, who = np.zeros((4, 1)), np.zeros(4, dtype=np.int64), np.arange(4)
        with pytest.raises(BadArgument, match="reward"):
            cross_fitted(x, zeros, np.full(4, 0.5), who, actions=1, model="logistic")
        with pytest.raises(BadArgument, match="folds"):
            cross_fitted(x, zeros, np.ones(4), who, actions=1, folds=1)
        with pytest.raises(BadArgument, match="unit"):
            cross_fitted(x, zeros, np.ones(4), zeros, actions=1)


def named(verdict: Verdict) -> dict[str, Estimate]:
    return {one.estimator: one for one in verdict.estimates}


def whys(verdict: Verdict) -> set[Why]:
    return {one.why for one in verdict.refusals}


def assert_same(left: Verdict, right: Verdict, scale: float) -> None:
    for one, other in zip(left.estimates, right.estimates, strict=True):
        ends = sorted((other.low * scale, other.high * scale))
        assert [one.value, one.low, one.high] == pytest.approx(
            [other.value * scale, *ends], abs=1e-7 * abs(scale)
        )
        assert one.se == pytest.approx(other.se * abs(scale))
