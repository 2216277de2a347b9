"""Handlers hear signals after commit, and only enqueue."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.db import transaction

Handler = Callable[[dict[str, Any]], None]
_handlers: dict[str, list[Handler]] = defaultdict(list)


def hears(kind: str) -> Callable[[Handler], Handler]:
    """Make a function hear one kind of signal (`noun.past`)."""

    def note(handler: Handler) -> Handler:
        if handler not in _handlers[kind]:
            _handlers[kind].append(handler)
        return handler

    return note


def announce(kind: str, *, person_id: uuid.UUID | None = None, job_id: uuid.UUID | None = None) -> None:
    """Tell after commit; for rooms below the ledger, whose changes others merely ought to know of."""
    notice: dict[str, Any] = {"kind": kind, "person_id": person_id, "job_id": job_id, "props": {}}
    transaction.on_commit(lambda: tell(kind, notice))


def tell(kind: str, signal: dict[str, Any]) -> None:
    """Call those who hear this kind; the ledger does so once its row is durable."""
    for handler in _handlers.get(kind, ()):
        handler(signal)


def heard_kinds() -> frozenset[str]:
    return frozenset(_handlers)
