"""A policy that learns from what has not happened yet, and knows its own chances to the last digit."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from segue.engine.congestion import Crowded, opening_room
from segue.engine.patience import Filter, known_at, learn
from segue.engine.policy import Alphabet, Arm, Context, Posterior, band_of, lay, pick, pick_each
from segue.engine.variety import Balance, FairExposure, InTurn, Unbound, divergence, facet

SHELVES = ("mix", "new", "because", "stretch")
STAGES = ("click", "apply", "screen", "offer", "stay")
DUE_DAYS = np.array([1.0, 7.0, 21.0, 45.0, 90.0])
# What follows once the step before was made; clicks differ between shelves, the rest hardly.
STEPS = np.array([[0.12, 0.5, 0.6, 0.6, 0.8], [0.20, 0.5, 0.6, 0.6, 0.8],
                  [0.40, 0.5, 0.6, 0.6, 0.8], [0.08, 0.5, 0.6, 0.6, 0.8]])  # fmt: skip
BEST = 2
WORTH = np.array([0.0, 0.0, 0.0, 0.0, 1.0])
GUESS = Filter.guess(np.array([0.2, 0.1, 0.06, 0.04, 0.03]), WORTH)
ALPHABET = Alphabet(SHELVES, ("skills", "place"))
SPREAD = np.array(list(ALPHABET.spreads.values()))


def histories(rng: np.random.Generator, shelf: np.ndarray) -> np.ndarray:
    """Draw whole traces: float64[n, 5], each step needing the one before."""
    return np.cumprod(rng.random((len(shelf), 5)) < STEPS[shelf], axis=1).astype(np.float64)


def rows_of(shelf: np.ndarray) -> sparse.csr_array:
    return ALPHABET.rows([Arm(SHELVES[one]) for one in shelf], [None] * len(shelf))


def live(seed: int, due_days: np.ndarray, told: Filter, columns: list[int], *, days: int = 60) -> float:
    """Lay the first shelf for 40 people a day and learn every fifth day; return how often the best lay there.

    `columns` are the outcomes one may learn from.
    """
    rng = np.random.default_rng(seed)
    tops, spread = rows_of(np.arange(4))[:, :5].tocsr(), SPREAD[:5]  # of a shelf nothing but its name
    shown, traces, day = np.zeros(0, np.intp), np.zeros((0, 5)), np.zeros(0)
    for today in range(days):
        if today % 5 == 0:
            known = known_at(today - day, due_days)
            draws = learn(tops[shown], traces[:, columns], known, spread, told).draws(seed + today)
        top = np.array([lay(tops @ draws, rng).order[0] for _ in range(40)])
        shown, day = np.append(shown, top), np.append(day, np.full(40, float(today)))
        traces = np.concatenate([traces, histories(rng, top)])
    return float((shown == BEST).mean())


def test_it_learns_from_unfinished_histories_before_the_finished_ones_arrive() -> None:
    """Sixty days, and a reward that takes ninety: who waits for it knows nothing, who listens does."""
    last = Filter(GUESS.mean[4:], GUESS.within[4:, 4:], GUESS.between[4:, 4:], np.ones(1))
    patient = [live(seed, DUE_DAYS, GUESS, [0, 1, 2, 3, 4]) for seed in range(6)]
    waiting = [live(seed, DUE_DAYS[4:], last, [4]) for seed in range(6)]
    assert np.mean(waiting) == pytest.approx(0.25, abs=0.1)
    assert np.mean(patient) > 0.45
    assert min(patient) > max(waiting)


def test_with_all_the_time_in_the_world_both_find_the_same() -> None:
    rng = np.random.default_rng(3)
    shelf = rng.integers(0, 4, 8_000)
    traces = histories(rng, shelf)
    told = GUESS.fit(traces, np.full(8_000, 5), shelf)
    mean = learn(rows_of(shelf), traces, np.full(8_000, 5), SPREAD, told).mean
    values = rows_of(np.arange(4)) @ mean
    assert values == pytest.approx(STEPS.prod(axis=1), abs=0.015)
    assert values.argmax() == BEST


def test_a_filter_learns_how_outcomes_hang_together() -> None:
    rng = np.random.default_rng(5)
    shelf = rng.integers(0, 4, 6_000)
    traces = histories(rng, shelf)
    told = GUESS.fit(traces, rng.integers(1, 6, 6_000), shelf)
    assert told.mean == pytest.approx(traces.mean(axis=0), abs=0.02)
    rest = traces - np.array([traces[shelf == one].mean(axis=0) for one in range(4)])[shelf]
    assert told.within == pytest.approx(np.cov(rest.T), abs=0.02)
    assert (np.linalg.eigvalsh(told.between) > 0).all()
    assert told.between[0, 0] > GUESS.between[0, 0]  # shelves differ in clicks, more than was guessed


def test_each_act_that_comes_in_sharpens_the_forecast_of_one_history() -> None:
    hopeful = [GUESS.foresee(np.ones(k)) for k in range(6)]
    assert np.all(np.diff([mean for mean, _ in hopeful]) > 0)
    assert np.all(np.diff([variance for _, variance in hopeful[1:]]) < 0)
    assert hopeful[5] == pytest.approx((1.0, 0.0), abs=1e-3)
    assert GUESS.foresee(np.zeros(1))[0] < GUESS.foresee(np.zeros(0))[0]


def test_the_context_decides_when_it_matters() -> None:
    """On phones at night one shelf is liked, on computers another."""
    rng = np.random.default_rng(8)
    night, day = Context(23, 2, "phone", 0), Context(10, 2, "computer", 0)
    shelf, at_night = rng.integers(0, 2, 4_000), rng.random(4_000) < 0.5
    liked = np.where(shelf == at_night, 0.3, 0.1)
    traces = (rng.random(4_000) < liked).astype(np.float64)[:, None]
    told = Filter.guess(np.array([0.2]), np.ones(1))
    contexts = [night if dark else day for dark in at_night]
    rows = ALPHABET.rows([Arm(SHELVES[one]) for one in shelf], contexts)
    draws = learn(rows, traces, np.ones(4_000, np.int64), SPREAD, told).draws(1)
    for context, best in ((night, 1), (day, 0)):
        values = ALPHABET.rows([Arm("mix"), Arm("new")], [context] * 2) @ draws
        assert lay(values, np.random.default_rng(0)).places[best, 0] > 0.9


def test_chances_are_the_frequencies_with_which_it_chooses() -> None:
    """20,000 orders: each shelf at each place, each whole order, and each pick, within 4.5 σ."""
    values = Posterior(np.array([0.3, 0.25, 0.2, 0.0]), 0.05 * np.eye(4)).draws(2)
    rng = np.random.default_rng(1)
    laid = [lay(values, rng) for _ in range(20_000)]
    seen = np.zeros((4, 4))
    for one in laid:
        seen[one.order, np.arange(4)] += 1 / len(laid)
    told = laid[0].places
    assert told.sum(axis=0) == pytest.approx(1.0)
    assert told.sum(axis=1) == pytest.approx(1.0)
    assert (np.abs(seen - told) < 4.5 * np.sqrt(told * (1 - told) / len(laid))).all()
    chances = {tuple(one.order): one.chance for one in laid}
    assert sum(chances.values()) == pytest.approx(1.0)
    counts = Counter(tuple(one.order) for one in laid)
    for order, chance in chances.items():
        assert abs(counts[order] / len(laid) - chance) < 4.5 * np.sqrt(chance * (1 - chance) / len(laid))
    picks = Counter(pick(values, rng) for _ in range(20_000))
    for (_, chance), count in picks.items():
        assert abs(count / 20_000 - chance) < 4.5 * np.sqrt(chance * (1 - chance) / 20_000)


@given(st.integers(1, 8), st.integers(0, 1_000), st.floats(0.0, 10.0))
def test_nothing_that_is_laid_had_less_than_one_chance_in_a_hundred(arms: int, seed: int, gap: float) -> None:
    values = np.random.default_rng(seed).normal(size=(arms, 64)) + gap * np.arange(arms)[:, None]
    one = lay(values, np.random.default_rng(seed))
    assert sorted(one.order) == list(range(arms))
    assert (one.places >= 0.01 - 1e-12).all()
    assert (one.propensities >= 0.01 - 1e-12).all()
    assert 0.01 - 1e-12 <= one.chance <= 1.0 + 1e-12
    assert pick(values, np.random.default_rng(seed))[1] >= 0.01 - 1e-12


def test_the_same_seed_draws_and_lays_the_same() -> None:
    belief = Posterior(np.zeros(6), np.eye(6))
    assert (belief.draws(4) == belief.draws(4)).all()
    assert (belief.draws(4) != belief.draws(5)).any()
    values = belief.draws(4)
    orders = [lay(values, np.random.default_rng(7)).order.tolist() for _ in range(2)]
    assert orders[0] == orders[1]


def test_nobody_chooses_by_numbers_that_are_none() -> None:
    bad = np.array([[np.nan, 1.0]])
    for refuse in (
        lambda: lay(bad, np.random.default_rng(0)),
        lambda: pick(bad, np.random.default_rng(0)),
        lambda: lay(np.zeros((2, 0)), np.random.default_rng(0)),
        lambda: lay(np.zeros((100, 2)), np.random.default_rng(0)),
        lambda: pick(np.zeros((0, 2)), np.random.default_rng(0)),
        lambda: band_of(float("nan")),
        lambda: Posterior(np.array([np.nan]), np.eye(1)),
        lambda: Context(24, 0),
        lambda: Context(1, 1, "toaster"),
        lambda: GUESS.foresee(np.array([np.nan])),
        lambda: GUESS.fit(np.full((1, 5), np.nan), np.array([1]), np.zeros(1, np.int64)),
        lambda: learn(rows_of(np.zeros(1, np.intp)), np.full((1, 5), np.nan), np.array([2]), SPREAD, GUESS),
        lambda: known_at(np.array([np.nan]), DUE_DAYS),
        lambda: Crowded(np.array([np.nan])),
        lambda: opening_room(np.array([np.nan]), np.array([1]), 0.1),
        lambda: facet(np.zeros(1, np.int32), np.zeros(1, np.intp), np.array([np.nan]), np.ones(1, np.bool_)),
    ):
        with pytest.raises(ValueError):
            refuse()


def test_what_is_not_yet_known_may_be_anything() -> None:
    traces = np.array([[1.0, np.nan, np.nan, np.nan, np.nan]])
    belief = learn(rows_of(np.zeros(1, np.intp)), traces, np.array([1]), SPREAD, GUESS)
    assert np.isfinite(belief.mean).all()
    assert belief.mean[1] > 0


def test_a_leaning_is_where_it_starts_and_not_where_it_stays() -> None:
    lean = np.where(np.array(ALPHABET.names) == "shelf=mix", 0.5, 0.0)
    none = np.zeros(0, np.intp)
    start = learn(rows_of(none), np.zeros((0, 5)), np.zeros(0, np.int64), SPREAD, GUESS, lean).mean
    assert (rows_of(np.arange(4)) @ start).argmax() == 0
    rng = np.random.default_rng(4)
    shelf = rng.integers(0, 4, 4_000)
    rows, all_known = rows_of(shelf), np.full(4_000, 5)
    mean = learn(rows, histories(rng, shelf), all_known, SPREAD, GUESS, lean).mean
    assert (rows_of(np.arange(4)) @ mean).argmax() == BEST


def test_no_shelf_and_one_shelf_need_no_luck() -> None:
    assert lay(np.zeros((0, 3)), np.random.default_rng(0)).order.tolist() == []
    alone = lay(np.zeros((1, 3)), np.random.default_rng(0))
    assert (alone.chance, alone.propensities.tolist()) == (1.0, [1.0])


def test_a_calibrated_hand_follows_the_history_and_costs_little() -> None:
    rng = np.random.default_rng(2)
    codes = rng.integers(0, 4, 200).astype(np.int32)
    scores = rng.random(200) + 0.3 * (codes == 0)  # the model loves department 0
    history = np.flatnonzero(codes >= 2)[:20]
    wanted = facet(codes, history, np.ones(20), np.ones(200, np.bool_))

    def hand(weight: float) -> np.ndarray:
        balance, taken, worth = Balance([wanted], np.arange(200), weight), [], scores.copy()
        for _ in range(12):
            row = int((worth - balance.penalties()).argmax())
            balance.take(row)
            worth[row] = -np.inf
            taken.append(row)
        return np.array(taken)

    def kl(rows: np.ndarray) -> float:
        return divergence(wanted.target, np.bincount(codes[rows], minlength=4) / len(rows))

    plain, calibrated = hand(0.0), hand(1.0)
    assert kl(calibrated) < 0.25 * kl(plain)
    assert scores[calibrated].mean() > 0.7 * scores[plain].mean()


def test_a_crowded_job_gives_way_but_is_not_lost() -> None:
    scores = np.array([0.9, 0.5, -np.inf])
    room = opening_room(np.array([500.0, 0.0, 0.0]), np.ones(3, dtype=np.int64), 0.1)
    crowded = Crowded(room).settle(scores)
    assert crowded.argmax() == 1
    assert np.isfinite(crowded[0])
    assert Unbound().settle(scores) is scores
    lifted = InTurn((Crowded(np.ones(3)), FairExposure(np.array([0.0, 0.5, 0.0])))).settle(scores)
    assert lifted.argmax() == 1
    assert scores[0] == 0.9


def test_many_choose_at_once_by_the_chances_they_are_told() -> None:
    """Of three arms one is missing; the other two win in a quarter and three quarters of the worlds."""
    worlds = np.array([[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 1.0, 1.0], [-np.inf] * 4])
    chosen, chance = pick_each(np.tile(worlds, (20_000, 1, 1)), np.random.default_rng(3))
    often = np.bincount(chosen, minlength=3) / len(chosen)
    told = [chance[chosen == arm][0] for arm in (0, 1)]
    assert often[2] == 0.0
    assert often[:2] == pytest.approx(told, abs=0.015)
    assert sum(told) == pytest.approx(1.0)
    with pytest.raises(ValueError, match="numbers"):
        pick_each(np.full((1, 2, 3), np.nan), np.random.default_rng(1))


def test_nothing_to_choose_is_no_choice() -> None:
    chosen, chance = pick_each(np.full((2, 3, 4), -np.inf), np.random.default_rng(1))
    assert (chosen.tolist(), chance.tolist()) == ([0, 0], [1.0, 1.0])
