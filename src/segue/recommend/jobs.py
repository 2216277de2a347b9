"""What this room does later. Each job takes ids and may run twice."""

from __future__ import annotations

import uuid

from segue.kit.actor import Actor
from segue.kit.queue import every, job
from segue.recommend.actions.loosening import loosen_stances

WORKER = Actor.machine("worker")


@job("recommend.loosen_stances", database_only=True)
def loosen(person_id: str) -> None:
    loosen_stances(person_id=uuid.UUID(person_id), by=WORKER)


@every(86_400)
@job("recommend.watch_cards", database_only=True)
def watch_cards_daily() -> None:
    from segue.recommend.actions.watching import watch_cards

    watch_cards(by=WORKER)
