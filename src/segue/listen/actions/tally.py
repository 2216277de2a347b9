"""Counting what was heard by source and minute, so that the desk never counts the ledger itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection

from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor

KEPT = timedelta(hours=49)  # a day to show, a day to compare it with, and the hour under way

_ADD = """
INSERT INTO listen_tally (minute, source_id, events)
SELECT minute, source_id, events
FROM unnest(%s::timestamptz[], %s::bigint[], %s::bigint[]) AS heard(minute, source_id, events)
WHERE source_id IS NULL OR EXISTS (SELECT 1 FROM listen_source WHERE listen_source.id = heard.source_id)
ORDER BY minute, source_id
ON CONFLICT (minute, source_id) DO UPDATE SET events = listen_tally.events + EXCLUDED.events
"""
_FORGET = """
DELETE FROM listen_tally
USING (SELECT source_id, max(minute) AS latest FROM listen_tally GROUP BY source_id) AS last
WHERE listen_tally.source_id IS NOT DISTINCT FROM last.source_id
  AND listen_tally.minute < last.latest AND listen_tally.minute < %s
"""


def add_to_tally(heard: Iterable[tuple[int | None, datetime]]) -> None:
    """Add signals, given as (source, received at), to their minutes. Once each: a consumer sees to that."""
    cutoff = clock.now() - KEPT
    counts = Counter(
        (at.replace(second=0, microsecond=0), source_id) for source_id, at in heard if at >= cutoff
    )
    if not counts:
        return
    minutes, sources = zip(*counts, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [list(minutes), list(sources), list(counts.values())])


@action("listen.forget_tallies")
def forget_tallies(*, by: Actor) -> int:
    """Forget minutes of the day before yesterday, save each source's last: it says when it was heard."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [clock.now() - KEPT])
        return int(cursor.rowcount)
