"""Ada tells us what she likes by what she does; what she takes back was never said."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.engine.columns import JobColumns
from segue.engine.taste import KIND_WEIGHTS, EventKind, Events, Taste, because, behaviour_score, fold_in
from tests.engine.conftest import TODAY, make_jobs

JOBS = make_jobs(20, np.random.default_rng(2))
ROWS = st.lists(
    st.tuples(st.integers(0, 19), st.sampled_from(list(EventKind)), st.floats(TODAY - 90, TODAY)), max_size=30
)


def taste_of(*rows: tuple[int, EventKind, float], jobs: JobColumns = JOBS) -> Taste:
    return fold_in(Events.of(rows), jobs, now_day=TODAY)


def same(left: Taste, right: Taste) -> bool:
    return all(
        np.array_equal(getattr(left, column.name), getattr(right, column.name)) for column in fields(Taste)
    )


def twins() -> JobColumns:
    """Two jobs alike, and one unlike both."""
    vec = np.array([[1, 0], [1, 0], [0, 1]], dtype=np.float32)
    return replace(JobColumns.blank(["a", "a2", "b"], dim=2), vec=vec, title_vec=vec)


@given(ROWS, st.integers(0, 29))
def test_undo_gives_exactly_the_taste_without_the_event(
    rows: list[tuple[int, EventKind, float]], which: int
) -> None:
    extra = (3, EventKind.SAVE, TODAY - 1)
    at = min(which, len(rows))
    with_it = Events.of([*rows[:at], extra, *rows[at:]])
    keep = np.arange(len(with_it.job)) != at
    undone = Events(with_it.job[keep], with_it.kind[keep], with_it.day[keep])
    assert same(fold_in(undone, JOBS, now_day=TODAY), taste_of(*rows))


@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_events_does_not_matter(
    rows: list[tuple[int, EventKind, float]], random: object
) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert same(taste_of(*shuffled), taste_of(*rows))


@given(ROWS)
def test_scores_are_finite_and_within_one(rows: list[tuple[int, EventKind, float]]) -> None:
    taste = taste_of(*rows)
    scores = behaviour_score(taste, JOBS)
    assert scores.shape == (20,)
    assert np.isfinite(scores).all()
    assert np.abs(scores).max() <= 1.0
    assert 0.0 <= taste.strength < 1.0


def test_a_save_lifts_the_like_and_a_hide_sinks_it() -> None:
    jobs = twins()
    liked = behaviour_score(taste_of((0, EventKind.SAVE, TODAY), jobs=jobs), jobs)
    hidden = behaviour_score(taste_of((0, EventKind.HIDE, TODAY), jobs=jobs), jobs)
    assert liked[1] > 0 == liked[2]
    assert hidden[1] < 0 == hidden[2]


def test_stronger_acts_weigh_more() -> None:
    weights = [float(taste_of((0, kind, TODAY)).weights[0]) for kind in EventKind]
    assert weights == [KIND_WEIGHTS[kind] for kind in EventKind]


def test_weight_halves_with_every_half_life() -> None:
    events = Events.of([(0, EventKind.APPLY, TODAY - 20)])
    assert fold_in(events, JOBS, now_day=TODAY, half_life_days=10).weights.tolist() == [1.0]


def test_many_clicks_say_no_more_than_an_application() -> None:
    assert taste_of(*[(0, EventKind.CLICK, TODAY)] * 50).weights.tolist() == [4.0]


def test_not_now_says_nothing_about_taste() -> None:
    jobs = twins()
    assert not behaviour_score(taste_of((0, EventKind.NOT_NOW, TODAY), jobs=jobs), jobs).any()


def test_only_liked_jobs_count_as_activity() -> None:
    taste = taste_of((0, EventKind.SAVE, TODAY), (1, EventKind.SKIP, TODAY), (2, EventKind.CLICK, TODAY))
    assert taste.active_jobs == 2


def test_towns_they_look_at_lead() -> None:
    jobs = replace(
        JobColumns.blank(["a", "b", "c"]),
        place=np.array(["Oslo", "Oslo", "Bergen"], dtype=object),
        region=np.array(["East", "East", "West"], dtype=object),
    )
    scores = behaviour_score(taste_of((0, EventKind.CLICK, TODAY), jobs=jobs), jobs)
    assert scores[1] > scores[2] == 0


def test_a_job_nobody_has_seen_can_be_the_best_one() -> None:
    jobs = twins()
    taste = taste_of((0, EventKind.LIKE, TODAY), jobs=jobs)
    newcomers = replace(JobColumns.blank(["x", "y"], dim=2), title_vec=jobs.title_vec[[2, 1]])
    assert behaviour_score(taste, newcomers).argmax() == 1


def test_because_names_the_liked_twin_and_never_the_job_itself() -> None:
    jobs = twins()
    taste = taste_of((0, EventKind.SAVE, TODAY), (2, EventKind.HIDE, TODAY), jobs=jobs)
    assert because(taste, jobs, 1) == 0
    assert because(taste, jobs, 2) is None
    assert because(taste, jobs, 0) is None
    assert because(taste_of(jobs=jobs), jobs, 0) is None


def test_what_happens_later_is_not_looked_at() -> None:
    """The leak that once made a model look twice as good: the click to be guessed, seen in its input."""
    past = (0, EventKind.SAVE, TODAY - 1)
    assert same(taste_of(past, (5, EventKind.APPLY, TODAY + 0.001)), taste_of(past))


def test_a_half_life_is_above_zero_and_columns_are_equally_long() -> None:
    with pytest.raises(ValueError, match="half_life"):
        fold_in(Events.of([]), JOBS, now_day=TODAY, half_life_days=0)
    with pytest.raises(ValueError, match="equally long"):
        Events(np.zeros(1, np.intp), np.zeros(2, np.int8), np.zeros(1))


def offers() -> JobColumns:
    """Four jobs that share one attribute each with the first, and one that shares none."""
    blank = JobColumns.blank(["skipped", "same town", "same pay", "same mode", "same work", "unlike"], dim=2)
    kinds = np.array([[1, 0], [0, 1], [0, 1], [0, 1], [1, 0], [0, 1]], dtype=np.float32)
    pay = np.array([60_000, 30_000, 61_000, 30_000, 30_000, 30_000], dtype=np.float64)
    return replace(
        blank,
        title_vec=kinds,
        place=np.array(["bonn", "bonn", "kiel", "kiel", "kiel", "kiel"], dtype=object),
        pay_min_year=pay,
        pay_max_year=pay,
        remote=np.array([2, 0, 0, 2, 0, 0], dtype=np.int8),
    )


@pytest.mark.parametrize("kind", [EventKind.SKIP, EventKind.LESS_LIKE_THIS, EventKind.HIDE])
def test_what_was_passed_over_lowers_what_is_like_it_in_any_attribute(kind: EventKind) -> None:
    """Ada passes over a job: its town, pay, way of working and kind of work all count a little."""
    scores = behaviour_score(taste_of((0, kind, TODAY), jobs=offers()), offers())
    assert scores[5] == 0.0
    assert (scores[1:5] < 0.0).all()
    assert scores[0] == scores.min()


def test_a_refusal_fades_by_half_each_half_life() -> None:
    fresh = taste_of((0, EventKind.SKIP, TODAY), jobs=offers())
    old = taste_of((0, EventKind.SKIP, TODAY - 60), jobs=offers())
    assert old.weights.tolist() == [pytest.approx(fresh.weights[0] / 4)]
    before, after = behaviour_score(fresh, offers()), behaviour_score(old, offers())
    assert (after[:5] > before[:5]).all()
    assert (after[:5] < 0).all()


def test_one_like_in_a_town_outweighs_a_skip_there() -> None:
    jobs = offers()
    taste = taste_of((0, EventKind.SKIP, TODAY), (1, EventKind.SAVE, TODAY), jobs=jobs)
    assert taste.places["bonn"] > 0
    assert taste.modes == {2: pytest.approx(-1 / 3)}


def test_what_is_not_known_of_a_job_is_not_held_against_others() -> None:
    """No pay, no mode and no town: a skip says nothing of jobs that are as silent."""
    jobs = JobColumns.blank(["a", "b"])
    assert behaviour_score(taste_of((0, EventKind.HIDE, TODAY), jobs=jobs), jobs).tolist() == [0.0, 0.0]


def test_pay_bands_are_a_quarter_wide() -> None:
    pay = np.array([40_000, 41_000, 52_000, np.nan, 0.0])
    bands = replace(JobColumns.blank(range(5)), pay_min_year=pay, pay_max_year=pay).pay_bands.tolist()
    assert bands[0] == bands[1] == bands[2] - 1
    assert bands[3:] == [-1, -1]
