"""Whose an event is. Asked inside the writer's transaction, on its own cursor, once for a whole batch.

Consent decides first: somebody who has not said yes is nobody here, and so is somebody we do not know. An
anonymous id becomes a person's when they identify themselves (an edge); what it did before their yes is
never theirs, and when it identifies as somebody else later, the newer edge holds from then on.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import orjson

LONGEST_REF = 300


class Cursor(Protocol):
    """What is used of a database cursor: a raw psycopg one, or Django's."""

    def execute(self, query: Any, params: Any = None, /) -> Any: ...
    def fetchall(self) -> list[Any]: ...


@dataclass(frozen=True, slots=True)
class Claim:
    """What an event says of its sender. `person_ref` is a verified user id, "" where there is none.

    It may be a person's UUID, `source:external_id`, a plain external id, or an e-mail address.
    """

    source_id: int
    anonymous_id: str
    person_ref: str


@dataclass(frozen=True, slots=True)
class Whose:
    """The answer: the person (who said yes), or nobody; and whether the anonymous id may be kept.

    It may not where the claim names somebody who has not said yes, or whom we do not know. What happened
    before `since` (the person's yes) is nobody's, however late it is sent.
    """

    person_id: uuid.UUID | None
    keep_anonymous: bool
    purposes: tuple[str, ...]
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """This anonymous id is this person, says an `identify`, an `alias` (previous id), or a page token."""

    source_id: int
    anonymous_id: str
    person_id: uuid.UUID
    said_by: str
    at: datetime  # when it was received


NOBODY = Whose(None, keep_anonymous=False, purposes=())
A_VISITOR = Whose(None, keep_anonymous=True, purposes=())

# The start of the present run of yeses to "behaviour"; NULL where the latest answer is no, or there is none.
_YES_SINCE = """
(SELECT min(yes.at) FROM trust_consent yes
 WHERE yes.person_id = {person} AND yes.purpose = 'behaviour' AND yes.granted AND NOT EXISTS (
    SELECT 1 FROM trust_consent no WHERE no.person_id = yes.person_id AND no.purpose = 'behaviour'
    AND NOT no.granted AND (no.at, no.id) > (yes.at, yes.id)))
"""
_PURPOSES = """
(SELECT array_agg(latest.purpose ORDER BY latest.purpose) FROM (
    SELECT DISTINCT ON (purpose) purpose, granted FROM trust_consent
    WHERE person_id = {person} ORDER BY purpose, at DESC, id DESC) latest WHERE latest.granted)
"""

_WHOSE = f"""
WITH ref AS (
    SELECT * FROM json_to_recordset(%s::json) AS ref(n int, plain text, uid uuid, source text, outer_id text)
), visitor AS (
    SELECT * FROM json_to_recordset(%s::json) AS visitor(n int, source_id bigint, anonymous_id text)
), named AS (
    SELECT DISTINCT ON (n) n, id FROM (
        SELECT n, 1 AS rank, p.id FROM ref JOIN catalog_person p ON p.id = ref.uid AND p.erased_at IS NULL
        UNION ALL
        SELECT n, 2, p.id FROM ref JOIN catalog_person p
            ON p.external_source = ref.source AND p.external_id = ref.outer_id
            AND p.external_id <> '' AND p.erased_at IS NULL
        UNION ALL
        SELECT n, 3, (array_agg(p.id))[1] FROM ref JOIN catalog_person p
            ON p.external_id = ref.plain AND p.external_id <> '' AND p.erased_at IS NULL
            GROUP BY n HAVING count(*) = 1
        UNION ALL
        SELECT n, 4, p.id FROM ref JOIN catalog_person p
            ON upper(p.email) = upper(ref.plain) AND p.erased_at IS NULL
    ) found ORDER BY n, rank
), met AS (
    SELECT n, id FROM named
    UNION ALL
    SELECT visitor.n, edge.person_id FROM visitor JOIN listen_identity edge
        ON edge.source_id = visitor.source_id AND edge.anonymous_id = visitor.anonymous_id
        JOIN catalog_person p ON p.id = edge.person_id AND p.erased_at IS NULL
)
SELECT met.n, met.id, {_PURPOSES.format(person="met.id")}, {_YES_SINCE.format(person="met.id")} FROM met
"""  # noqa: S608 - our own words


def whose(cursor: Cursor, claims: Sequence[Claim]) -> dict[Claim, Whose]:
    """Answer every claim in one round trip; where there is nothing to look up, in none."""
    answers = {claim: NOBODY if claim.person_ref else A_VISITOR for claim in claims}
    looked_up = [claim for claim in answers if claim.person_ref or claim.anonymous_id]
    if not looked_up:
        return answers
    numbered = list(enumerate(looked_up))
    # As JSON, for a driver takes ten times as long to write arrays.
    cursor.execute(
        _WHOSE, [orjson.dumps(_refs(numbered)).decode(), orjson.dumps(_visitors(numbered)).decode()]
    )
    for n, person_id, purposes, since in cursor.fetchall():
        answers[looked_up[n]] = Whose(person_id, True, tuple(purposes or ()), since) if since else NOBODY
    return answers


def _refs(numbered: list[tuple[int, Claim]]) -> list[dict[str, Any]]:
    rows = []
    for n, claim in numbered:
        if _can_be_a_ref(ref := claim.person_ref):
            source, colon, outer_id = ref.partition(":")
            row = {"n": n, "plain": ref, "uid": _as_uuid(ref)}
            rows.append({**row, "source": source, "outer_id": outer_id} if colon else row)
    return rows


def _visitors(numbered: list[tuple[int, Claim]]) -> list[dict[str, Any]]:
    return [
        {"n": n, "source_id": claim.source_id, "anonymous_id": claim.anonymous_id}
        for n, claim in numbered
        if claim.anonymous_id and not claim.person_ref
    ]


def _can_be_a_ref(ref: str) -> bool:
    return 0 < len(ref) <= LONGEST_REF and "\x00" not in ref


def _as_uuid(ref: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(ref) if len(ref) in {32, 36} else None
    except ValueError:
        return None


# A new edge begins with its person's yes; one that changes hands begins now, and nothing before it moves.
_NOTE = f"""
INSERT INTO listen_identity (source_id, anonymous_id, person_id, said_by, since, created_at)
SELECT said.source_id, said.anonymous_id, said.person_id, said.said_by, said.since, said.at
FROM (
    SELECT one.*, {_YES_SINCE.format(person="one.person_id")} AS since
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
    SELECT identity.*, {_PURPOSES.format(person="identity.person_id")}::varchar[] AS purposes,
           {_YES_SINCE.format(person="identity.person_id")} AS yes_since
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
