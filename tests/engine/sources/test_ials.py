"""iALS: solved exactly, the same on any machine load, honest about the cold, and able to say why."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from segue.engine.sources.feature_map import apply_map, blend, fit_map
from segue.engine.sources.ials import IalsSource
from segue.engine.sources.ials_fit import IalsSettings, als_steps, fit_ials, objective
from segue.engine.task import Log, Task

SMALL = IalsSettings(dim=8, iterations=5, ridge=0.01)
TRADES, JOBS_OF_A_TRADE = 6, 10


def market(people: int = 240, acts: int = 8, seed: int = 3) -> Task:
    """People of six trades who mostly look at jobs of their own; one act in ten goes anywhere."""
    rng = np.random.default_rng(seed)
    trade = rng.integers(0, TRADES, people)
    own = trade[:, None] * JOBS_OF_A_TRADE + rng.integers(0, JOBS_OF_A_TRADE, (people, acts))
    stray = rng.random((people, acts)) < 0.1
    job = np.where(stray, rng.integers(0, TRADES * JOBS_OF_A_TRADE, (people, acts)), own)
    person = np.repeat(np.arange(people), acts)
    day = np.tile(np.arange(acts, dtype=float), people)
    return Task.bare(Log.of(person, job.ravel(), day, people=people, jobs=TRADES * JOBS_OF_A_TRADE))


def trades_of_jobs() -> np.ndarray:
    return np.repeat(np.eye(TRADES, dtype=np.float32), JOBS_OF_A_TRADE, axis=0)


@pytest.fixture(scope="module")
def task() -> Task:
    return market()


@pytest.fixture(scope="module")
def fitted(task: Task) -> IalsSource:
    return IalsSource(SMALL).fit(task)


def reference_row(history: np.ndarray, jobs: np.ndarray, wanted: IalsSettings) -> np.ndarray:
    """One person solved the long way, in float64."""
    y, weight = jobs.astype(np.float64), wanted.alpha * history.astype(np.float64)
    ridge = wanted.ridge * (weight.sum() + wanted.unobserved * len(y)) ** wanted.frequency
    left = wanted.unobserved * y.T @ y + (y.T * weight) @ y + ridge * np.eye(wanted.dim)
    return np.linalg.solve(left, y.T @ weight)


@pytest.mark.parametrize("dim", [1, 3, 8, 30, 64])
def test_every_row_is_what_the_textbook_says(task: Task, dim: int) -> None:
    """Also where a person has more acts than there are dimensions, and dimensions are no multiple of four."""
    wanted = IalsSettings(dim=dim, iterations=2, alpha=2.5, frequency=0.7)
    history = task.log.matrix(0.8)
    learnt = fit_ials(history, wanted)
    for person in (0, 7, 239):
        expected = reference_row(history[[person]].toarray()[0], learnt.jobs, wanted)
        np.testing.assert_allclose(learnt.people[person], expected, rtol=2e-3, atol=2e-4)


def test_a_crowded_row_is_summed_in_pieces_without_loss() -> None:
    """More acts than one piece of the sums holds."""
    rng = np.random.default_rng(1)
    history = sparse.csr_array((rng.random((5, 700)) < 0.6).astype(np.float32))
    learnt = fit_ials(history, SMALL)
    for person in range(5):
        expected = reference_row(history[[person]].toarray()[0], learnt.jobs, SMALL)
        np.testing.assert_allclose(learnt.people[person], expected, rtol=2e-3, atol=2e-4)


@pytest.mark.parametrize("wanted", [SMALL, IalsSettings(dim=5, iterations=8, unobserved=0.0, frequency=0.0)])
def test_no_step_makes_it_worse(task: Task, wanted: IalsSettings) -> None:
    history = task.log.matrix(0.9)
    steps = als_steps(history, wanted, threads=1)
    costs = [objective(history, wanted, jobs, people) for jobs, _, people in steps]
    assert all(later <= earlier * (1 + 1e-6) for earlier, later in itertools.pairwise(costs))
    assert costs[-1] < costs[0]


def test_threads_and_repetition_change_no_bit(task: Task) -> None:
    history = market(people=9_000, acts=30).log.matrix()
    one, two, again = (fit_ials(history, SMALL, seed=4, threads=n) for n in (1, 3, 3))
    other = fit_ials(history, SMALL, seed=5, threads=1)
    for name in ("jobs", "people", "spectrum", "people_gram"):
        assert (getattr(one, name) == getattr(two, name)).all()
        assert (getattr(two, name) == getattr(again, name)).all()
    assert (one.jobs != other.jobs).any()


def test_folding_in_is_training(task: Task) -> None:
    history = task.log.matrix(0.9)
    learnt = fit_ials(history, SMALL)
    assert (learnt.fold_in(history) == learnt.people).all()
    row = history[[11]]
    assert (learnt.fold_in_person(row.indices, row.data) == learnt.people[11]).all()


def test_a_new_job_is_folded_in_from_those_who_turned_to_it(task: Task) -> None:
    """A job all nurses looked at suits nurses, at once."""
    learnt = fit_ials(task.log.matrix(), SMALL)
    nurses = np.flatnonzero(np.bincount(task.log.person[task.log.job < JOBS_OF_A_TRADE], minlength=240) >= 6)
    new = learnt.fold_in_job(learnt.people[nurses], np.ones(len(nurses)))
    weight = np.ones(len(nurses))
    ridge = SMALL.ridges(np.array([weight.sum()]), 240)
    seen = learnt.people[nurses].astype(np.float64)
    left = SMALL.unobserved * learnt.people_gram + seen.T @ seen + ridge * np.eye(8)
    np.testing.assert_allclose(new, np.linalg.solve(left, seen.sum(0)), rtol=2e-3, atol=2e-4)
    liked = learnt.people @ new
    others = np.setdiff1d(np.arange(240), nurses)
    assert liked[nurses].min() > np.median(liked[others])


def test_it_beats_popularity(task: Task) -> None:
    """The held-out last act is nearly always of the trade; what many look at says nothing of it."""
    last = task.log.back == 0
    past, held = task.log.keep(~last), task.log.job[last]
    known = past.matrix().toarray() > 0
    people = np.flatnonzero(~known[np.arange(240), held])
    scores = IalsSource(SMALL).fit(Task.bare(past)).score(Task.bare(past), people)
    popular = np.tile(np.bincount(past.job, minlength=60).astype(np.float32), (len(people), 1))
    found, base = (recall(s, known[people], held[people]) for s in (scores, popular))
    assert found > 2 * base


def recall(scores: np.ndarray, known: np.ndarray, held: np.ndarray, k: int = 10) -> float:
    ranked = np.argsort(-np.where(known, -np.inf, scores), axis=1, kind="stable")[:, :k]
    return float((ranked == held[:, None]).any(axis=1).mean())


def test_scores_have_their_shape_and_leave_the_original_alone(task: Task, fitted: IalsSource) -> None:
    people = np.array([5, 2, 5])
    scores = fitted.score(task, people)
    assert (scores.shape, scores.dtype) == ((3, 60), np.float32)
    assert (scores[0] == scores[2]).all()
    assert IalsSource(SMALL).factors is None
    with pytest.raises(RuntimeError, match="fit"):
        IalsSource().score(task, people)


@pytest.mark.parametrize(("people", "jobs", "acts"), [(1, 1, 0), (1, 1, 1), (3, 1, 2), (1, 3, 1), (4, 3, 0)])
def test_hardly_anything_is_enough(people: int, jobs: int, acts: int) -> None:
    log = Log.of(np.arange(acts) % people, np.arange(acts) % jobs, np.arange(acts), people=people, jobs=jobs)
    tiny = Task.bare(log)
    source = IalsSource(SMALL).fit(tiny)
    scores = source.score(tiny, np.arange(people))
    assert scores.shape == (people, jobs)
    assert np.isfinite(scores).all()
    assert not scores[np.bincount(log.person, minlength=people) == 0].any()
    assert source.score(tiny, np.zeros(0, dtype=np.int64)).shape == (0, jobs)


def test_wrong_numbers_are_refused() -> None:
    poison = sparse.csr_array(np.array([[1.0, np.nan]], dtype=np.float32))
    below = sparse.csr_array(np.array([[1.0, -1.0]], dtype=np.float32))
    for history in (poison, below):
        with pytest.raises(ValueError, match="above zero"):
            fit_ials(history, SMALL)
    fine = fit_ials(abs(below), SMALL)
    with pytest.raises(ValueError, match="above zero"):
        fine.fold_in_person(np.array([0]), np.array([np.nan]))
    with pytest.raises(ValueError, match="jobs"):
        fine.fold_in(sparse.csr_array((1, 3), dtype=np.float32))
    with pytest.raises(ValueError, match="start"):
        fit_ials(abs(below), SMALL, start=np.full((2, 8), np.inf, np.float32))
    with pytest.raises(ValueError, match="ridge"):
        IalsSettings(ridge=0.0)
    with pytest.raises(ValueError, match="finite"):
        fit_map(np.array([[np.nan]], np.float32), np.zeros((1, 1), np.float32), np.ones(1))


def test_last_nights_jobs_are_a_better_start(task: Task, fitted: IalsSource) -> None:
    """One iteration from yesterday's factors costs less than one from chance, and old jobs may be fewer."""
    history = task.log.matrix()
    once = IalsSettings(dim=8, iterations=1, ridge=0.01)
    assert fitted.factors is not None
    cold = fit_ials(history, once)
    warm = fit_ials(history, once, start=fitted.factors.jobs[:50])
    costs = [objective(history, once, found.jobs, found.people) for found in (cold, warm)]
    assert costs[1] < costs[0]
    assert fitted.refit(task).settings == SMALL


def test_acts_of_long_ago_fade_to_nothing_and_trouble_nobody() -> None:
    """A thousand acts back, a weight is below what a float can hold."""
    acts = 1_200
    log = Log.of(np.zeros(acts), np.arange(acts) % 600, np.arange(acts), people=1, jobs=600)
    task = Task.bare(log)
    source = IalsSource(SMALL, decay=0.5).fit(task)
    assert np.isfinite(source.score(task, np.array([0]))).all()
    told = source.explain(task, 0, 599)
    assert 0 < len(told.factors) < 20
    assert told.score == pytest.approx(float(source.score(task, np.array([0]))[0, 599]), abs=1e-5)


@settings(max_examples=20, deadline=None)
@given(person=st.integers(0, 239), job=st.integers(0, 59), decay=st.floats(0.3, 1.0))
def test_an_explanation_adds_up(person: int, job: int, decay: float) -> None:
    task, source = explained(decay)
    told = source.explain(task, person, job)
    assert math.fsum(factor.contribution for factor in told.factors) == told.score
    assert told.score == pytest.approx(source.score(task, np.array([person]))[0, job], abs=2e-4)
    history = task.log.matrix(source.decay)[[person]].indices
    assert {f.name for f in told.factors} == {f"because:{j}" for j in history} | {"ials:features"}


def explained(decay: float) -> tuple[Task, IalsSource]:
    """A fit with features on both sides, made once; only the fading of histories differs."""
    if not _HELD:
        task = market()
        features = np.random.default_rng(8).random((240, 3)).astype(np.float32)
        source = IalsSource(SMALL).with_features(jobs=trades_of_jobs(), people=features)
        _HELD.append((task, source.fit(task)))
    task, source = _HELD[0]
    return task, replace(source, decay=decay)


_HELD: list[tuple[Task, IalsSource]] = []


def test_somebody_without_history_is_told_nothing(fitted: IalsSource) -> None:
    nobody = Task.bare(Log.of([], [], [], people=1, jobs=60))
    told = fitted.explain(nobody, 0, 3)
    assert (told.score, told.factors, told.reason_code) == (0.0, (), "general")


@pytest.mark.parametrize("form", [np.asarray, sparse.csr_array])
def test_a_cold_job_is_offered_to_its_trade(task: Task, form: Callable[[np.ndarray], object]) -> None:
    """Nobody has seen jobs 0 and 10 yet; what is known of them puts each among its own."""
    warm = task.log.keep(~np.isin(task.log.job, [0, 10]))
    source = IalsSource(SMALL).with_features(jobs=form(trades_of_jobs())).fit(Task.bare(warm))  # type: ignore[arg-type]  # both forms are Features
    nurse = Task.bare(Log.of([0, 0], [3, 5], [1, 2], people=240, jobs=60))
    scores = source.score(nurse, np.array([0]))[0]
    assert scores[0] > 5 * abs(scores[10])
    assert (source.foretell_jobs(trades_of_jobs()[[0]]) == source.foretell_jobs(trades_of_jobs()[[1]])).all()


def test_a_cold_person_is_offered_what_their_like_turned_to(task: Task) -> None:
    """With features of people, no act is needed; with acts, features count for less and less."""
    share = task.log.matrix()
    favourite = np.add.reduceat(share.toarray(), np.arange(0, 60, JOBS_OF_A_TRADE), axis=1).argmax(1)
    features = np.eye(TRADES, dtype=np.float32)[favourite]
    source = IalsSource(SMALL).with_features(people=features).fit(task)
    empty = Task.bare(Log.of([], [], [], people=240, jobs=60))
    for person in (0, 1, 2):
        own = favourite[person] * JOBS_OF_A_TRADE
        scores = source.score(empty, np.array([person]))[0]
        assert scores[own : own + 10].mean() > 3 * abs(np.delete(scores, range(own, own + 10)).mean())


def test_nothing_known_is_nothing_foretold() -> None:
    mapping = fit_map(np.zeros((4, 2), np.float32), np.ones((4, 3), np.float32), np.ones(4))
    assert not mapping.any()
    assert not apply_map(sparse.csr_array((1, 2), dtype=np.float32), mapping + 1).any()
    with pytest.raises(ValueError, match="features"):
        apply_map(np.zeros((1, 3), np.float32), mapping)
    assert blend(np.ones((1, 1), np.float32), np.ones((1, 1), np.float32), np.array([0]), 1.0)[0, 0] == 1.0


def test_the_map_is_the_ridge_solution() -> None:
    rng = np.random.default_rng(2)
    features = (rng.random((50, 12)) * (rng.random((50, 12)) < 0.4)).astype(np.float32)
    targets, trust = rng.normal(size=(50, 3)).astype(np.float32), rng.random(50)
    left = (features.T * trust) @ features + 0.5 * np.eye(12)
    expected = np.linalg.solve(left, (features.T * trust) @ targets)
    for form in (features, sparse.csr_array(features)):
        np.testing.assert_allclose(fit_map(form, targets, trust, l2=0.5), expected, atol=1e-4)


def test_what_is_kept_is_read_back_to_the_bit(task: Task) -> None:
    people = np.arange(6)
    own = np.random.default_rng(8).random((240, 3)).astype(np.float32)
    source = (
        IalsSource(SMALL, decay=0.9, faith=2.0).with_features(jobs=trades_of_jobs(), people=own).fit(task)
    )
    kept = source.to_bytes()
    back = IalsSource.from_bytes(kept).with_features(people=own)
    assert (back.score(task, people) == source.score(task, people)).all()
    assert back.explain(task, 1, 2) == source.explain(task, 1, 2)
    assert back.to_bytes() == kept
    for broken in (b"", b"no archive", kept[:100]):
        with pytest.raises(ValueError, match=r"no iALS|pickle|allow"):
            IalsSource.from_bytes(broken)


def test_no_person_is_kept(fitted: IalsSource) -> None:
    assert fitted.factors is not None
    assert fitted.factors.people.size == 0
