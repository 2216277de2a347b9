"""What an export holds: the columns of the cold tier, with names for events that many people have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa

from segue.listen.cold.duck import connect
from segue.listen.cold.schema import EVENTS
from segue.listen.models import ColdFile, Signal
from segue.listen.queries.events import Wanted, names_of_events, snapshot
from segue.listen.weeks import week_of

A_WEEK = timedelta(weeks=1)
EXPORTED = EVENTS.set(EVENTS.get_field_index("event"), pa.field("event", pa.string()))


def exported(wanted: Wanted) -> Iterator[pa.Table]:
    """Yield events a week of arrival at a time, in order of id; what is sealed stays so.

    An event's name is given where it is in the dictionary; others are a number with a sharp before it. Call
    `begin_export` first: who has no pseudonym yet is nobody here.
    """
    with connect() as connection:
        for week in _weeks():
            first = datetime(week.year, week.month, week.day, tzinfo=UTC)
            asked = replace(wanted, received_from=first, received_to=first + A_WEEK)
            reader = snapshot(asked, stand_in=False).relation(connection).order("id").to_arrow_reader(65_536)
            for batch in reader:
                yield _named(pa.Table.from_batches([batch]))


def _weeks() -> Iterator[date]:
    """Yield all weeks that anything arrived in, as far as we know: from the first file or signal to now."""
    known = [ColdFile.objects.order_by("week").values_list("week", flat=True).first()]
    oldest = Signal.objects.order_by("received_at").values_list("received_at", flat=True).first()
    newest = Signal.objects.order_by("-received_at").values_list("received_at", flat=True).first()
    last = ColdFile.objects.order_by("-week").values_list("week", flat=True).first()
    weeks = [week for week in (*known, last, oldest and week_of(oldest), newest and week_of(newest)) if week]
    week = min(weeks, default=None)
    while week is not None and week <= max(weeks):
        yield week
        week += A_WEEK


def _named(table: pa.Table) -> pa.Table:
    names = names_of_events(table["event"]).to_pylist()
    digests = table["event"].to_pylist()
    said = [
        name if name is not None or digest is None else f"#{digest & 0xFFFF_FFFF_FFFF_FFFF:016x}"
        for name, digest in zip(names, digests, strict=True)
    ]
    place = table.column_names.index("event")
    return table.set_column(place, "event", pa.array(said, pa.string())).cast(EXPORTED)
