"""What is kept is kept within bounds."""

from __future__ import annotations

import pytest

from segue.kit import memory
from segue.kit.memory import Memory


def test_what_was_not_used_longest_goes_first() -> None:
    kept: Memory[str, int] = Memory(2)
    kept.put("ada", 1)
    kept.put("eve", 2)
    assert kept.get("ada") == 1
    kept.put("max", 3)
    assert kept.get("eve") is None
    assert kept.get("ada") == 1
    assert kept.get("max") == 3


def test_sizes_count_and_a_value_put_twice_counts_once() -> None:
    kept: Memory[str, int] = Memory(10)
    kept.put("ada", 1, size=6)
    kept.put("ada", 2, size=6)
    kept.put("eve", 3, size=4)
    assert (kept.get("ada"), kept.get("eve")) == (2, 3)
    kept.put("max", 4, size=4)
    assert kept.get("ada") is None
    assert kept.get("eve") == 3


def test_what_nobody_asked_for_in_a_while_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ada left an hour ago; nothing of hers stays in memory only because there is room."""
    at = [0.0]
    monkeypatch.setattr(memory.time, "monotonic", lambda: at[0])
    kept: Memory[str, int] = Memory(100, kept_s=60.0)
    kept.put("ada", 1)
    at[0] = 61.0
    kept.put("eve", 2)
    assert kept.get("ada") is None


def test_forgetting_leaves_nothing() -> None:
    kept: Memory[str, int] = Memory(5)
    kept.put("ada", 1)
    kept.forget()
    assert kept.get("ada") is None
