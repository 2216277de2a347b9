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


@every(6 * 3600)
@job("recommend.learn_policy")
def learn_mix_policy() -> None:
    """Learn in which order shelves serve people, from what became of the cards they saw."""
    from segue.recommend.actions.policies import learn_policy  # numpy's solvers, needed here only

    learn_policy(by=WORKER)
