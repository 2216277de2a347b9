"""Cutting the thread from a person's orders to signals that are not theirs any more."""

from __future__ import annotations

import uuid

from django.db import connection

from segue.kit.action import action
from segue.kit.actor import Actor

_LOOSEN = """
UPDATE recommend_cardstance SET signal_id = NULL, before = (
    SELECT COALESCE(jsonb_agg(one || '{"signal_id": null}'), '[]') FROM jsonb_array_elements(before) one)
WHERE person_id = %(person_id)s AND (signal_id IS NOT NULL OR before <> '[]') AND NOT EXISTS (
    SELECT 1 FROM listen_signal
    WHERE listen_signal.id = recommend_cardstance.signal_id AND listen_signal.person_id = %(person_id)s)
"""


@action("recommend.loosen_stances")
def loosen_stances(*, person_id: uuid.UUID, by: Actor) -> int:
    """Forget which signals a person's stances were told by, where those are nobody's now. Idempotent.

    The stances stand: they are orders. Without this their rows would lead back to who is gone.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOOSEN, {"person_id": person_id})
        return int(cursor.rowcount)
