"""What somebody who leaves had in hand. Rooms above know; here it is only counted, for whoever takes over."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

Counter = Callable[[UUID], tuple[str, int]]
_counters: list[Counter] = []


def counts_belongings(counter: Counter) -> Counter:
    """Register a function that names a kind of belonging and counts an account's."""
    _counters.append(counter)
    return counter


def belongings_of(account_id: UUID) -> list[tuple[str, int]]:
    """Return what an account has in hand, without what it has none of."""
    return [(words, count) for words, count in (counter(account_id) for counter in _counters) if count]
