"""Reading the ledger as it grows: its latest signals, and those after one."""

from __future__ import annotations

import time

from django.db.models import QuerySet

from segue.kit.actor import Actor
from segue.listen.models import Signal, Source
from segue.listen.queries.horizon import UNKNOWN, Horizon
from segue.listen.queries.sources import minds_sources

LOOKS, LOOK_AGAIN_S = 20, 0.01
LOOKED_AT = 200_000  # ids `latest_signals` looks over at most, where it looks for something rare


def signals_visible_to(actor: Actor) -> QuerySet[Signal]:
    """Return the ledger for whoever looks after sources, and for keys with the scope; others see none."""
    rows = Signal.objects.select_related("source")
    return rows if minds_sources(actor) or actor.has_scope("signals:read") else rows.none()


def latest_signals(
    actor: Actor, *, upto: int, source: Source | None = None, kind: str = "", limit: int
) -> list[Signal]:
    """Return the last signals up to an id, oldest first; those among the latest 200,000 ids."""
    recent = narrowed(actor, source, kind).filter(pk__gt=upto - LOOKED_AT, pk__lte=upto)
    return list(recent.order_by("-pk")[:limit])[::-1]


def signals_between(
    actor: Actor, after: int, upto: int, *, source: Source | None = None, kind: str = "", limit: int = 500
) -> list[Signal]:
    """Return the signals with ids in (after, upto], oldest first."""
    return list(narrowed(actor, source, kind).filter(pk__gt=after, pk__lte=upto).order_by("pk")[:limit])


def narrowed(actor: Actor, source: Source | None, kind: str) -> QuerySet[Signal]:
    rows = signals_visible_to(actor)
    rows = rows.filter(source=source) if source else rows
    return rows.filter(kind=kind) if kind else rows


def readable_upto() -> int:
    """Return an id up to which nothing can appear any more.

    It looks for a fifth of a second at most; while somebody has been writing all that time, it is 0, and
    whoever reads asks again.
    """
    horizon = Horizon()
    for _ in range(LOOKS):
        safe = horizon.look()
        if safe != UNKNOWN:
            return safe
        time.sleep(LOOK_AGAIN_S)
    return 0
