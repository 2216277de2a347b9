"""What this room does later. Each job takes ids and may run twice."""

from __future__ import annotations

import uuid

from segue.kit.actor import Actor
from segue.kit.queue import job
from segue.recommend.actions.loosening import loosen_stances

WORKER = Actor.machine("worker")


@job("recommend.loosen_stances", database_only=True)
def loosen(person_id: str) -> None:
    loosen_stances(person_id=uuid.UUID(person_id), by=WORKER)
