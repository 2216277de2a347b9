"""From events as they arrive to rows of the ledger: whose they are, what may be kept, and the writing."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from psycopg import Connection, Cursor
from psycopg.types.json import Json

from segue.listen import identity
from segue.listen.actions.attach import note_edges
from segue.listen.kinds import Kind, clear_props

# Traits a sender may put among an event's properties; without a person they would make the row one's.
PERSONAL = frozenset(
    {
        "email",
        "e_mail",
        "mail",
        "name",
        "firstname",
        "first_name",
        "lastname",
        "last_name",
        "fullname",
        "full_name",
        "username",
        "user_name",
        "phone",
        "phonenumber",
        "phone_number",
        "mobile",
        "address",
        "street",
        "city",
        "postalcode",
        "postal_code",
        "zip",
        "birthday",
        "birthdate",
        "birth_date",
        "dateofbirth",
        "date_of_birth",
        "age",
        "gender",
        "avatar",
        "photo",
        "traits",
        "userid",
        "user_id",
        "previousid",
        "ip",
    }
)

_WRITE = """
WITH said AS MATERIALIZED (
  SELECT * FROM json_to_recordset(%s::json) AS said (
    n int, digest uuid, source_id bigint, message_id text, kind text, version smallint, event text,
    at timestamptz, received_at timestamptz, person_id uuid, anonymous_id text, job_id uuid,
    props jsonb, context jsonb, tier text, purpose text, purposes text[], flags text[])
), fresh AS (
  INSERT INTO listen_heard (digest, heard_on)
  SELECT digest, (received_at AT TIME ZONE 'UTC')::date FROM said ORDER BY digest
  ON CONFLICT DO NOTHING RETURNING digest
)
INSERT INTO listen_signal (source_id, message_id, kind, version, event, at, received_at, person_id,
                           anonymous_id, job_id, props, context, tier, purpose, purposes, flags, actor_role)
SELECT source_id, message_id, kind, version, event, at, received_at, person_id, anonymous_id,
       job_id, props, context, tier, purpose, purposes, flags, ''
FROM said JOIN fresh USING (digest) ORDER BY n
"""  # digests go in sorted, so that two collectors that hear the same events wait for, not block, each other
_REFUSE = """
INSERT INTO listen_rejected (source_id, received_at, code, field, message, remedy, body, origin)
SELECT source_id, received_at, code, field, message, remedy, body, origin
FROM json_to_recordset(%s::json) AS refused (source_id bigint, received_at timestamptz, code text, field text,
                                             message text, remedy text, body text, origin text)
"""


@dataclass(slots=True)
class Arrival:
    """One event, read and checked, with all that its row needs but whose it is."""

    source_id: int
    message_id: str
    call: str
    event: str
    kind: Kind
    version: int
    at: datetime
    received_at: datetime
    anonymous_id: str
    person_ref: str  # a user id that was proven; "" where none was
    props: dict[str, Any]
    context: dict[str, Any]
    tier: str
    flags: Sequence[str] = ()
    consented: bool | None = (
        None  # what the event (or its source) says of the visitor's answer; None: nothing
    )
    said_by: str = ""  # "identify" | "alias" | "token": this event says who an anonymous id is
    job_id: str | None = None

    @property
    def digest(self) -> str:
        """What a repeat is known by: BLAKE2b-128 of source and message id."""
        said = f"{self.source_id}:{self.message_id}".encode("utf-8", "surrogatepass")
        return hashlib.blake2b(said, digest_size=16).hexdigest()


@dataclass(slots=True)
class Refusal:
    """One event (or request) that could not be taken, and why."""

    source_id: int
    received_at: datetime
    code: str
    message: str
    field: str = ""
    remedy: str = ""
    body: str = ""
    origin: str = ""


class Strangers:
    """Anonymous ids that were nobody's a moment ago: they are asked about again only after a few seconds.

    Whoever is identified elsewhere meanwhile loses nothing: what was heard as a stranger's is attached by
    the later round of stitching (see listen.actions.attach).
    """

    FRESH_S = 3.0
    MOST = 100_000

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._met_at_s: dict[identity.Claim, float] = {}  # of claims that name nobody

    def without(self, claims: Iterable[identity.Claim]) -> list[identity.Claim]:
        """Return the claims that must be asked about."""
        oldest_s = self._clock() - self.FRESH_S
        met = self._met_at_s
        return [claim for claim in claims if met.get(claim, 0.0) <= oldest_s]

    def learn(self, answers: Mapping[identity.Claim, identity.Whose]) -> None:
        if len(self._met_at_s) > self.MOST:
            self._met_at_s.clear()
        at_s = self._clock()
        for claim, whose in answers.items():
            if whose is identity.A_VISITOR and not claim.person_ref:
                self._met_at_s[claim] = at_s

    def forget(self, edges: Iterable[identity.Edge]) -> None:
        for edge in edges:
            self._met_at_s.pop(identity.Claim(edge.source_id, edge.anonymous_id, ""), None)


def write(
    connection: Connection[Any],
    arrivals: Sequence[Arrival],
    refusals: Sequence[Refusal] = (),
    strangers: Strangers | None = None,
) -> int:
    """Write and commit events not heard before, and refusals; returns how many were new.

    The connection is in autocommit mode: mostly there is one statement to write, which needs no BEGIN and
    COMMIT around it. Raises what the database raises; nothing is kept then.
    """
    with connection.cursor() as cursor:
        strangers = strangers or Strangers()
        rows, edges = _whose_rows(cursor, arrivals, strangers)
        if not edges and not refusals:
            return _insert(cursor, rows)
        with connection.transaction():
            if refusals:
                cursor.execute(_REFUSE, [_as_json(refusals)], prepare=True)
            written = _insert(cursor, rows)
            if edges:
                note_edges(cursor, edges)
                strangers.forget(edges)
    return written


def _as_json(rows: Sequence[Any]) -> Json:
    return Json(rows, dumps=orjson.dumps)  # bytes all the way: a group may be megabytes


def _insert(cursor: Cursor[Any], rows: list[dict[str, Any]]) -> int:
    if not rows:
        return 0
    cursor.execute(_WRITE, [_as_json(rows)], prepare=True)
    return cursor.rowcount


def _whose_rows(
    cursor: Cursor[Any], arrivals: Sequence[Arrival], strangers: Strangers
) -> tuple[list[dict[str, Any]], list[identity.Edge]]:
    """Render each event once, as whose it is; and the edges of identity these events tell of."""
    once = {arrival.digest: arrival for arrival in reversed(arrivals)}  # of twins the first is kept
    claims = {digest: _claim(arrival) for digest, arrival in once.items() if _may_be_somebodys(arrival)}
    unknown = strangers.without(set(claims.values()))
    known = identity.whose(cursor, unknown) if unknown else {}
    strangers.learn(known)
    rows: list[dict[str, Any]] = []
    edges: list[identity.Edge] = []
    for digest, arrival in reversed(once.items()):
        claim = claims.get(digest)
        whose = known.get(claim, identity.A_VISITOR) if claim is not None else identity.NOBODY
        if whose.since and arrival.at < whose.since:  # before its person's yes, however late it came
            whose = identity.NOBODY
        rows.append(_row(len(rows), digest, arrival, whose))
        if arrival.said_by and arrival.anonymous_id and whose.person_id:
            edges.append(_edge(arrival, whose))
    return rows, edges


def _may_be_somebodys(arrival: Arrival) -> bool:
    return arrival.consented is not False and bool(arrival.person_ref or arrival.anonymous_id)


def _claim(arrival: Arrival) -> identity.Claim:
    return identity.Claim(arrival.source_id, arrival.anonymous_id, arrival.person_ref)


def _edge(arrival: Arrival, whose: identity.Whose) -> identity.Edge:
    assert whose.person_id is not None
    return identity.Edge(
        arrival.source_id, arrival.anonymous_id, whose.person_id, arrival.said_by, arrival.received_at
    )


def _row(n: int, digest: str, arrival: Arrival, whose: identity.Whose) -> dict[str, Any]:
    """Render one row: a person's, an anonymous visitor's, or nobody's, which keeps no more than a count."""
    kind = arrival.kind
    row = {
        "n": n,
        "digest": digest,
        "source_id": arrival.source_id,
        "message_id": arrival.message_id,
        "kind": kind.name,
        "version": arrival.version,
        "event": arrival.event,
        "at": arrival.at,
        "received_at": arrival.received_at,
        "person_id": whose.person_id,
        "anonymous_id": arrival.anonymous_id,
        "job_id": arrival.job_id,
        "props": arrival.props,
        "context": arrival.context,
        "tier": arrival.tier,
        "purpose": kind.purpose,
        "purposes": whose.purposes,
        "flags": arrival.flags,
    }
    if whose.person_id is None:
        if arrival.consented and whose.keep_anonymous and arrival.anonymous_id:
            row["props"], row["purposes"] = without_personal(arrival.props), whose.purposes or (kind.purpose,)
        else:
            row["props"], row["context"] = clear_props(kind, arrival.props), {}
            row["anonymous_id"] = row["message_id"] = ""
            if arrival.call != "track":  # an event's name is a word of the site's; a page's may be anybody's
                row["event"] = ""
            row["purposes"] = ()
    return row


def without_personal(props: Mapping[str, Any]) -> dict[str, Any]:
    """Return properties without those that name somebody, at any depth."""
    return {
        name: _stripped(value) if isinstance(value, dict | list) else value
        for name, value in props.items()
        if name.lower() not in PERSONAL
    }


def _stripped(value: Any) -> Any:
    if isinstance(value, dict):
        return without_personal(value)
    return [_stripped(one) for one in value] if isinstance(value, list) else value
