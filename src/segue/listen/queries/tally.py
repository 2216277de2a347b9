"""How much was heard lately, from the tally: as far as its consumer has read."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.db.models import Max, Sum
from django.db.models.functions import TruncHour

from segue.kit.actor import Actor, Role
from segue.kit.errors import NotAllowed
from segue.listen.models import Tally

HOURS, MINUTES = 24, 60
READERS = frozenset({Role.ADMINISTRATOR, Role.ANALYST, Role.AUDITOR, Role.MACHINE})


@dataclass(slots=True)
class Heard:
    """What one source sent: in the last hour, and in each of the last 24 hours, the present one last."""

    last_hour: int = 0
    by_hour: list[int] = field(default_factory=lambda: [0] * HOURS)
    last_at: datetime | None = None

    @property
    def last_day(self) -> int:
        return sum(self.by_hour)


def sees_figures(actor: Actor) -> bool:
    """Say whether this actor may see how much is heard; no figure says of whom."""
    return actor.role in READERS


def heard_by_source(actor: Actor, at: datetime) -> dict[int | None, Heard]:
    """Return what each source sent, by its id; None is our own code. Raises NotAllowed."""
    readers_only(actor)
    found: dict[int | None, Heard] = defaultdict(Heard)
    hour = at.replace(minute=0, second=0, microsecond=0)
    rows = Tally.objects.filter(minute__gt=hour - timedelta(hours=HOURS)).order_by()
    by_hour = (
        rows.annotate(hour=TruncHour("minute", tzinfo=UTC))
        .values_list("source", "hour")
        .annotate(n=Sum("events"))
    )
    for source_id, start, events in by_hour:
        index = HOURS - 1 - int((hour - start).total_seconds() // 3600)
        if 0 <= index < HOURS:
            found[source_id].by_hour[index] += events
    recent = rows.filter(minute__gt=at - timedelta(hours=1)).values_list("source").annotate(n=Sum("events"))
    for source_id, events in recent:
        found[source_id].last_hour = events
    for source_id, last in Tally.objects.order_by().values_list("source").annotate(last=Max("minute")):
        found[source_id].last_at = last
    return dict(found)


def heard_by_minute(actor: Actor, at: datetime) -> list[tuple[datetime, int]]:
    """Return (minute, events of all sources) for the last hour, the present one last. Raises NotAllowed."""
    readers_only(actor)
    now = at.replace(second=0, microsecond=0)
    start = now - timedelta(minutes=MINUTES - 1)
    rows = Tally.objects.filter(minute__gte=start).order_by().values_list("minute").annotate(n=Sum("events"))
    counts = dict(rows)
    minutes = [start + timedelta(minutes=number) for number in range(MINUTES)]
    return [(minute, counts.get(minute, 0)) for minute in minutes]


def readers_only(actor: Actor) -> None:
    """Raise NotAllowed for whoever may not see figures."""
    if not sees_figures(actor):
        raise NotAllowed("These figures are for administrators and analysts.", field="listening")
