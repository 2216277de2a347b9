"""Hearing the ledger in order. A consumer is one small function in a room's `consumers.py` or `consumers/`.

    @consumer("recommend.impressions", kinds=("card.shown",), tiers="AB")
    def mark_impressions(batch: Sequence[Told]) -> None: ...

It is called with signals in the order of their ids, inside the transaction that also moves its cursor: what
it changes in the database happens exactly once, however often we are killed. It must therefore not reach
outside; it enqueues a job for that. One that never ran before begins at the present, or with
`start="beginning"` at the first signal there is.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.apps import apps

from segue.kit.errors import NotFound

BATCH = 500  # signals in one call, at most


@dataclass(frozen=True, slots=True)
class Told:
    """One signal as a consumer gets it; the same from the hot tables and from the cold files."""

    id: int
    source_id: int | None  # None: recorded by our own code
    kind: str
    event: str
    at: datetime
    received_at: datetime
    person_id: uuid.UUID | None
    anonymous_id: str
    job_id: uuid.UUID | None
    props: dict[str, Any]
    tier: str


Read = Callable[[Sequence[Told]], None]


@dataclass(frozen=True, slots=True)
class Consumer:
    """Who reads what. `kinds` None means all; a callable is asked when reading begins."""

    name: str
    read: Read
    kinds: Iterable[str] | Callable[[], Iterable[str]] | None = None
    tiers: str = "ABCD"
    collected_only: bool = False  # only what came through the collector, not what our own code recorded
    start: Literal["present", "beginning"] = "present"
    batch: int = BATCH

    def wanted_kinds(self) -> list[str] | None:
        kinds = self.kinds() if callable(self.kinds) else self.kinds
        return None if kinds is None else sorted(kinds)


_consumers: dict[str, Consumer] = {}


def consumer(
    name: str,
    *,
    kinds: Iterable[str] | Callable[[], Iterable[str]] | None = None,
    tiers: str = "ABCD",
    collected_only: bool = False,
    start: Literal["present", "beginning"] = "present",
    batch: int = BATCH,
) -> Callable[[Read], Read]:
    """Make a function a consumer named `room.what_it_does`.

    The name is the key of its place in the ledger: under a new name it begins anew.
    """

    def note(function: Read) -> Read:
        _consumers[name] = Consumer(name, function, kinds, tiers, collected_only, start, batch)
        return function

    return note


def load_consumers() -> dict[str, Consumer]:
    """Import every room's consumers, one file or a folder of them, and return them by name."""
    for room in apps.get_app_configs():
        name = f"{room.name}.consumers"
        if importlib.util.find_spec(name) is None:
            continue
        package = importlib.import_module(name)
        for found in pkgutil.iter_modules(getattr(package, "__path__", [])):
            importlib.import_module(f"{name}.{found.name}")
    return _consumers


def consumer_named(name: str) -> Consumer:
    """Return a registered consumer. Raises NotFound, naming those there are."""
    found = _consumers.get(name) or load_consumers().get(name)
    if found is None:
        raise NotFound(
            f"There is no consumer {name!r}.", field="consumer", remedy=f"There are: {', '.join(_consumers)}."
        )
    return found
