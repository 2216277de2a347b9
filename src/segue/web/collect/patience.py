"""How long we wait for bodies: one look a second at all who are late, instead of a timer each."""

from __future__ import annotations

import asyncio
from typing import Any


class Patience:
    """Cancels tasks that have waited too long. A timer for each would cost a twentieth of a request."""

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s
        self._since_s: dict[asyncio.Task[Any], float] = {}
        self._given_up: set[asyncio.Task[Any]] = set()
        self._looking = False

    def begin(self) -> asyncio.Task[Any]:
        """Begin to wait in the running task; give what is returned to `end`."""
        loop = asyncio.get_running_loop()
        task = asyncio.current_task(loop)
        assert task is not None
        self._since_s[task] = loop.time()
        if not self._looking:
            self._looking = True
            loop.call_later(1.0, self._look)
        return task

    def end(self, task: asyncio.Task[Any]) -> bool:
        """End waiting; say whether it was we who cancelled the task (which is undone then)."""
        self._since_s.pop(task, None)
        if task in self._given_up:
            self._given_up.discard(task)
            task.uncancel()
            return True
        return False

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        overdue_s = loop.time() - self._limit_s
        for task in [task for task, since_s in self._since_s.items() if since_s < overdue_s]:
            del self._since_s[task]
            self._given_up.add(task)
            task.cancel()
        self._looking = bool(self._since_s)
        if self._looking:
            loop.call_later(1.0, self._look)
