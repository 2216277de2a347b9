"""A compaction that is killed where it is told: `python -m tests.listen.compactor_on_stage POINT`."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import date
from typing import Any


def _die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _before(function: Callable[..., Any]) -> Callable[..., Any]:
    def run(*args: Any, **kwargs: Any) -> Any:
        _die()
        return function(*args, **kwargs)

    return run


def _after(function: Callable[..., Any], times: int = 1) -> Callable[..., Any]:
    done = []

    def run(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        done.append(result)
        if len(done) == times:
            _die()
        return result

    return run


def main(point: str, before: str) -> None:
    import django

    django.setup()
    from django.db.backends.base.base import BaseDatabaseWrapper

    from segue.kit.actor import Actor
    from segue.listen.actions import cold_parts, compaction
    from segue.ports.storage import LocalStorage, local

    if point == "pseudonyms drawn":
        compaction.draw_pseudonyms = _after(compaction.draw_pseudonyms)
    elif point == "a file half there":
        local._sync = _before(local._sync)
    elif point == "some files there":
        LocalStorage.put = _after(LocalStorage.put, times=3)  # type: ignore[method-assign]
    elif point == "all files there":
        compaction.swap_week = _before(compaction.swap_week)
    elif point == "files on the list":
        compaction.ColdFile.objects.bulk_create = _after(compaction.ColdFile.objects.bulk_create)  # type: ignore[method-assign]
    elif point == "about to commit":
        BaseDatabaseWrapper.commit = _before(BaseDatabaseWrapper.commit)  # type: ignore[method-assign]
    elif point == "committed":
        compaction.swap_week = _after(compaction.swap_week)
    assert cold_parts
    compaction.compact_due(before=date.fromisoformat(before), by=Actor.machine("a story"))


if __name__ == "__main__":
    main(*sys.argv[1:])
