"""What this room reads from its own ledger: it passes collected signals on to those who hear the bus."""

from __future__ import annotations

from collections.abc import Sequence

from segue.kit import bus
from segue.listen.actions.tally import add_to_tally
from segue.listen.consuming import Told, consumer


@consumer("listen.relay", kinds=bus.heard_kinds, tiers="AB", collected_only=True)
def relay(batch: Sequence[Told]) -> None:
    """Tell handlers what the collector heard. They only enqueue, and so in this transaction: exactly once.

    What our own code records is told by `record` itself.
    """
    for told in batch:
        bus.tell(
            told.kind,
            {
                "id": told.id,
                "kind": told.kind,
                "person_id": told.person_id,
                "job_id": told.job_id,
                "props": told.props,
            },
        )


@consumer("listen.tally", start="beginning", batch=5_000)
def tally(batch: Sequence[Told]) -> None:
    """Count by source and minute, for the desk."""
    add_to_tally((told.id, told.source_id, told.received_at) for told in batch)
