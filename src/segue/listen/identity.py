"""Whose an event is. Asked on the writer's own cursor right before it writes, once for a whole batch.

Consent decides first: somebody who has not said yes is nobody here, and so is somebody we do not know. An
anonymous id becomes a person's when they identify themselves (an edge); what it did before their yes is
never theirs, and when it identifies as somebody else later, the newer edge holds from then on.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol

import orjson

LONGEST_REF = 300


class Cursor(Protocol):
    """What is used of a database cursor: a raw psycopg one, or Django's."""

    def execute(self, query: Any, params: Any = None, /) -> Any: ...
    def fetchall(self) -> list[Any]: ...


class Claim(NamedTuple):
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
    before `since` is nobody's, however late it is sent: the person's yes or, where only the anonymous id
    speaks for them and it was somebody else's before, the moment it became theirs.
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
YES_SINCE = """
(SELECT min(yes.at) FROM trust_consent yes
 WHERE yes.person_id = {person} AND yes.purpose = 'behaviour' AND yes.granted AND NOT EXISTS (
    SELECT 1 FROM trust_consent no WHERE no.person_id = yes.person_id AND no.purpose = 'behaviour'
    AND NOT no.granted AND (no.at, no.id) > (yes.at, yes.id)))
"""
PURPOSES = """
(SELECT array_agg(latest.purpose ORDER BY latest.purpose) FROM (
    SELECT DISTINCT ON (purpose) purpose, granted FROM trust_consent
    WHERE person_id = {person} ORDER BY purpose, at DESC, id DESC) latest WHERE latest.granted)
"""

ONE = "COALESCE(p.merged_into_id, p.id)"  # whoever was found to be somebody else is that person

_WHOSE = f"""
WITH ref AS (
    SELECT * FROM json_to_recordset(%s::json) AS ref(n int, plain text, uid uuid, source text, outer_id text)
), visitor AS (
    SELECT * FROM json_to_recordset(%s::json) AS visitor(n int, source_id bigint, anonymous_id text)
), named AS (
    SELECT DISTINCT ON (n) n, id FROM (
        SELECT n, 1 AS rank, {ONE} AS id FROM ref JOIN catalog_person p
            ON p.id = ref.uid AND p.erased_at IS NULL
        UNION ALL
        SELECT n, 2, {ONE} FROM ref JOIN catalog_person p
            ON p.external_source = ref.source AND p.external_id = ref.outer_id
            AND p.external_id <> '' AND p.erased_at IS NULL
        UNION ALL
        SELECT n, 3, (array_agg({ONE}))[1] FROM ref JOIN catalog_person p
            ON p.external_id = ref.plain AND p.external_id <> '' AND p.erased_at IS NULL
            GROUP BY n HAVING count(*) = 1
        UNION ALL
        SELECT n, 4, {ONE} FROM ref JOIN catalog_person p
            ON upper(p.email) = upper(ref.plain) AND p.erased_at IS NULL
    ) found ORDER BY n, rank
), met AS (
    SELECT n, id, NULL::timestamptz AS edge_since FROM named
    UNION ALL
    SELECT visitor.n, {ONE}, edge.since FROM visitor JOIN listen_identity edge
        ON edge.source_id = visitor.source_id AND edge.anonymous_id = visitor.anonymous_id
        JOIN catalog_person p ON p.id = edge.person_id AND p.erased_at IS NULL
), answered AS MATERIALIZED (
    SELECT met.*, {PURPOSES.format(person="met.id")} AS purposes, {YES_SINCE.format(person="met.id")} AS yes
    FROM met
)
SELECT n, id, purposes, CASE WHEN yes IS NOT NULL THEN GREATEST(yes, edge_since) END FROM answered
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
