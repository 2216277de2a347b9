"""How many events a source got in, counted in the ledger itself: in the database and in the cold files."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

import duckdb
from django.db.models import Count

from segue.kit.actor import Actor
from segue.listen.cold.duck import connect
from segue.listen.cold.schema import EVENTS
from segue.listen.cold.storage import storage
from segue.listen.models import ColdFile, Source
from segue.listen.queries.events import ColdPart, Snapshot, Wanted, cold_files, one_moment
from segue.listen.queries.rejected import rejected_visible_to
from segue.listen.queries.signals import narrowed
from segue.listen.queries.sources import minds_sources


@dataclass(frozen=True, slots=True)
class Counted:
    """Events accepted, each once, by kind; and those refused that are still kept."""

    by_kind: dict[str, int]
    rejected: int

    @property
    def count(self) -> int:
        return sum(self.by_kind.values())


def count_events(
    actor: Actor, *, source: Source | None = None, kind: str = "", since: datetime | None = None
) -> Counted:
    """Count what was accepted and refused, of one source or of all, since it was received.

    Both tiers are counted as of one moment. Raises FileGone where a file of the list is missing.
    """
    wanted = Wanted(
        kinds=(kind,) if kind else None,
        source_ids=(source.pk,) if source else None,
        received_from=since,
        columns=("kind",),
    )
    rows = narrowed(actor, source, kind)
    rows = rows.filter(received_at__gte=since) if since else rows
    with one_moment():
        hot = dict(rows.select_related(None).order_by().values_list("kind").annotate(n=Count("pk")))
        files = list(cold_files(wanted)) if minds_sources(actor) else []
        rejected = rejected_visible_to(actor, source=source, since=since).count()
    counts = Counter(hot) + Counter(_cold(wanted, files))
    return Counted(by_kind=dict(sorted(counts.items())), rejected=rejected)


def _cold(wanted: Wanted, files: list[ColdFile]) -> dict[str, int]:
    if not files:
        return {}
    place = storage()
    parts = [ColdPart(place.fetch(file.path, sha256=file.sha256), file.shard, file.rows) for file in files]
    with connect() as connection:
        events = Snapshot(wanted, tuple(parts), EVENTS.empty_table()).cold_relation(connection)
        if events is None:
            return {}
        kind = duckdb.ColumnExpression("kind")
        number = duckdb.FunctionExpression("count", kind)
        return dict(events.aggregate([kind, number], "kind").fetchall())
