"""Writing an offer's ledger: each line seals the one before, and says where the offer now stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from segue.hire.models import Application, Offer, OfferDeed, OfferEvent
from segue.hire.models.offers import LEADS_TO, LIVE
from segue.kit import clock
from segue.kit.actor import Actor

LONGEST_COMMENT = 5_000


@dataclass(frozen=True, slots=True)
class Proof:
    """How we know who answered, and what they had before them. Never repeated in audit lines."""

    identity: str = ""  # "signed_in" | "code"
    typed_name: str = ""
    agreed_to: str = ""
    shown_sha256: str = ""
    address: str = ""
    agent: str = ""

    def __str__(self) -> str:
        return "a proof"


NOTHING = Proof()


def note(
    offer: Offer, kind: str, *, by: Actor, comment: str = "", proof: Proof = NOTHING, **detail: Any
) -> OfferEvent:
    """Write a line into a locked offer's ledger, then put the offer where the line leads.

    The line comes first: the database lets no offer be accepted before its evidence is there.
    """
    before = OfferEvent.objects.filter(offer=offer).order_by("-pk").values_list("hash", flat=True).first()
    event = OfferEvent(
        offer=offer,
        kind=kind,
        at=clock.now(),
        by_role=by.role.value,
        by_name=_clean(by.name)[:300],
        by_account_id=by.account_id,
        comment=_clean(comment)[:LONGEST_COMMENT],
        shown_sha256=proof.shown_sha256,
        identity=proof.identity,
        typed_name=_clean(proof.typed_name)[:300],
        agreed_to=proof.agreed_to,
        address=proof.address[:45],
        agent=_clean(proof.agent)[:300],
        detail=detail,
        prev_hash=before or "",
    )
    event.hash = event.digest()
    event.save(force_insert=True)
    state = LEADS_TO.get(kind)
    if state is not None:
        offer.state, offer.moved_at = state, event.at
        offer.save()
    return event


def close_offers(applications: Iterable[Application], *, by: Actor) -> int:
    """Close what offers are still alive for locked applications that were settled without them."""
    rows = Offer.objects.select_for_update().filter(application__in=list(applications), state__in=LIVE)
    found = list(rows.order_by("pk"))
    for offer in found:
        note(offer, OfferDeed.CLOSED, by=by)
    return len(found)


def _clean(text: str) -> str:
    return text.replace("\x00", "").strip()
