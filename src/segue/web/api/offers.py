"""Offers over the API, to read. Making, sending and answering one takes people, each by name."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal

from django.http import HttpRequest
from ninja import Query, Router, Schema

from segue.hire.models import Offer
from segue.hire.queries.offers import offer_for, offers_visible_to
from segue.kit.paging import page_of
from segue.trust.actions.access import note_access
from segue.web.actors import actor_of
from segue.web.api.auth import BY_KEY_OR_SESSION
from segue.web.api.kinds import Cursor, Moment, Size, Text
from segue.web.api.schemas import REFUSED

router = Router(auth=BY_KEY_OR_SESSION, tags=["offers"])
ONE = "/offers/{uuid:offer_id}"


class OffersIn(Schema):
    """Which offers; empty means any. `after` is `next_after` of the page before."""

    application_id: uuid.UUID | None = None
    job_id: uuid.UUID | None = None
    person_id: uuid.UUID | None = None
    state: Text = ""
    updated_after: Moment | None = None
    after: Cursor = ""
    size: Size = 50


class OfferOut(Schema):
    """How an offer stands, without pay, letter and clauses: those are a scope of their own."""

    id: uuid.UUID
    application_id: uuid.UUID
    person_id: uuid.UUID
    job_id: uuid.UUID
    version: int
    state: str
    title: str
    starts_on: date
    place: str
    remote: str
    hours_per_week: Decimal
    made_at: datetime
    moved_at: datetime
    sent_at: datetime | None
    expires_at: datetime
    time_zone: str
    sha256: str


class OfferPage(Schema):
    items: list[OfferOut]
    next_after: str


class OfferPay(Schema):
    """What an offer pays, and what else it agrees."""

    offer_id: uuid.UUID
    amount: Decimal
    currency: str
    period: str
    clauses: str


@router.get("/offers", response={200: OfferPage, **REFUSED}, summary="Offers, newest first")
def list_offers(request: HttpRequest, wanted: Query[OffersIn]) -> OfferPage:
    """List offers by application, job, person, state, or what moved since."""
    rows = offers_visible_to(actor_of(request))
    exact = {
        "application_id": wanted.application_id,
        "application__job_id": wanted.job_id,
        "application__person_id": wanted.person_id,
        "state": wanted.state,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if wanted.updated_after:
        rows = rows.filter(moved_at__gt=wanted.updated_after)
    page = page_of(rows, after=wanted.after, size=wanted.size)
    return OfferPage(items=[OfferOut.from_orm(row) for row in page.rows], next_after=page.next_after)


@router.get(ONE, response={200: OfferOut, **REFUSED}, summary="One offer")
def get_offer(request: HttpRequest, offer_id: uuid.UUID) -> Offer:
    """Return how one offer stands."""
    return offer_for(actor_of(request), offer_id)


@router.get(f"{ONE}/pay", response={200: OfferPay, **REFUSED}, summary="What it pays")
def get_offer_pay(request: HttpRequest, offer_id: uuid.UUID) -> OfferPay:
    """Return what an offer pays: the scope of pay. That somebody looked is written down."""
    actor = actor_of(request)
    row = offer_for(actor, offer_id)
    note_access(row.application.person, why="api offer pay", by=actor)
    return OfferPay(
        offer_id=row.pk,
        amount=row.pay_amount,
        currency=row.pay_currency,
        period=row.pay_period,
        clauses=row.clauses,
    )
