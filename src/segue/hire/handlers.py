"""What hiring hears from the ledger; it only enqueues."""

from __future__ import annotations

from typing import Any

from segue.kit.bus import hears
from segue.kit.queue import enqueue


@hears("person.signed_in")
def settle_what_the_link_confirms(signal: dict[str, Any]) -> None:
    """A link sent with an unconfirmed application was used: its words are their owner's."""
    claim_id = signal["props"].get("confirms")
    if claim_id:
        enqueue("hire.settle_claim", unique_key=f"claim:{claim_id}", priority=5, claim_id=claim_id)
