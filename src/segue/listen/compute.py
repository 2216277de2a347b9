"""Who does the counting: the interface this room wants from whatever maps a function over shards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Protocol, TypeVar

from django.conf import settings
from django.utils.module_loading import import_string

from segue.kit.errors import Invalid, SegueError

Task = TypeVar("Task")
Result = TypeVar("Result")


class EngineMissing(SegueError):
    """The engine chosen in the settings is not installed, or cannot be reached."""

    code = "engine_missing"
    http_status = 503


class EngineBroken(SegueError):
    """Workers died again and again while doing the same thing."""

    code = "engine_broken"
    http_status = 503


class Engine(Protocol):
    """Runs one function on many tasks, here or elsewhere. The answers do not depend on which engine it is."""

    name: str
    shares_files: bool  # its workers see the files of this machine

    def map(self, function: Callable[[Task], Result], tasks: Sequence[Task]) -> list[Result]:
        """Return function(task) for each task, in the order of the tasks.

        The function is one of a module's, and tasks and results can be pickled. A function may run more
        than once for a task (a worker died), so it must not change anything. What it raises is raised here.
        Raises EngineMissing where the engine cannot start and EngineBroken where its workers keep dying.
        """
        ...

    def close(self) -> None:
        """Let the workers go; the next `map` starts new ones."""
        ...


def engine() -> Engine:
    """Return the engine chosen in settings.COMPUTE; it and its workers are kept for this process.

    Raises Invalid for a name that is none of settings.COMPUTE_ENGINES.
    """
    return _engine(settings.COMPUTE)


@lru_cache(maxsize=4)
def _engine(name: str) -> Engine:
    known: dict[str, str] = settings.COMPUTE_ENGINES
    if name not in known:
        raise Invalid(
            f"There is no engine {name!r}.",
            field="SEGUE_COMPUTE",
            remedy=f"Name one of: {', '.join(known)}.",
        )
    made: Engine = import_string(known[name])()
    return made
