"""Pace tells programs from people."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.engine.robots import leaky_level, scanner_clicks

CLICKS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 4), st.integers(0, 40)), max_size=30)


@given(clicks=CLICKS, n_links=st.integers(1, 4))
def test_a_burst_is_what_a_plain_count_says(clicks: list[tuple[int, int, int]], n_links: int) -> None:
    letter, link, at = (np.array([row[i] for row in clicks], dtype=np.int64) for i in range(3))
    found = scanner_clicks(letter, link, at, window_us=10, n_links=n_links)
    for i, (mine, _, when) in enumerate(clicks):
        windows = [
            {other for name, other, then in clicks if name == mine and start <= then <= start + 10}
            for name, _, start in clicks
            if name == mine and start <= when <= start + 10
        ]
        assert found[i] == any(len(links) >= n_links for links in windows)


def test_a_reader_opens_one_link_and_then_another() -> None:
    letter, link = np.array([1, 1, 1]), np.array([1, 1, 2])
    at = np.array([0, 1_000_000, 40_000_000])
    assert not scanner_clicks(letter, link, at).any()


def test_lengths_must_agree() -> None:
    with pytest.raises(ValueError, match="length"):
        scanner_clicks(np.array([1]), np.array([1, 2]), np.array([1]))


@given(gaps=st.lists(st.floats(0.25, 60), max_size=50))
def test_a_steady_hand_never_fills_the_bucket(gaps: list[float]) -> None:
    level = 0.0
    for gap in gaps:
        level = leaky_level(level, gap, leak_per_s=4.0)
        assert level <= 1.0
