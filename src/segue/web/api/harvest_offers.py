"""Offers in the shape of Harvest. Pay is there for a key that may read pay, and null for any other."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from segue.hire.models import Offer
from segue.hire.queries.offers import no_offer, offer_for, offers_visible_to, sees_offer_pay
from segue.kit.actor import Actor
from segue.web.actors import actor_of
from segue.web.api import harvest_shapes as shapes
from segue.web.api.harvest_paging import LIST, ONE, Paged, page_of_rows
from segue.web.api.kinds import Moment, Text

router = Router()


class OffersIn(Paged):
    created_after: Moment | None = None
    created_before: Moment | None = None
    resolved_after: Moment | None = None
    status: Text = ""


@router.get("/offers", response=LIST)
def offers(request: HttpRequest, response: HttpResponse, wanted: Query[OffersIn]) -> list[shapes.Shape]:
    """List offers."""
    actor = actor_of(request)
    limits = {
        "made_at__gte": wanted.created_after,
        "made_at__lt": wanted.created_before,
        "moved_at__gte": wanted.resolved_after,
        "state__in": shapes.OFFER_STATES.get(wanted.status, []) if wanted.status else None,
    }
    rows = offers_visible_to(actor).filter(**{k: v for k, v in limits.items() if v is not None})
    if wanted.resolved_after:
        rows = rows.filter(state__in=shapes.OFFER_RESOLVED)
    return [_shape(row, actor) for row in page_of_rows(request, response, rows, wanted)]


@router.get("/offers/{uuid:offer_id}", response=ONE)
def offer(request: HttpRequest, offer_id: uuid.UUID) -> shapes.Shape:
    """Return one offer."""
    actor = actor_of(request)
    return _shape(offer_for(actor, offer_id), actor)


@router.get("/applications/{uuid:application_id}/offers", response=LIST)
def offers_of_application(
    request: HttpRequest, response: HttpResponse, application_id: uuid.UUID, wanted: Query[Paged]
) -> list[shapes.Shape]:
    """List an application's offers."""
    actor = actor_of(request)
    rows = offers_visible_to(actor).filter(application=application_id)
    return [_shape(row, actor) for row in page_of_rows(request, response, rows, wanted)]


@router.get("/applications/{uuid:application_id}/offers/current_offer", response=ONE)
def current_offer(request: HttpRequest, application_id: uuid.UUID) -> shapes.Shape:
    """Return an application's newest offer."""
    actor = actor_of(request)
    rows = offers_visible_to(actor).filter(application=application_id)
    newest = rows.order_by("-version").first()
    if newest is None:
        raise no_offer()
    return _shape(newest, actor)


def _shape(row: Offer, actor: Actor) -> shapes.Shape:
    return shapes.offer_of(row, with_pay=sees_offer_pay(actor, row))
