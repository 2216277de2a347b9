"""Whose a hot signal is, in the terms of the cold tier: SQL that reading and compacting share.

Subjects are joined by person, or, for anonymous visitors, by source and anonymous id. A person who has not
granted behaviour (any more) has no subject, whatever the rows still say.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import connection

from segue.kit.actor import Actor
from segue.kit.errors import NotAllowed

GRANTED = """granted AS MATERIALIZED (
  SELECT catalog_person.id AS person_id FROM (
    SELECT DISTINCT ON (person_id) person_id AS answering_id, granted
    FROM trust_consent WHERE purpose = 'behaviour' ORDER BY person_id, at DESC, id DESC
  ) answered JOIN catalog_person ON COALESCE(merged_into_id, catalog_person.id) = answering_id
  WHERE granted AND erased_at IS NULL
)"""
JOINS = """
LEFT JOIN granted g ON g.person_id = s.person_id
LEFT JOIN listen_subject p ON p.person_id = g.person_id
LEFT JOIN listen_subject a ON s.person_id IS NULL AND s.anonymous_id <> '' AND a.anonymous_id = s.anonymous_id
  AND COALESCE(a.source_id, 0) = COALESCE(s.source_id, 0)"""
PSEUDONYM = "COALESCE(p.pseudonym, a.pseudonym)"
# Who has none yet counts under a negative number, which real pseudonyms never are.
NAMELESS_PERSON = "(hashtextextended(g.person_id::text, %(seed)s) | (1::bigint << 63))"
NAMELESS_VISITOR = (
    "(hashtextextended(concat(s.source_id, ':', s.anonymous_id), %(seed)s) | (1::bigint << 63))"
)
STAND_IN = f"""COALESCE({PSEUDONYM}, CASE
  WHEN g.person_id IS NOT NULL THEN {NAMELESS_PERSON}
  WHEN s.person_id IS NULL AND s.anonymous_id <> '' THEN {NAMELESS_VISITOR} END)"""


_KEYS = f"""
WITH {GRANTED}
SELECT pseudonym, key FROM listen_subject s LEFT JOIN granted g ON g.person_id = s.person_id
WHERE (s.person_id IS NULL OR g.person_id IS NOT NULL)
  AND (%(people)s::uuid[] IS NULL OR s.person_id = ANY(%(people)s::uuid[]))
"""  # noqa: S608 - our own words


def keys_of(person_ids: Collection[UUID] | None, by: Actor) -> dict[int, bytes]:
    """Return pseudonyms with their keys: of these people, or, for None, of everybody there is.

    Who has not granted behaviour (any more) is left out. Only our own processes hold keys: raises NotAllowed
    for anybody else.
    """
    if not by.is_machine:
        raise NotAllowed("Keys to sealed signals are for our own processes.")
    people = None if person_ids is None else list(person_ids)
    with connection.cursor() as cursor:
        cursor.execute(_KEYS, {"people": people})
        return {pseudonym: bytes(key) for pseudonym, key in cursor.fetchall()}
