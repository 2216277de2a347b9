"""Events as a collector writes them, and answers to the question of consent, second by second after noon."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

from django.db import connection

from segue.catalog.models import Person
from segue.listen.actions.ledger_rows import Arrival, write
from segue.listen.kinds import kind_of
from segue.trust.models import Consent

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def at(second: float) -> datetime:
    return NOON + timedelta(seconds=second)


def answer(person: Person, *, granted: bool, second: float) -> None:
    Consent.objects.create(
        person=person, purpose="behaviour", granted=granted, at=at(second), text_shown="?", by="they"
    )


def hear(
    source_id: int,
    visitor: str,
    second: float,
    *,
    person: str = "",
    happened: float | None = None,
    call: str = "track",
) -> None:
    """Write one event the way a collector does; its visitor has said yes to the site's banner."""
    arrival = Arrival(
        source_id=source_id,
        message_id=str(uuid.uuid4()),
        call=call,
        event="Looked" if call == "track" else "",
        kind=kind_of(call, "Looked"),
        version=1,
        at=at(second if happened is None else happened),
        received_at=at(second),
        anonymous_id=visitor,
        person_ref=person,
        props={"colour": "blue"},
        context={"page": {"path": "/"}},
        tier="C",
        consented=True,
        said_by="identify" if call == "identify" else "",
    )
    connection.ensure_connection()
    write(connection.connection, [arrival])
