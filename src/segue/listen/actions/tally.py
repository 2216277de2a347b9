"""Counting what was heard by source and minute, so that the desk never counts the ledger itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection

from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor

KEPT = timedelta(hours=49)  # a day to show, a day to compare it with, and the hour under way

_ADD = """
INSERT INTO listen_tally (minute, source_id, events, last_id)
SELECT heard.minute, heard.source_id, count(*), max(heard.id)
FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[]) AS heard(id, source_id, minute)
LEFT JOIN listen_tally before
  ON before.minute = heard.minute AND before.source_id IS NOT DISTINCT FROM heard.source_id
WHERE heard.id > COALESCE(before.last_id, 0)
  AND (heard.source_id IS NULL OR heard.source_id IN (SELECT id FROM listen_source))
GROUP BY heard.minute, heard.source_id
ON CONFLICT (minute, source_id) DO UPDATE
SET events = listen_tally.events + EXCLUDED.events, last_id = EXCLUDED.last_id
"""
_FORGET = """
DELETE FROM listen_tally
USING (SELECT source_id, max(minute) AS latest FROM listen_tally GROUP BY source_id) AS last
WHERE listen_tally.source_id IS NOT DISTINCT FROM last.source_id
  AND listen_tally.minute < last.latest AND listen_tally.minute < %s
"""


def add_to_tally(heard: Iterable[tuple[int, int | None, datetime]]) -> None:
    """Add signals, given as (id, source, received at) in the order of ids, to their minutes.

    Reading again from an earlier place counts nothing twice. One reader at a time.
    """
    cutoff = clock.now() - KEPT
    rows = [(id_, source, at.replace(second=0, microsecond=0)) for id_, source, at in heard if at >= cutoff]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_ADD, [list(column) for column in zip(*rows, strict=True)])


@action("listen.forget_tallies")
def forget_tallies(*, by: Actor) -> int:
    """Forget minutes of the day before yesterday, save each source's last: it says when it was heard."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [clock.now() - KEPT])
        return int(cursor.rowcount)
