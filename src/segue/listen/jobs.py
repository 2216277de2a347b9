"""Keeping the ledger in order. Each job takes ids and may run twice."""

from __future__ import annotations

from segue.kit.actor import Actor
from segue.kit.queue import job
from segue.listen.actions.attach import stitch_visitor

WORKER = Actor.machine("worker")


@job("listen.stitch_visitor", database_only=True)
def stitch_visitor_again(identity_id: int) -> None:
    stitch_visitor(identity_id, by=WORKER)
