"""Pseudonyms: drawn at random for whoever is in the files, and let go of with what they stand for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Protocol

from django.conf import settings
from django.db import connection

from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.listen.queries.subjects import GRANTED


class Executes(Protocol):
    """What a cursor of Django's and one of psycopg's have in common."""

    @property
    def rowcount(self) -> int: ...

    def execute(self, query: Any, params: Any = None) -> Any: ...


_UUID = "uuid_send(gen_random_uuid())"  # 122 random bits each
_PSEUDONYM = f"('x' || encode(substr(sha256({_UUID}), 1, 8), 'hex'))::bit(64)::bigint & 9223372036854775807"
_KEY = f"sha256({_UUID} || {_UUID} || {_UUID})"
_PEOPLE = f"""
WITH {GRANTED}
INSERT INTO listen_subject (pseudonym, person_id, anonymous_id, key, created_at)
SELECT {_PSEUDONYM}, person_id, '', {_KEY}, %(now)s
FROM (SELECT DISTINCT person_id FROM {{table}} WHERE person_id IS NOT NULL AND purpose <> 'service') heard
JOIN granted USING (person_id)
WHERE NOT EXISTS (SELECT 1 FROM listen_subject known WHERE known.person_id = heard.person_id)
ON CONFLICT DO NOTHING
"""  # noqa: S608 - our own words
_VISITORS = f"""
INSERT INTO listen_subject (pseudonym, source_id, anonymous_id, key, created_at)
SELECT {_PSEUDONYM}, source_id, anonymous_id, {_KEY}, %(now)s
FROM (SELECT DISTINCT source_id, anonymous_id FROM {{table}}
      WHERE person_id IS NULL AND anonymous_id <> '' AND purpose <> 'service') heard
WHERE NOT EXISTS (SELECT 1 FROM listen_subject known WHERE known.anonymous_id = heard.anonymous_id
                  AND known.source_id IS NOT DISTINCT FROM heard.source_id)
  AND (source_id IS NULL OR EXISTS (SELECT 1 FROM listen_source WHERE listen_source.id = source_id))
ON CONFLICT DO NOTHING
"""  # noqa: S608 - our own words
_WITHDRAWN = f"""
WITH {GRANTED}
DELETE FROM listen_subject s WHERE person_id IS NOT NULL
AND NOT EXISTS (SELECT 1 FROM granted WHERE granted.person_id = s.person_id)
AND NOT EXISTS (SELECT 1 FROM catalog_merge m WHERE m.merged_id = s.person_id
                AND m.undone_at IS NULL AND m.settled_at IS NULL)
"""  # noqa: S608 - our own words


def draw_pseudonyms(cursor: Executes, table: str) -> int:
    """Give everybody in a table of signals who may be known a pseudonym and a key; return how many were new.

    People who have not granted behaviour get none. The caller commits.
    """
    drawn = 0
    for insert in (_PEOPLE, _VISITORS):
        cursor.execute(insert.format(table=table), {"now": clock.now()})
        drawn += cursor.rowcount
    return drawn


@action("listen.forget_subjects")
def forget_subjects(*, by: Actor) -> int:
    """Destroy keys nobody may hold any more; return how many.

    Those of people who withdrew or were erased go with their detachment; this sweeps up what a compaction
    drew at that very moment. A visitor nobody ever named is forgotten after as long as their behaviour is.
    """
    long_ago = clock.now() - timedelta(days=settings.BEHAVIOUR_DAYS)
    with connection.cursor() as cursor:
        cursor.execute(_WITHDRAWN)
        gone = cursor.rowcount
        cursor.execute("DELETE FROM listen_subject WHERE person_id IS NULL AND created_at < %s", [long_ago])
        return int(gone + cursor.rowcount)
