"""The ordered funnel counts what its sentence says, however the rows lie. (SQL's word: tests/listen/.)"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from segue.engine.funnel import MOST_STEPS, chain_depths, ordered_funnel


class Event(NamedTuple):
    """What happened to whom and when; `serves` is the set of steps as bits."""

    subject: int
    at_us: int
    id: int
    serves: int


def told_plainly(events: list[Event], n_steps: int, window_us: int) -> list[int]:
    """The definition, tried for every first event: take the next one that serves, and look at the clock."""
    counts = [0] * n_steps
    for subject in {event.subject for event in events}:
        theirs = sorted((e for e in events if e.subject == subject), key=lambda e: (e.at_us, e.id))
        deepest = 0
        for i, first in enumerate(theirs):
            if not first.serves & 1:
                continue
            depth = 1
            for event in theirs[i + 1 :]:
                in_time = event.at_us - first.at_us <= window_us
                if depth < n_steps and in_time and event.serves >> depth & 1:
                    depth += 1
            deepest = max(deepest, depth)
        for step in range(deepest):
            counts[step] += 1
    return counts


def counted(events: list[Event], n_steps: int, window_us: int) -> list[int]:
    columns = np.array(events, dtype=np.int64).reshape(-1, 4)
    subject, at_us, order = (np.ascontiguousarray(columns[:, i]) for i in range(3))
    return ordered_funnel(subject, columns[:, 3].astype(np.uint8), at_us, order, n_steps, window_us).tolist()


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Event], int]:
    """Few subjects and few instants, so that ties, edges and repeats are the rule."""
    n_steps = draw(st.integers(1, 4))
    rows = draw(
        st.lists(
            st.tuples(
                st.sampled_from([-(2**63), -1, 0, 5, 2**63 - 1]),
                st.integers(-3, 12),
                st.integers(0, 2**n_steps - 1),
            ),
            max_size=24,
        )
    )
    ids = draw(st.permutations(range(len(rows))))
    return [
        Event(who, at, number, serves) for (who, at, serves), number in zip(rows, ids, strict=True)
    ], n_steps


@given(histories(), st.integers(0, 16))
def test_counts_are_those_of_the_definition(history: tuple[list[Event], int], window_us: int) -> None:
    events, n_steps = history
    assert counted(events, n_steps, window_us) == told_plainly(events, n_steps, window_us)


@given(histories(), st.integers(0, 16), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(
    history: tuple[list[Event], int], window_us: int, random: object
) -> None:
    events, n_steps = history
    shuffled = list(events)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert counted(shuffled, n_steps, window_us) == counted(sorted(events), n_steps, window_us)


@given(histories(), st.integers(0, 15))
def test_counts_only_fall_from_step_to_step_and_grow_with_the_window(
    history: tuple[list[Event], int], window_us: int
) -> None:
    events, n_steps = history
    narrow, wide = counted(events, n_steps, window_us), counted(events, n_steps, window_us + 1)
    assert narrow == sorted(narrow, reverse=True)
    assert all(few <= many for few, many in zip(narrow, wide, strict=True))


@given(histories(), st.integers(0, 16))
def test_shards_of_whole_subjects_add_up(history: tuple[list[Event], int], window_us: int) -> None:
    events, n_steps = history
    shards = [[event for event in events if event.subject % 3 == shard] for shard in range(3)]
    parts = [counted(shard, n_steps, window_us) for shard in shards]
    assert np.sum(parts, axis=0).tolist() == counted(events, n_steps, window_us)


def test_nobody_did_anything() -> None:
    assert counted([], 3, 10) == [0, 0, 0]


def test_of_two_events_at_one_instant_the_id_says_which_came_first() -> None:
    shown_first = [Event(1, 0, 1, 0b01), Event(1, 0, 2, 0b10)]
    clicked_first = [Event(1, 0, 2, 0b01), Event(1, 0, 1, 0b10)]
    assert counted(shown_first, 2, 0) == [1, 1]
    assert counted(clicked_first, 2, 0) == [1, 0]


def test_the_same_kind_twice_asks_for_two_events() -> None:
    assert counted([Event(1, 0, 1, 0b11)], 2, 10) == [1, 0]
    assert counted([Event(1, 0, 1, 0b11), Event(1, 0, 2, 0b11)], 2, 10) == [1, 1]


def test_the_window_counts_to_its_edge() -> None:
    events = [Event(1, 0, 1, 0b01), Event(1, 10, 2, 0b10)]
    assert counted(events, 2, 10) == [1, 1]
    assert counted(events, 2, 9) == [1, 0]


def test_a_later_beginning_saves_who_began_too_early() -> None:
    """First shown long ago, shown again and clicked: the early beginning must not spoil the later one."""
    events = [Event(1, 0, 1, 0b001), Event(1, 5, 2, 0b010), Event(1, 90, 3, 0b001), Event(1, 95, 4, 0b010)]
    assert counted([*events, Event(1, 99, 5, 0b100)], 3, 10) == [1, 1, 1]


def test_a_chain_may_not_borrow_its_beginning_from_another_chain() -> None:
    """Step two is reached by a chain from 0 only; the later step one comes after it and is of no use."""
    events = [Event(1, 0, 1, 0b001), Event(1, 8, 2, 0b010), Event(1, 9, 3, 0b001), Event(1, 18, 4, 0b100)]
    assert counted(events, 3, 10) == [1, 1, 0]


def test_nothing_leaks_from_one_subject_to_the_next() -> None:
    assert counted([Event(1, 0, 1, 0b01), Event(2, 1, 2, 0b10)], 2, 10) == [1, 0]


def test_one_subject_with_a_hundred_thousand_events() -> None:
    rng = np.random.default_rng(3)
    n = 100_000
    at_us = np.sort(rng.integers(0, 10**9, n))
    steps = (1 << rng.choice(5, n, p=[0.001, 0.001, 0.001, 0.001, 0.996])).astype(np.uint8) & np.uint8(15)
    subject = np.full(n, -17)
    rows = np.flatnonzero(steps)
    events = [Event(0, int(at_us[i]), int(i), int(steps[i])) for i in rows]
    for window_us in (10**5, 10**6, 10**7, 10**9):
        counts = ordered_funnel(subject, steps, at_us, np.arange(n), 4, window_us)
        assert counts.tolist() == told_plainly(events, 4, window_us)


def test_depths_name_each_subject_once_in_order() -> None:
    steps = np.array([1, 1, 2], dtype=np.uint8)
    subjects, depth = chain_depths(np.array([5, -2, 5]), steps, np.array([0, 0, 1]), np.arange(3), 2, 1)
    assert subjects.tolist() == [-2, 5]
    assert depth.tolist() == [1, 2]


@pytest.mark.parametrize(
    ("n_steps", "window_us", "dtype", "extra", "says"),
    [
        (0, 1, np.uint8, 0, "n_steps"),
        (MOST_STEPS + 1, 1, np.uint8, 0, "n_steps"),
        (1, -1, np.uint8, 0, "window_us"),
        (1, 1, np.int8, 0, "unsigned"),
        (1, 1, np.uint8, 1, "equally long"),
    ],
)
def test_nonsense_is_refused(
    n_steps: int, window_us: int, dtype: type[np.generic], extra: int, says: str
) -> None:
    ones: NDArray[np.int64] = np.ones(2, dtype=np.int64)
    with pytest.raises(ValueError, match=says):
        ordered_funnel(ones, np.ones(2 + extra, dtype=dtype), ones, ones, n_steps, window_us)  # type: ignore[arg-type]
