"""How the consumers are doing: how far behind, since when, and whether one stands still."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from segue.kit import clock
from segue.listen.consuming import load_consumers
from segue.listen.models import Cursor, Parked

STILL_AFTER_S = 120.0  # behind, and not moved for so long


@dataclass(frozen=True, slots=True)
class Lag:
    """One consumer. `behind` counts ids, so it is the most it can be: an undone write drew ids too."""

    name: str
    position: int
    behind: int
    age_s: float  # of the oldest signal it has not read, since it was received
    stumbles: int
    last_error: str
    parked: int
    paused: bool
    moved_at: datetime | None  # None: it has no place yet
    registered: bool  # false: a place is left of a consumer that is no more

    @property
    def stands_still(self) -> bool:
        """Say whether somebody should look: it is behind and does not move, or it has given signals up."""
        if not self.registered or self.paused:
            return False
        moved = self.moved_at or datetime.min.replace(tzinfo=clock.now().tzinfo)
        return self.behind > 0 and min(self.age_s, (clock.now() - moved).total_seconds()) > STILL_AFTER_S


def consumer_lag() -> list[Lag]:
    """Return every consumer that is registered or has a place, by name."""
    top, at, registered = last_drawn(), clock.now(), load_consumers().keys()
    parked = Counter(Parked.objects.values_list("consumer", flat=True))
    places = list(Cursor.objects.all())
    oldest = _oldest_unread({place.position for place in places if place.position < top})
    lags = [Lag(name, top, 0, 0.0, 0, "", 0, False, None, True) for name in registered]
    for place in places:
        received_at = oldest.get(place.position)
        lags.append(
            Lag(
                name=place.consumer,
                position=place.position,
                behind=top - place.position if received_at else 0,
                age_s=max((at - received_at).total_seconds(), 0.0) if received_at else 0.0,
                stumbles=place.stumbles,
                last_error=place.last_error,
                parked=parked[place.consumer],
                paused=place.paused,
                moved_at=place.moved_at,
                registered=place.consumer in registered,
            )
        )
    return sorted({lag.name: lag for lag in lags}.values(), key=lambda lag: lag.name)


def parked_signals(name: str = "") -> list[dict[str, Any]]:
    """Return what consumers gave up on (one consumer, where named): consumer, signal_id, at, error."""
    rows = Parked.objects.filter(consumer=name) if name else Parked.objects.all()
    return [
        {"consumer": row.consumer, "signal_id": row.signal_id, "at": row.at, "error": row.error}
        for row in rows.order_by("consumer", "signal_id")
    ]


def last_drawn() -> int:
    """Return the id drawn last; its row may not be there yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM listen_signal_number"
        )
        return int(cursor.fetchone()[0])


def _oldest_unread(positions: Iterable[int]) -> dict[int, datetime]:
    """When the first signal after each of these places was received."""
    found = {}
    with connection.cursor() as cursor:
        for position in positions:
            cursor.execute(
                "SELECT received_at FROM listen_signal WHERE id > %s ORDER BY id LIMIT 1", [position]
            )
            if row := cursor.fetchone():
                found[position] = row[0]
    return found
