"""One battery that every recommender passes, from popularity to both stages of the stack."""

from __future__ import annotations

import pickle
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from segue.engine.baselines import ItemKNN, Popularity
from segue.engine.ranker import Ranked
from segue.engine.sources.blocks import blocks_of
from segue.engine.sources.content import Likeness, Popular
from segue.engine.sources.foretold import foretold_of
from segue.engine.sources.ials import IalsSource
from segue.engine.sources.linear import Ease, GraphFilter, NextItem
from segue.engine.sources.softmax import NextSoftmax
from segue.engine.stack import Stack
from segue.engine.task import Log, Table, Task

PEOPLE, JOBS = 60, 24
TOWNS = ("Kiel, SH", "Lübeck, SH", "Bonn, NW")
TRADES = ("night nurse ward", "cook kitchen soup", "welder steel yard", "clerk office files")


def a_task(*, people: int = PEOPLE, jobs: int = JOBS, acts: int = 5, known: bool = True) -> Task:
    """People who keep to a trade and a town, by and large."""
    rng = np.random.default_rng(3)
    trade = rng.integers(0, len(TRADES), people)
    who = np.repeat(np.arange(people), acts)
    same = np.arange(jobs) % len(TRADES)
    what = [
        rng.choice(np.flatnonzero(same == trade[one] % max(1, same.max() + 1))) if rng.random() < 0.8
        else rng.integers(0, jobs)
        for one in who
    ]  # fmt: skip
    log = Log.of(who, what, np.tile(np.arange(acts), people), people=people, jobs=jobs)
    if not known:
        return Task.bare(log)
    column = lambda texts: np.array(texts, dtype=object)  # noqa: E731 - three of them, in a row
    own = {"text": column([TRADES[t] for t in trade]), "place": column([TOWNS[i % 3] for i in range(people)])}
    told = {
        "text": column([f"{TRADES[i % len(TRADES)]} {i}" for i in range(jobs)]),
        "place": column([TOWNS[i % 3] for i in range(jobs)]),
        "company": column([f"house {i % 5}" for i in range(jobs)]),
        "pay": np.where(np.arange(jobs) % 7 == 0, np.nan, 1000.0 * np.arange(jobs)),
    }
    return Task(log, Table(people, own), Table(jobs, told))


def everyone(task: Task) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.arange(task.log.people)


def all_of(task: Task) -> list[Any]:
    alike = [Likeness(block) for block in blocks_of(task.people, task.jobs)]
    plain = [
        Popularity(),
        ItemKNN(),
        Popular(),
        Ease(),
        NextItem(),
        GraphFilter(),
        NextSoftmax(),
        IalsSource(),
    ]
    return [*plain, *foretold_of(task.people, task.jobs), *alike, Stack(), Ranked()]


NAMES = [model.name for model in all_of(a_task())]


def one(name: str, task: Task) -> Any:
    return next((model for model in all_of(task) if model.name == name), None)


@pytest.mark.parametrize("name", NAMES)
def test_scores_are_numbers_of_the_right_shape_and_the_same_each_time(name: str) -> None:
    task = a_task()
    model = one(name, task).fit(task)
    scores = model.score(task, np.array([5, 0, 5]))
    assert (scores.shape, scores.dtype) == ((3, JOBS), np.float32)
    assert np.isfinite(scores).all()
    np.testing.assert_array_equal(scores[0], scores[2])
    np.testing.assert_array_equal(one(name, task).fit(task).score(task, np.array([5, 0, 5])), scores)


@pytest.mark.parametrize("name", NAMES)
def test_nobody_and_next_to_nothing_are_scored_too(name: str) -> None:
    for small in (
        a_task(people=1, jobs=1, acts=1),
        a_task(people=3, jobs=3, acts=1),
        a_task(people=2, jobs=3, acts=0),
    ):
        if (model := one(name, small)) is None:
            continue  # a block that so small a table does not have
        scores = model.fit(small).score(small, everyone(small))
        assert scores.shape == (small.log.people, small.log.jobs)
        assert np.isfinite(scores).all()
    task = a_task()
    assert one(name, task).fit(task).score(task, np.array([], dtype=np.int64)).shape == (0, JOBS)


@pytest.mark.parametrize("name", NAMES)
def test_somebody_without_history_is_scored_by_what_is_known(name: str) -> None:
    task = a_task()
    fitted = one(name, task).fit(task)
    without = task.with_log(task.log.keep(task.log.person != 7))
    assert np.isfinite(fitted.score(without, np.array([7]))).all()


@pytest.mark.parametrize("name", NAMES)
def test_kept_and_read_back_nothing_is_lost(name: str) -> None:
    task = a_task()
    fitted = one(name, task).fit(task)
    again = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(again.score(task, everyone(task)), fitted.score(task, everyone(task)))


@pytest.mark.parametrize("name", ["ease", "next", "gfcf", "ials", "segue-stage1", "segue"])
def test_what_is_no_number_is_refused(name: str) -> None:
    """Those that look at days; `Log.of` refuses it for all."""
    task = a_task()
    broken = task.log.day.copy()
    broken[3] = np.nan
    with pytest.raises(ValueError, match="finite"):
        one(name, task).fit(task.with_log(replace(task.log, day=broken)))


@pytest.mark.parametrize("name", [name for name in NAMES if name not in {"popularity", "itemknn"}])
def test_an_explanation_adds_up_to_the_score(name: str) -> None:
    task = a_task()
    fitted = one(name, task).fit(task)
    scores = fitted.score(task, np.array([4]))[0]
    for job in (int(scores.argmax()), int(scores.argmin()), 0):
        told = fitted.explain(task, 4, job)
        assert sum(factor.contribution for factor in told.factors) == pytest.approx(told.score, abs=1e-6)
        assert told.score == pytest.approx(float(scores[job]), rel=2e-3, abs=2e-3)


@pytest.mark.parametrize("name", ["ease", "next", "gfcf", "segue-stage1", "segue"])
def test_a_model_before_its_fit_says_so(name: str) -> None:
    task = a_task()
    with pytest.raises(RuntimeError, match="fit"):
        one(name, task).score(task, everyone(task))


def test_the_stack_learns_what_tells_most() -> None:
    """Here the trade decides, so a job of the own trade comes first for nearly everybody."""
    task = a_task(people=300)
    scores = Stack().fit(task).score(task, everyone(task))
    own = np.array([TRADES.index(text) for text in task.people.columns["text"]])
    assert (scores.argmax(axis=1) % len(TRADES) == own).mean() > 0.8


def test_the_ranker_stands_back_where_it_has_too_little_to_learn_from() -> None:
    task = a_task()
    ranked = Ranked().fit(task)
    assert ranked.booster is None
    assert "not enough to learn from" in ranked.report["ranker"]
    np.testing.assert_array_equal(
        ranked.score(task, everyone(task)), Stack().fit(task).score(task, everyone(task))
    )


def test_the_ranker_learns_what_the_first_stage_cannot_say_and_adds_up() -> None:
    """Whoever has turned to a house before turns to its best-paid job next: no sum of likenesses says so."""
    task = a_task(people=700, jobs=40, acts=4)
    paid = np.where(np.isnan(pay := task.jobs.columns["pay"]), 0.0, pay)
    log = task.log
    last = log.back == 0
    house = np.arange(40) % 5
    before = log.job[np.flatnonzero(last) - 1]
    rng = np.random.default_rng(1)
    best = np.array([max(np.flatnonzero(house == house[one]), key=lambda job: paid[job]) for one in before])
    noise = rng.integers(0, 40, last.sum())
    job = log.job.copy()
    job[last] = np.where(rng.random(last.sum()) < 0.9, best, noise)
    task = task.with_log(replace(log, job=job))
    ranked = Ranked().fit(task)
    assert ranked.report["ranker"] == "in use", ranked.report
    assert ranked.report["ranker_gain"] > ranked.report["ranker_gain_error"]
    scores = ranked.score(task, np.array([9]))[0]
    told = ranked.explain(task, 9, int(scores.argmax()))
    assert told.score == pytest.approx(float(scores.max()), rel=1e-4, abs=1e-4)
    assert {"base", "first_stage", "job:pay"} <= {factor.name for factor in told.factors}
