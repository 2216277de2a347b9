"""What is held out, and the guard that nothing else reads it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given as example
from hypothesis import strategies as st

from segue.engine.leakage import Leak, check_columns, check_log, check_names, check_same
from segue.engine.splits import Split, first_acts, given, random_one, temporal, validation
from segue.engine.task import Log

PEOPLE, JOBS = 5, 6
acts = st.lists(
    st.tuples(st.integers(0, PEOPLE - 1), st.integers(0, JOBS - 1), st.integers(0, 9)), max_size=40
)


def log_of(rows: list[tuple[int, int, int]], people: int = PEOPLE, jobs: int = JOBS) -> Log:
    person, job, day = (list(column) for column in zip(*rows, strict=True)) if rows else ([], [], [])
    return Log.of(person, job, day, people=people, jobs=jobs)


def naive_firsts(rows: list[tuple[int, int, int]], person: int) -> list[int]:
    """The person's jobs in the order in which they met them."""
    found: list[int] = []
    for _, job, _ in sorted((row for row in rows if row[0] == person), key=lambda row: row[2]):
        if job not in found:
            found.append(job)
    return found


@example(acts)
def test_the_test_is_the_last_first_time_act_of_who_has_two_jobs(rows: list[tuple[int, int, int]]) -> None:
    split = temporal(log_of(rows))
    met = {person: naive_firsts(rows, person) for person in range(PEOPLE)}
    expected = {person: jobs[-1] for person, jobs in met.items() if len(jobs) > 1}
    assert dict(zip(split.person.tolist(), split.job.tolist(), strict=True)) == expected
    for person in range(PEOPLE):
        kept = split.train.job[split.train.person == person].tolist()
        assert kept == (met[person][:-1] if person in expected else met[person])


@example(acts)
def test_settings_are_chosen_on_the_last_act_but_one(rows: list[tuple[int, int, int]]) -> None:
    held = validation(temporal(log_of(rows)).train)
    for person, job in zip(held.person.tolist(), held.job.tolist(), strict=True):
        assert job == naive_firsts(rows, person)[-2]


@example(acts, st.integers(0, 99))
def test_a_random_split_holds_out_one_act_each_and_loses_none(
    rows: list[tuple[int, int, int]], seed: int
) -> None:
    split, again = (random_one(log_of(rows), np.random.default_rng(seed)) for _ in range(2))
    assert len(set(split.person.tolist())) == len(split)
    assert len(split) + len(split.train) == len(first_acts(log_of(rows)))
    assert (split.job == again.job).all()
    check_log(Split(split.train, split.person, split.job, np.full(len(split), np.nan)))


@example(acts)
def test_our_own_temporal_split_passes_the_guard_and_one_that_forgot_to_hold_out_does_not(
    rows: list[tuple[int, int, int]],
) -> None:
    split = temporal(log_of(rows))
    check_log(split)
    if len(split):
        with pytest.raises(Leak, match="held-out act"):
            check_log(Split(first_acts(log_of(rows)), split.person, split.job, split.day))


def test_held_out_acts_that_are_in_the_history_are_no_question() -> None:
    split = given(log_of([(0, 1, 1)]), log_of([(0, 1, 5), (0, 2, 6), (3, 1, 2), (3, 1, 4)]))
    assert list(zip(split.person.tolist(), split.job.tolist(), strict=True)) == [(0, 2), (3, 1)]
    assert np.isnan(split.day).all()


def test_logs_of_different_tables_are_not_divided() -> None:
    with pytest.raises(ValueError, match="tables"):
        given(log_of([]), log_of([], people=9))


def test_an_act_after_the_held_out_one_is_a_leak() -> None:
    split = given(log_of([(0, 1, 5), (2, 0, 1)]), log_of([(0, 2, 4)]), timed=True)
    with pytest.raises(Leak, match="after") as told:
        check_log(split)
    assert (told.value.what, told.value.row) == ("log", 0)


def test_an_act_at_the_same_moment_is_a_leak_where_moments_are_fine_enough() -> None:
    split = given(log_of([(0, 1, 5)]), log_of([(0, 2, 5)]), timed=True)
    check_log(split)
    with pytest.raises(Leak, match="at or after"):
        check_log(split, ties_are_leaks=True)


def test_the_held_out_act_itself_in_the_history_is_a_leak() -> None:
    log = log_of([(0, 1, 1), (1, 2, 1)])
    with pytest.raises(Leak, match="held-out act"):
        check_log(Split(log, np.array([1]), np.array([2]), np.array([np.nan])))


def random_log(seed: int = 4, acts: int = 300) -> Log:
    rng = np.random.default_rng(seed)
    return Log.of(rng.integers(0, 40, acts), rng.integers(0, 30, acts), rng.random(acts), people=40, jobs=30)


@pytest.mark.parametrize("shape", [lambda x: x, lambda x: 3 * x + 7, np.log1p, lambda x: x / x.sum()])
def test_a_column_counted_with_the_held_out_acts_is_a_leak(shape: object) -> None:
    whole = random_log()
    train = temporal(whole).train
    counts, honest = (np.bincount(log.job, minlength=30).astype(float) for log in (first_acts(whole), train))
    with pytest.raises(Leak, match="views"):
        check_columns({"views": shape(counts)}, whole, train, of_jobs=True)  # type: ignore[operator]
    check_columns({"views": shape(honest)}, whole, train, of_jobs=True)  # type: ignore[operator]


def test_a_persons_last_active_day_is_a_leak_when_it_is_the_held_out_days() -> None:
    whole = random_log()
    last = np.array([whole.day[whole.person == p].max() for p in range(40)])
    with pytest.raises(Leak, match="last_active"):
        check_columns({"last_active": last}, whole, temporal(whole).train, of_jobs=False)


@example(st.integers(0, 50))
def test_a_column_that_has_nothing_to_do_with_the_log_is_none(seed: int) -> None:
    whole, rng = random_log(), np.random.default_rng(seed)
    columns = {"pay": rng.normal(size=30), "grade": rng.integers(0, 3, 30).astype(float),
               "unknown": np.full(30, np.nan), "one": np.ones(30)}  # fmt: skip
    train = temporal(whole).train
    check_columns(columns, whole, train, of_jobs=True)
    views = np.bincount(first_acts(whole).job, minlength=30).astype(float)
    with pytest.raises(Leak, match="views"):
        check_columns(columns | {"views": views}, whole, train, of_jobs=True)


def test_a_column_that_names_the_answers_is_a_leak() -> None:
    row, answer = np.arange(4), ["a", "b", "c", "d"]
    with pytest.raises(Leak, match="seen"):
        check_names({"seen": np.array(["x; a", "b", "c;y", ""], dtype=object)}, row, answer)
    with pytest.raises(Leak, match="next"):
        check_names({"next": np.array([1.0, 2.0, 3.0, np.nan])}, row, ["1", "2", "3", "4"])
    check_names({"kind": np.array(["a", "a", "x", "x"], dtype=object)}, row, answer)


def test_a_feature_of_ours_is_the_same_with_the_held_out_acts_withheld() -> None:
    check_same("share", np.array([0.5, np.nan]), np.array([0.5, np.nan]))
    with pytest.raises(Leak, match="share") as told:
        check_same("share", np.array([0.5, 1.0]), np.array([0.5, 2.0]))
    assert told.value.row == 1
    with pytest.raises(Leak, match="shape"):
        check_same("share", np.zeros(2), np.zeros(3))
