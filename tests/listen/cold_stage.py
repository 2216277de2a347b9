"""Weeks of old events for the stories of the cold tier."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

from segue.catalog.models import Person
from segue.kit.actor import Actor
from segue.listen.actions.compaction import compact_due
from segue.listen.actions.partitions import ensure_weeks, weeks_with_a_table
from segue.listen.cold.duck import connect
from segue.listen.kinds import KINDS
from segue.listen.models import Signal, Source
from segue.listen.queries.events import relation

MACHINE = Actor.machine("a story")
WEEK = date(2026, 1, 5)  # a Monday, long ago
THEN = datetime(2026, 1, 7, 12, tzinfo=UTC)
NEXT = WEEK + timedelta(weeks=1)


def site() -> Source:
    return Source.objects.get_or_create(name="careers")[0]


def heard(
    kind: str, *, person: Person | None = None, anonymous_id: str = "", minutes: float = 0.0, **fields: Any
) -> Signal:
    """Write one signal as the collector would have, in the old week."""
    ensure_weeks(THEN, THEN)
    at = THEN + timedelta(minutes=minutes)
    is_somebodys = bool(person or anonymous_id)
    defaults = {
        "at": at,
        "received_at": at,
        "source": site(),
        "purpose": KINDS[kind].purpose,
        "purposes": [KINDS[kind].purpose] if is_somebodys else [],
        "tier": "B",
    }
    return Signal.objects.create(kind=kind, person=person, anonymous_id=anonymous_id, **(defaults | fields))


def a_busy_week(people: list[Person], *, visitors: int = 5, each: int = 6) -> None:
    """Let people and visitors look, click and apply; and some be nobody."""
    for number, person in enumerate(people):
        for turn in range(each):
            heard("card.shown", person=person, minutes=number + turn, props={"position": turn})
        heard("card.clicked", person=person, minutes=number + 9, flags=["clock"])
        heard("application.submitted", person=person, minutes=number + 10)
    for number in range(visitors):
        heard(
            "event.tracked",
            anonymous_id=f"visitor-{number}",
            event="Brochure Read",
            props={"title": "Nurses"},
            context={"locale": "de"},
        )
        heard("job.dwelled", props={"dwell_s": 2.5})


def freeze() -> None:
    """Make all old weeks cold."""
    compact_due(before=NEXT, by=MACHINE)


def seen(*columns: str, **filters: Any) -> Counter[Any]:
    """Return all events as the reading function gives them, as a bag."""
    wanted = columns or ("id", "kind", "event", "at", "received_at", "source_id", "tier", "flags", "props")
    with connect() as con:
        rows = relation(con, columns=wanted, **filters).to_arrow_table().to_pylist()
    return Counter(
        tuple(tuple(cell) if isinstance(cell, list) else cell for cell in row.values()) for row in rows
    )


def companions() -> set[frozenset[int]]:
    """Return which events belong together, whatever their subject is called; nobody's stand alone."""
    together: dict[object, set[int]] = {}
    for subject, number in seen("subject", "id"):
        together.setdefault(subject if subject is not None else ("nobody", number), set()).add(number)
    return {frozenset(ids) for ids in together.values()}


def is_hot() -> bool:
    return WEEK in weeks_with_a_table()
