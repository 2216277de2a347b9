"""Offers to tell stories with: sensible terms, and an offer brought as far as the story needs."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from segue.hire.actions.offers.answering import Signing
from segue.hire.actions.offers.approving import approve_offer, submit_offer
from segue.hire.actions.offers.drafting import draft_offer
from segue.hire.actions.offers.sending import send_offer
from segue.hire.models import Application, Offer, Terms
from segue.hire.queries.offers import turn_of
from segue.kit import clock
from segue.kit.actor import Actor
from segue.trust.queries.access import actor_for
from tests.factories.cast import rosa

LETTER = "Dear {{ first_name }}, be our {{ title }} from {{ start }} for {{ pay }}."


def make_terms(**fields: Any) -> Terms:
    """Terms that anybody would take; override what the story is about."""
    defaults: dict[str, Any] = {
        "title": "Night nurse",
        "pay_amount": Decimal("64000.00"),
        "pay_currency": "EUR",
        "pay_period": "year",
        "starts_on": clock.now().date() + timedelta(days=60),
        "place": "Berlin",
        "remote": "onsite",
        "hours_per_week": Decimal("38.5"),
        "clauses": "",
        "template": LETTER,
        "expires_at": clock.now() + timedelta(days=7),
    }
    return Terms(**(defaults | fields))


def make_offer(
    application: Application, *, upto: str = "sent", by: Actor | None = None, **fields: Any
) -> Offer:
    """Write an offer, and bring it as far as `draft`, `approving`, `approved` or `sent`."""
    maker = by or actor_for(rosa())
    offer = draft_offer(application, terms=make_terms(**fields), by=maker)
    if upto == "draft":
        return offer
    offer = submit_offer(offer, by=maker)
    while upto != "approving" and (turn := turn_of(offer)) is not None:
        offer = approve_offer(offer, by=actor_for(turn.account))
    return send_offer(offer, by=maker) if upto == "sent" else offer


def make_signing(offer: Offer, **fields: Any) -> Signing:
    """What somebody does who signs this offer."""
    defaults: dict[str, Any] = {
        "typed_name": offer.application.person.name,
        "agrees": True,
        "shown_sha256": offer.sha256,
        "address": "203.0.113.7",
        "agent": "Mozilla/5.0 (a test)",
    }
    return Signing(**(defaults | fields))
