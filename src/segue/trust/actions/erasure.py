"""What the room keeps of somebody erased: proofs that something happened, which name nobody."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar
from uuid import UUID

from django.db import connection

from segue.engine.chain import STRIKES, remainder_digest
from segue.kit.actor import Actor
from segue.kit.privacy import Traces, finds_traces, on_erasure
from segue.trust.actions.audit import write_line
from segue.trust.models import Account, Consent, KeptAnswer

T = TypeVar("T")

_ANSWERS = "DELETE FROM trust_keptanswer WHERE body ILIKE ANY(%s::text[])"
_UNNAME = """
UPDATE trust_auditline SET actor_name = '', salt = ''
WHERE actor_id = ANY(%s) AND actor_name <> '' RETURNING position, actor_name, detail::text
"""
_SCRUB = """
UPDATE trust_auditline SET salt = '', detail = (
    SELECT COALESCE(jsonb_object_agg(key, CASE WHEN value::text ILIKE ANY(%(words)s::text[])
                                               THEN '"(erased)"'::jsonb ELSE value END), '{}')
    FROM jsonb_each(detail))
WHERE detail <> '{}' AND verb <> %(strikes)s AND detail::text ILIKE ANY(%(words)s::text[])
RETURNING position, actor_name, detail::text
"""
STRIKES_A_LINE = 500


@finds_traces
def words_of_accounts(person_id: UUID) -> Iterator[str]:
    """Yield the addresses and names this person signs in with."""
    for row in Account.objects.filter(person_id=person_id).values_list("email", "name"):
        yield from row


@on_erasure
def unname_proofs(traces: Traces) -> dict[str, int]:
    """Strike the name from consents and audit lines; that they acted, and on what, stays by id."""
    accounts = Account.objects.filter(person_id=traces.person_id).values_list("pk", flat=True)
    Consent.objects.filter(person_id=traces.person_id, by__in=traces.words).update(by="")
    words = Traces(traces.person_id, traces.words - {str(traces.person_id)})
    with connection.cursor() as cursor:
        cursor.execute(_UNNAME, [[traces.person_id, *accounts]])
        struck = {position: (name, detail) for position, name, detail in cursor.fetchall()}
        cursor.execute(_SCRUB, {"words": words.patterns(), "strikes": STRIKES})
        struck |= {position: (name, detail) for position, name, detail in cursor.fetchall()}
        _attest({position: content for position, content in struck.items() if position is not None})
        cursor.execute(_ANSWERS, [traces.patterns()])  # of a day at most
        return {KeptAnswer._meta.label: cursor.rowcount}


def _attest(struck: dict[int, tuple[str, str]]) -> None:
    """Write down which sealed lines were struck, and the digest of what is left of each: the chain asks."""
    digests = {
        str(position): remainder_digest(position, json.dumps(list(content), ensure_ascii=False))
        for position, content in sorted(struck.items())
    }
    by = Actor.machine("erasure")
    for some in _in_pieces(digests.items(), STRIKES_A_LINE):
        write_line(verb=STRIKES, by=by, subject=None, detail={"lines": dict(some)})


def _in_pieces(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    left = iter(rows)
    while piece := list(islice(left, size)):
        yield piece
