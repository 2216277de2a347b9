"""What a process works out once and uses again: bounded in size and in age, and safe among threads."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

KEPT_S = 900.0  # what nobody asked for in so long is let go: memory is no store of people's data


class Memory(Generic[K, V]):
    """Values by key, up to `most` in all (each counts its `size`); what was not used longest goes first."""

    def __init__(self, most: int, *, kept_s: float = KEPT_S) -> None:
        self._most, self._kept_s = most, kept_s
        self._held: OrderedDict[K, tuple[V, int, float]] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def get(self, key: K) -> V | None:
        """Return what is held under the key, or None."""
        with self._lock:
            found = self._held.pop(key, None)
            if found is None:
                return None
            value, size, _ = found
            self._held[key] = (value, size, time.monotonic())
            return value

    def put(self, key: K, value: V, *, size: int = 1) -> V:
        """Hold a value, in place of the one before; returns it."""
        at = time.monotonic()
        with self._lock:
            self._let_go(key)
            self._held[key] = (value, size, at)
            self._size += size
            while len(self._held) > 1 and self._too_much(at):
                self._let_go(next(iter(self._held)))
        return value

    def forget(self) -> None:
        """Let go of everything."""
        with self._lock:
            self._held.clear()
            self._size = 0

    def _let_go(self, key: K) -> None:
        found = self._held.pop(key, None)
        self._size -= found[1] if found is not None else 0

    def _too_much(self, at: float) -> bool:
        _, _, used = next(iter(self._held.values()))
        return self._size > self._most or at - used > self._kept_s
