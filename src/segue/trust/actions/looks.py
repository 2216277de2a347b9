"""Noting whose data somebody had before them, so that they can see it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from segue.kit import clock
from segue.kit.actor import Actor, Role
from segue.trust.models import LookedAt

AGAIN = timedelta(minutes=30)  # looking twice at the same is one look, for so long
# One statement for however many people, each of them once, and none who was looked at just before.
_NOTE = """
INSERT INTO trust_look (person_id, at, what, actor_role, actor_id, actor_name, job_id, reason)
SELECT person.id, %(now)s, %(what)s, %(role)s, %(actor)s::uuid, %(name)s, %(job)s::uuid, %(reason)s
FROM catalog_person AS person
WHERE person.id = ANY(%(people)s::uuid[]) AND NOT EXISTS (
    SELECT 1 FROM trust_look AS before
    WHERE before.person_id = person.id AND before.at > %(since)s AND before.what = %(what)s
      AND before.actor_id = %(actor)s::uuid AND before.job_id IS NOT DISTINCT FROM %(job)s::uuid)
"""


def note_looks(
    people: Iterable[UUID], *, what: LookedAt, by: Actor, job_id: UUID | None = None, reason: str = ""
) -> int:
    """Note that a colleague or a program had these people's data before them; returns how many looks are new.

    A person's own look, and our own machines', are not noted.
    """
    looker = by.account_id or by.key_id
    ids = sorted({str(one) for one in people if one != by.person_id})
    if looker is None or not ids or not (by.is_staff or by.role is Role.API_CLIENT):
        return 0
    at = clock.now()
    values: dict[str, Any] = {
        "now": at,
        "since": at - AGAIN,
        "what": what.value,
        "role": by.role.value,
        "actor": looker,
        "name": by.name[:300],
        "job": job_id,
        "reason": reason[:200],
        "people": ids,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, values)
        return int(cursor.rowcount)
