"""What this room does later. Each job takes ids and may run twice."""

from __future__ import annotations

import uuid

from segue.kit.actor import Actor
from segue.kit.errors import Conflict
from segue.kit.queue import enqueue, every, job
from segue.kit.queue_leases import Lane
from segue.recommend.actions.loosening import loosen_stances

WORKER = Actor.machine("worker")
MIXES_SLICE_S = 20.0


@job("recommend.loosen_stances", database_only=True)
def loosen(person_id: str) -> None:
    loosen_stances(person_id=uuid.UUID(person_id), by=WORKER)


@every(86_400)
@job("recommend.watch_cards", database_only=True, lane=Lane.LONG)
def watch_cards_daily() -> None:
    from segue.recommend.actions.watching import watch_cards

    watch_cards(by=WORKER)


@every(6 * 3600)
@job("recommend.learn_policy", lane=Lane.LONG)
def learn_mix_policy() -> None:
    """Learn in which order shelves serve people, from what became of the cards they saw."""
    from segue.recommend.actions.policies import learn_policy  # numpy's solvers, needed here only

    learn_policy(by=WORKER)


@every(86_400)
@job("recommend.write_mixes", lane=Lane.LONG)
def write_mixes_nightly() -> None:
    """Write everybody's mix, a while at a time, so that letters and the like need not wait for all of it."""
    from segue.recommend.actions.batch import write_mixes

    try:
        is_done = write_mixes(by=WORKER, budget_s=MIXES_SLICE_S).is_done
    except Conflict:  # nothing to choose from, nothing may be learned, or a colleague is at it
        return
    if not is_done:
        enqueue("recommend.write_mixes", unique_key="recommend.write_mixes:more")


@job("recommend.sift_mixes", lane=Lane.LONG)
def sift() -> None:
    from segue.recommend.actions.batch import sift_mixes

    sift_mixes(by=WORKER)


@every(86_400)
@job("recommend.learn_sides", lane=Lane.LONG)
def learn_chances_of_both_sides() -> None:
    """Learn how likely people and teams are to want each other, from what became of them."""
    from segue.recommend.actions.sides import learn_sides  # numpy's solvers, needed here only

    learn_sides(by=WORKER)
