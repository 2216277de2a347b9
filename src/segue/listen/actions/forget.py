"""What the ledger holds of somebody erased, beyond the rows that bear their id."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import connection

from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.privacy import Traces, finds_traces, is_unmistakable, on_erasure, pair_patterns
from segue.kit.queue import enqueue

SETTLES_IN = timedelta(seconds=30)  # by then every batch that was under way has been written

# The ids under which this person's devices were heard, as far as they are nobody else's now.
_VISITORS = """
SELECT DISTINCT source_id, anonymous_id FROM (
    SELECT source_id, anonymous_id FROM listen_identity WHERE person_id = %(person_id)s
    UNION
    SELECT source_id, anonymous_id FROM listen_signal WHERE person_id = %(person_id)s AND anonymous_id <> ''
) mine
WHERE NOT EXISTS (
    SELECT 1 FROM listen_identity other
    WHERE other.source_id IS NOT DISTINCT FROM mine.source_id AND other.anonymous_id = mine.anonymous_id
      AND other.person_id <> %(person_id)s)
"""
_VISITS = f"""
DELETE FROM listen_signal USING ({_VISITORS}) visitor
WHERE listen_signal.anonymous_id = visitor.anonymous_id AND listen_signal.anonymous_id <> ''
  AND listen_signal.source_id IS NOT DISTINCT FROM visitor.source_id AND listen_signal.person_id IS NULL
"""  # noqa: S608 - our own words
_SUBJECTS = f"""
DELETE FROM listen_subject USING ({_VISITORS}) visitor
WHERE listen_subject.anonymous_id = visitor.anonymous_id
  AND listen_subject.source_id IS NOT DISTINCT FROM visitor.source_id
"""  # noqa: S608 - our own words
# The visitor's own id is only a word where it can be nothing else; all others are looked for where ids stand.
_REFUSED = """
DELETE FROM listen_rejected
WHERE concat_ws(E'\\n', body, message, field, remedy, origin) ILIKE ANY(%(words)s::text[])
   OR EXISTS (SELECT 1 FROM unnest(%(sources)s::bigint[], %(pairs)s::text[]) AS said (source_id, pair)
              WHERE said.source_id IS NOT DISTINCT FROM listen_rejected.source_id
                AND listen_rejected.body LIKE said.pair)
"""
_OWN = {
    "listen.Signal": "DELETE FROM listen_signal WHERE person_id = %(person_id)s",
    "listen.Subject": "DELETE FROM listen_subject WHERE person_id = %(person_id)s",
    "listen.Identity": "DELETE FROM listen_identity WHERE person_id = %(person_id)s",
}


@finds_traces
def visitors_of(person_id: uuid.UUID) -> Iterator[str]:
    """Yield the anonymous ids this person was known by that are no word of anybody else's.

    Devices choose them, and so can a person: the others are told apart by where they stand (`_REFUSED`).
    """
    yield from (anonymous_id for _, anonymous_id in _visitors(person_id) if is_unmistakable(anonymous_id))


def _visitors(person_id: uuid.UUID) -> list[tuple[int | None, str]]:
    with connection.cursor() as cursor:
        cursor.execute(_VISITORS, {"person_id": person_id})
        return list(cursor.fetchall())


@on_erasure
def forget_visits(traces: Traces) -> dict[str, int]:
    """Delete what their devices did unnamed, what of theirs was refused, and the keys to what is cold."""
    pairs = [
        (source_id, pair)
        for source_id, anonymous_id in _visitors(traces.person_id)
        for pair in pair_patterns("anonymousId", anonymous_id)
    ]
    asked: dict[str, Any] = {
        "person_id": traces.person_id,
        "words": traces.patterns(),
        "sources": [source_id for source_id, _ in pairs],
        "pairs": [pair for _, pair in pairs],
    }
    gone = {"listen.Signal": 0, "listen.Subject": 0, "listen.Rejected": 0, "listen.Identity": 0}
    with connection.cursor() as cursor:
        for label, query in (
            ("listen.Signal", _VISITS),
            ("listen.Subject", _SUBJECTS),
            ("listen.Rejected", _REFUSED),
            *_OWN.items(),  # in one statement each: the register would fetch every row first
        ):
            cursor.execute(query, asked)
            gone[label] += int(cursor.rowcount)
    enqueue("listen.forget_late", run_at=clock.now() + SETTLES_IN, person_id=traces.person_id)
    return gone


@action("listen.forget_late")
def forget_late(person_id: uuid.UUID, *, by: Actor) -> None:
    """Delete what was on its way into the ledger while its person was being erased. Idempotent."""
    with connection.cursor() as cursor:
        for query in _OWN.values():
            cursor.execute(query, {"person_id": person_id})
