"""Does every offer stand where its ledger leads, and is every line sealed? What `segue check` asks."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from segue.hire.models import Offer, OfferEvent
from segue.hire.models.offers import folded

CHUNK = 200


@dataclass(frozen=True, slots=True)
class OfferFault:
    """An offer whose evidence does not hold."""

    offer_id: uuid.UUID
    says: str


def offer_faults(*, limit: int = 20) -> list[OfferFault]:
    """Return offers whose ledger, seals or letter are not as they were; none is what should be found."""
    return list(islice(_faults(), limit))


def _faults() -> Iterator[OfferFault]:
    for offer in Offer.objects.order_by("pk").prefetch_related("events").iterator(chunk_size=CHUNK):
        events = sorted(offer.events.all(), key=lambda event: event.pk)
        says = _fault(offer, events)
        if says:
            yield OfferFault(offer.pk, says)


def _fault(offer: Offer, events: list[OfferEvent]) -> str:
    before = ""
    for event in events:
        if event.prev_hash != before or event.hash != event.digest():
            return "a line was changed, taken out or put in"
        before = event.hash
    if folded(event.kind for event in events) != offer.state:
        return "stands elsewhere than its ledger leads"
    if offer.sent_at is None:
        return ""
    sent = next((event for event in events if event.kind == "sent"), None)
    digest = hashlib.sha256(bytes(offer.pdf or b"")).hexdigest()
    if sent is None or digest != offer.sha256 or digest != sent.detail.get("sha256"):
        return "the letter is not the one that was sent"
    return ""
