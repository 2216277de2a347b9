"""Who has taken their yes back, and up to when what they did is nobody's."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

from django.db.models import Exists, OuterRef

from segue.kit import clock
from segue.listen.models import Identity, Signal
from segue.trust.models import Consent, Purpose

FOREVER = datetime.max.replace(tzinfo=UTC)


def withdrawn_until(person_id: uuid.UUID) -> datetime | None:
    """Return the moment before which nothing is this person's any more; None where they never took it back.

    It is the start of the yes that followed the last no; while there is none, the end of time. So a
    new yes gives back nothing of what was heard before it.
    """
    answers = list(
        Consent.objects.filter(person_id=person_id, purpose=Purpose.BEHAVIOUR)
        .order_by("at", "id")
        .values_list("granted", "at")
    )
    said_no = [place for place, (granted, _) in enumerate(answers) if not granted]
    if not said_no:
        return None
    since = answers[said_no[-1] + 1 :]
    return since[0][1] if since else FOREVER


def withdrawn_lately(days: int = 2) -> list[uuid.UUID]:
    """Return who said no within so many days and still has a name on what came before.

    Their detaching was lost with the process that should have asked for it.
    """
    since = clock.now() - timedelta(days=days)
    left = Signal.objects.filter(
        person=OuterRef("person"), purpose=Purpose.BEHAVIOUR, received_at__lt=OuterRef("at")
    )
    edges = Identity.objects.filter(person=OuterRef("person"), created_at__lt=OuterRef("at"))
    rows = Consent.objects.filter(
        Exists(left) | Exists(edges), purpose=Purpose.BEHAVIOUR, granted=False, at__gte=since
    )
    return list(rows.values_list("person_id", flat=True).distinct())
