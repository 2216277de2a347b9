"""Keeping the ledger in order. Each job takes ids and may run twice.

What needs DuckDB and Arrow is imported where it runs: collectors and pages load these jobs by name only.
"""

from __future__ import annotations

import uuid
from datetime import timedelta

from segue.catalog.actions.merging import settle_merges
from segue.kit import clock
from segue.kit.actor import Actor
from segue.kit.queue import enqueue, every, job
from segue.kit.queue_leases import Lane
from segue.listen.actions.attach import stitch_visitor
from segue.listen.actions.detach import detach_person
from segue.listen.actions.forget import forget_late
from segue.listen.actions.partitions import WEEKS_AHEAD, ensure_weeks
from segue.listen.actions.subjects import forget_subjects
from segue.listen.actions.tally import forget_tallies
from segue.listen.queries.withdrawals import FOREVER, withdrawn_lately, withdrawn_until
from segue.trust.models import Purpose
from segue.trust.queries.consent import purposes_granted

WORKER = Actor.machine("worker")


@job("listen.stitch_visitor", database_only=True)
def stitch_visitor_again(identity_id: int) -> None:
    stitch_visitor(identity_id, by=WORKER)


@job("listen.detach_person", database_only=True)
def detach_withdrawn(person_id: str) -> None:
    until = withdrawn_until(uuid.UUID(person_id))
    if until is not None:
        detach_person(person_id=uuid.UUID(person_id), until=until, by=WORKER)


@every(600)
@job("listen.detach_lately", database_only=True)
def detach_lately_withdrawn() -> None:
    """Make good for a process that died between a withdrawal and its job."""
    for person_id in withdrawn_lately():
        detach_withdrawn(str(person_id))


@job("listen.forget_late", database_only=True)
def forget_late_arrivals(person_id: str) -> None:
    forget_late(uuid.UUID(person_id), by=WORKER)


@every(3600)
@job("listen.forget_tallies", database_only=True, lane=Lane.LONG)
def forget_old_tallies() -> None:
    forget_tallies(by=WORKER)


@every(6 * 3600)
@job("listen.keep_weeks", database_only=True)
def keep_weeks() -> None:
    """Make the coming weeks' tables before anything falls into them."""
    at = clock.now()
    ensure_weeks(at, at + timedelta(weeks=WEEKS_AHEAD))


@every(3600)
@job("listen.compact", lane=Lane.LONG)
def compact() -> None:
    """Make the oldest week that is due cold; one a run, so that the ledger is let go of in between."""
    from segue.listen.actions.compaction import compact_due

    compact_due(at_most=1, by=WORKER)


@every(3600)
@job("listen.forget_old", lane=Lane.LONG)
def forget_old() -> None:
    """Let go of what has been kept long enough; of a great deal, a part each run."""
    from segue.listen.actions.retention import forget_behaviour, forget_input, sweep_orphans

    forget_behaviour(by=WORKER)
    forget_subjects(by=WORKER)
    has_more = forget_input(by=WORKER)
    sweep_orphans()
    if has_more:
        enqueue(
            "listen.forget_old",
            unique_key="listen.forget_old:more",
            run_at=clock.now() + timedelta(minutes=1),
        )


@every(6 * 3600)
@job("listen.vacuum", lane=Lane.LONG)
def vacuum() -> None:
    """Let go of the space of deleted rows: an erasure is not over while it lies there."""
    from segue.listen.actions.retention import vacuum_touched

    vacuum_touched()


@every(24 * 3600)
@job("listen.settle_merges", lane=Lane.LONG)
def settle_old_merges() -> None:
    """After 30 days a merge is for good; what a no held back with the merged record becomes nobody's."""
    for merge in settle_merges(by=WORKER):
        if Purpose.BEHAVIOUR not in purposes_granted(merge.survivor_id):
            detach_person(person_id=merge.merged_id, until=FOREVER, by=WORKER)
