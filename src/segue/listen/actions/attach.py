"""Attaching what an anonymous visitor did to the person they turned out to be."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from segue.kit.action import action
from segue.kit.actor import Actor
from segue.listen.identity import ONE, PURPOSES, YES_SINCE, Cursor, Edge

# A new edge begins with its person's yes; one that changes hands begins now, and nothing before it moves.
_NOTE = f"""
INSERT INTO listen_identity (source_id, anonymous_id, person_id, said_by, since, created_at)
SELECT said.source_id, said.anonymous_id, said.person_id, said.said_by, said.since, said.at
FROM (
    SELECT one.source_id, one.anonymous_id, {ONE} AS person_id, one.said_by, one.at,
        {YES_SINCE.format(person=ONE)} AS since
    FROM unnest(%s::bigint[], %s::text[], %s::uuid[], %s::text[], %s::timestamptz[])
        AS one(source_id, anonymous_id, person_id, said_by, at)
    JOIN catalog_person p ON p.id = one.person_id AND p.erased_at IS NULL
) said
WHERE said.since IS NOT NULL
ORDER BY said.source_id, said.anonymous_id
ON CONFLICT (source_id, anonymous_id) DO UPDATE SET
    person_id = EXCLUDED.person_id, said_by = EXCLUDED.said_by,
    since = GREATEST(EXCLUDED.since, EXCLUDED.created_at), created_at = EXCLUDED.created_at
WHERE listen_identity.person_id <> EXCLUDED.person_id
RETURNING id
"""  # noqa: S608 - our own words

# Attaching is only ever forward from `since`, which is never before the person's yes.
_STITCH = f"""
UPDATE listen_signal SET person_id = edge.person_id, purposes = edge.purposes
FROM (
    SELECT identity.*, {PURPOSES.format(person="identity.person_id")}::varchar[] AS purposes,
           {YES_SINCE.format(person="identity.person_id")} AS yes_since
    FROM listen_identity identity WHERE identity.id = ANY(%s)
) edge
WHERE listen_signal.source_id = edge.source_id AND listen_signal.anonymous_id = edge.anonymous_id
  AND listen_signal.anonymous_id <> '' AND listen_signal.person_id IS NULL
  AND listen_signal.purpose = 'behaviour'
  AND listen_signal.received_at >= GREATEST(edge.since, edge.yes_since)
  AND listen_signal.at >= GREATEST(edge.since, edge.yes_since)
  AND edge.yes_since IS NOT NULL
"""  # noqa: S608 - our own words

# Batches that were under way when the edge was noted are stitched by a job, half a minute later.
_LATER = """
INSERT INTO kit_queuejob (name, args, unique_key, priority, run_at, attempts, leased_by, last_error)
SELECT 'listen.stitch_visitor', jsonb_build_object('identity_id', id), 'listen.stitch_visitor:' || id, 0,
       now() + interval '30 s', 0, '', ''
FROM unnest(%s::bigint[]) AS id
ON CONFLICT (unique_key) DO NOTHING
"""


def note_edges(cursor: Cursor, edges: Sequence[Edge]) -> None:
    """Note which anonymous ids are whom, and attach what they did since the person's yes. Idempotent.

    Edges to people who have not said yes are not kept.
    """
    last = {(edge.source_id, edge.anonymous_id): edge for edge in edges if edge.anonymous_id}
    if not last:
        return
    said = [last[key] for key in sorted(last)]
    cursor.execute(
        _NOTE,
        [
            [edge.source_id for edge in said],
            [edge.anonymous_id for edge in said],
            [edge.person_id for edge in said],
            [edge.said_by for edge in said],
            [edge.at for edge in said],
        ],
    )
    changed = [key for (key,) in cursor.fetchall()]
    if changed:
        stitch(cursor, changed)
        cursor.execute(_LATER, [changed])


def stitch(cursor: Cursor, identity_ids: Sequence[int]) -> None:
    """Attach what the anonymous ids of these edges did since they hold. Idempotent."""
    cursor.execute(_STITCH, [list(identity_ids)])


@action("listen.stitch_visitor")
def stitch_visitor(identity_id: int, *, by: Actor) -> None:
    """Attach what was still on its way when an edge was noted. An edge that is gone attaches nothing."""
    with connection.cursor() as cursor:
        stitch(cursor, [identity_id])
