"""Who was erased: bare ids."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from segue.catalog.models import Person
from segue.kit.actor import Actor, Role
from segue.kit.errors import NotAllowed


def erased_people(by: Actor) -> Iterator[tuple[UUID, datetime]]:
    """Yield id and time of everybody erased, in the order they went. Raises NotAllowed."""
    if not (by.is_machine or by.role is Role.ADMINISTRATOR):
        raise NotAllowed("The list of who was erased is for whoever keeps the backups.")
    rows = Person.objects.exclude(erased_at=None).order_by("erased_at", "pk")
    for key, at in rows.values_list("pk", "erased_at").iterator():
        if at is not None:
            yield key, at
