"""What this room reads from the ledger: events that programs outside want to hear."""

from __future__ import annotations

from collections.abc import Sequence

from segue.engage.actions.webhooks import EVENTS, queue_told
from segue.listen.consuming import Told, consumer


@consumer("engage.webhooks", kinds=EVENTS, tiers="A")
def tell_endpoints(batch: Sequence[Told]) -> None:
    """Queue each event for the endpoints that want it; sending is a job's."""
    queue_told(batch)
