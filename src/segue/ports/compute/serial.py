"""One task after another, here."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from segue.listen.compute import Result, Task


class SerialEngine:
    """What the others must agree with."""

    name = "serial"
    shares_files = True

    def map(self, function: Callable[[Task], Result], tasks: Sequence[Task]) -> list[Result]:
        return [function(task) for task in tasks]

    def close(self) -> None:
        """There is nobody to let go."""
