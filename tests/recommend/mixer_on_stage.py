"""Mixes whose writer is killed where it is told: `python -m tests.recommend.mixer_on_stage POINT`."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any


def _die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _at(function: Callable[..., Any], times: int) -> Callable[..., Any]:
    """The same function, whose caller dies instead of calling it so many times."""
    calls: list[int] = []

    def run(*args: Any, **kwargs: Any) -> Any:
        calls.append(1)
        if len(calls) == times:
            _die()
        return function(*args, **kwargs)

    return run


def main(point: str) -> None:
    import django

    django.setup()

    from segue.kit.actor import Actor
    from segue.ports.compute import SerialEngine
    from segue.recommend import mix_files
    from segue.recommend.actions import batch

    if point == "the plan half there":
        mix_files.os.fsync = _at(os.fsync, 1)  # type: ignore[attr-defined]
    elif point == "a part half there":
        mix_files.os.fsync = _at(os.fsync, 7)  # type: ignore[attr-defined]  # two a file: the fourth's first
    elif point == "some parts there":
        mix_files.MixFolder.add_part = _at(mix_files.MixFolder.add_part, 3)  # type: ignore[method-assign]
    elif point == "all parts there":
        batch.publish_mixes = _at(batch.publish_mixes, 1)
    elif point == "the file half there":
        mix_files.MixFolder.joined = _after(mix_files.MixFolder.joined)  # type: ignore[method-assign]
    elif point == "published":
        times = []
        leave = mix_files.MixFolder.abandon

        def abandon(self: mix_files.MixFolder) -> None:
            times.append(1)
            if len(times) == 2:  # the first let go of the run before
                _die()
            leave(self)

        mix_files.MixFolder.abandon = abandon  # type: ignore[method-assign]
    batch.write_mixes(by=Actor.machine("nightly"), k=5, stretch=4, engine=SerialEngine())


def _after(function: Callable[..., Any]) -> Callable[..., Any]:
    def run(*args: Any, **kwargs: Any) -> None:
        function(*args, **kwargs)
        _die()

    return run


if __name__ == "__main__":
    main(sys.argv[1])
