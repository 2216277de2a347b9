"""Points: the share of the texts is learnt where acts can tell, and nobody's place depends on the company."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from segue.engine.points import EVEN, LEAST_HELD, Points, axes_of, fit_points
from segue.engine.sources.ials_fit import IalsSettings
from segue.engine.task import Log
from segue.engine.topk import top_k

SMALL = IalsSettings(dim=8, iterations=4)
KINDS, EACH = 6, 10


def world(people: int, *, texts_tell: bool, seed: int = 3) -> tuple[Log, np.ndarray, np.ndarray]:
    """Everybody acts four times on jobs of their own kind; texts name the kind, or say nothing of use."""
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, KINDS, people)
    jobs = np.concatenate([one * EACH + rng.permutation(EACH)[:4] for one in kind])
    log = Log.of(
        np.repeat(np.arange(people), 4), jobs, np.tile(np.arange(4.0), people), people=people, jobs=60
    )
    names = np.eye(KINDS, dtype=np.float32)
    told = names[kind], names[np.arange(60) // EACH]
    if not texts_tell:
        told = tuple(rng.permuted(one, axis=1) for one in told)
    return log, *told


def learnt(log: Log, people: np.ndarray, jobs: np.ndarray) -> Points:
    axes = axes_of(jobs)
    return fit_points(log, people @ axes, jobs @ axes, axes, settings=SMALL)


def test_texts_that_mislead_are_left_out_and_the_card_says_why() -> None:
    points = learnt(*world(600, texts_tell=False))
    assert points.share <= 0.1
    worth = points.report["ndcg@20"]
    assert worth["0.0"] > worth["3.0"]
    assert points.report["acts"] == 2400


def test_too_few_acts_choose_nothing() -> None:
    few = LEAST_HELD // 2
    assert learnt(*world(few, texts_tell=True)).share == EVEN


def test_who_and_what_has_no_acts_is_placed_by_texts() -> None:
    log, people, jobs = world(600, texts_tell=True)
    is_kept = (log.job % EACH != 0) & (
        log.person >= 100
    )  # nobody acts on some jobs, and some people never act
    points = learnt(log.keep(is_kept), people, jobs)
    told = points.told(jobs)
    cold = Log.of([], [], [], people=100, jobs=60)
    best = top_k(points.people(cold, points.told(people[:100])), points.jobs(told), EACH).jobs
    own = best // EACH == people[:100].argmax(axis=1)[:, None]
    assert own.mean() > 0.95
    assert (best % EACH == 0).any()


def test_without_any_act_the_texts_alone_speak() -> None:
    _, people, jobs = world(30, texts_tell=True)
    points = learnt(Log.of([], [], [], people=30, jobs=60), people, jobs)
    placed = points.people(Log.of([], [], [], people=30, jobs=60), points.told(people))
    best = top_k(placed, points.jobs(points.told(jobs)), 3).jobs
    assert (best // EACH == people.argmax(axis=1)[:, None]).all()
    nobody = learnt(Log.of([], [], [], people=0, jobs=60), people[:0], jobs)
    assert np.isfinite(nobody.jobs(nobody.told(jobs)).factors).all()


def test_of_whom_nothing_is_known_stands_at_zero() -> None:
    log, people, jobs = world(40, texts_tell=True)
    points = learnt(log, people, jobs)
    blank = points.people(Log.of([], [], [], people=1, jobs=60), np.zeros((1, KINDS), np.float32))
    assert not blank.any()


def test_a_place_does_not_depend_on_who_else_is_asked_for() -> None:
    log, people, jobs = world(300, texts_tell=True)
    points = learnt(log, people, jobs)
    told = points.told(people)
    whole = points.people(log, told)
    for first, last in ((0, 1), (1, 8), (250, 300)):
        some = log.keep((log.person >= first) & (log.person < last))
        some = replace(some, person=some.person - first, people=last - first)
        np.testing.assert_array_equal(points.people(some, points.told(people[first:last])), whole[first:last])


def test_kept_and_read_back_it_is_the_same_and_so_are_its_bytes() -> None:
    log, people, jobs = world(50, texts_tell=True)
    points = learnt(log, people, jobs)
    again = Points.from_bytes(points.to_bytes())
    told = points.told(people)
    np.testing.assert_array_equal(again.people(log, told), points.people(log, told))
    assert again.to_bytes() == points.to_bytes() == learnt(log, people, jobs).to_bytes()
    with pytest.raises(ValueError, match="no points"):
        Points.from_bytes(b"PK\x03\x04 nothing of the kind")
    with pytest.raises(ValueError, match="no points"):
        Points.from_bytes(b"")
