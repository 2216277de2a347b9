"""Where a person stands to the jobs they were shown."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from segue.kit.actor import Actor
from segue.kit.errors import NotAllowed
from segue.kit.prepared import Reading
from segue.recommend.models import CardStance, Stance
from segue.recommend.ranking import rests


def own_only(person_id: uuid.UUID, by: Actor) -> None:
    """Refuse anybody but the person themselves (and our own processes)."""
    if by.person_id != person_id and not by.is_machine:
        raise NotAllowed("This belongs to somebody else.", field="person")


def stances_of(person_id: uuid.UUID, by: Actor) -> dict[uuid.UUID, CardStance]:
    """Return the current stances by job."""
    own_only(person_id, by)
    return {row.job_id: row for row in _OWN.read(person_id=person_id)}


_OWN = Reading(lambda person_id: CardStance.objects.filter(person_id=person_id), person_id=uuid.UUID)


def put_away(person_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """Return the jobs many people put away, for good or for now, or put by: those have their own shelf."""
    found: dict[uuid.UUID, set[uuid.UUID]] = {}
    for row in CardStance.objects.filter(person_id__in=person_ids):
        if row.stance in {Stance.HIDDEN, Stance.LESS, Stance.SAVED} or rests(row):
            found.setdefault(row.person_id, set()).add(row.job_id)
    return found


def saved_jobs(person_id: uuid.UUID, by: Actor) -> list[CardStance]:
    """Return what the person saved, latest first, with its job."""
    own_only(person_id, by)
    rows = CardStance.objects.filter(person_id=person_id, stance=Stance.SAVED)
    return list(rows.select_related("job").order_by("-at"))
