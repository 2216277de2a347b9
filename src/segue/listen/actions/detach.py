"""Taking a person's name off what they did: when they withdraw, and when they are erased."""

from __future__ import annotations

import json
import uuid
from datetime import datetime
from typing import Any

from django.db import connection

from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.bus import announce
from segue.listen.kinds import KINDS
from segue.listen.models import Identity, Subject

_CLEAR = json.dumps({kind.name: sorted(kind.clear_fields) for kind in KINDS.values() if kind.clear_fields})

# Set-based, so that a hundred thousand rows are one statement. Rows in the cold tier follow their subject.
_DETACH = """
UPDATE listen_signal SET
    person_id = NULL, anonymous_id = '', context = '{}', message_id = '', purposes = '{}', event = '',
    props = CASE WHEN props = '{}' THEN props ELSE COALESCE((
        SELECT jsonb_object_agg(key, value) FROM jsonb_each(props) WHERE %(clear)s::jsonb -> kind ? key
    ), '{}') END
WHERE {whose} AND purpose = 'behaviour' AND received_at < %(until)s
"""
_PERSON = _DETACH.replace("{whose}", "person_id = %(person_id)s")
# What their devices did unnamed: by the edges we know that it was them, so their no covers it too.
_DEVICES = """ EXISTS (
    SELECT 1 FROM listen_identity edge WHERE edge.person_id = %(person_id)s AND edge.created_at < %(until)s
      AND edge.anonymous_id = {table}.anonymous_id AND edge.source_id IS NOT DISTINCT FROM {table}.source_id)
"""
_VISITS = _DETACH.replace(
    "{whose}", f"person_id IS NULL AND anonymous_id <> '' AND {_DEVICES.format(table='listen_signal')}"
)
_KEYS = f"DELETE FROM listen_subject WHERE anonymous_id <> '' AND {_DEVICES.format(table='listen_subject')}"  # noqa: S608 - our own words


@action("listen.detach_person")
def detach_person(*, person_id: uuid.UUID, until: datetime, by: Actor) -> int:
    """Make all behaviour heard from somebody before `until` nobody's, for good; return how many rows.

    What runs the services they asked for stays theirs. The key to what the cold tier holds goes, and
    the edges that led from their visits to them. Idempotent.
    """
    with connection.cursor() as cursor:
        asked: dict[str, Any] = {"clear": _CLEAR, "person_id": person_id, "until": until}
        cursor.execute(_PERSON, asked)
        rows = int(cursor.rowcount)
        cursor.execute(_VISITS, asked)
        rows += int(cursor.rowcount)
        cursor.execute(_KEYS, asked)
    Identity.objects.filter(person_id=person_id, created_at__lt=until).delete()
    Subject.objects.filter(person_id=person_id, created_at__lt=until).delete()
    announce("signals.detached", person_id=person_id)
    return rows
