"""Endpoints: where events are sent, with which secrets, and what became of each delivery."""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from segue.kit import clock
from segue.kit.actor import Actor
from segue.kit.errors import NotFound
from segue.trust.models import Delivery, DeliveryState, Endpoint
from segue.trust.queries.keys import MINDERS


def endpoints_visible_to(actor: Actor, *, removed: bool = False) -> QuerySet[Endpoint]:
    """Return the endpoints, with how many deliveries wait and were given up, to administrators alone.

    Those removed are left out, or else alone.
    """
    rows = Endpoint.objects.filter(removed_at__isnull=not removed).order_by("-pk")
    if actor.role not in MINDERS:
        return rows.none()
    return rows.annotate(
        waiting=Count("deliveries", filter=Q(deliveries__state=DeliveryState.WAITING)),
        dead=Count("deliveries", filter=Q(deliveries__state=DeliveryState.DEAD)),
    )


def endpoint_for(actor: Actor, endpoint_id: uuid.UUID | str, *, removed: bool = False) -> Endpoint:
    """Return one endpoint, one in use or one that was removed. Raises NotFound."""
    try:
        key = uuid.UUID(str(endpoint_id))
    except ValueError:
        key = uuid.UUID(int=0)
    found = endpoints_visible_to(actor, removed=removed).filter(pk=key).first()
    if found is None:
        raise NotFound(
            _("There is no such endpoint."), field="endpoint", remedy=_("See: segue webhooks list")
        )
    return found


def deliveries_of(endpoint: Endpoint, state: str = "") -> QuerySet[Delivery]:
    """Return an endpoint's deliveries, the latest first, of one state or of all."""
    rows = Delivery.objects.filter(endpoint=endpoint).order_by("-pk")
    return rows.filter(state=state) if state in DeliveryState.values else rows


def delivery_for(actor: Actor, delivery_id: uuid.UUID | str) -> Delivery:
    """Return one delivery of an endpoint this actor minds. Raises NotFound."""
    minded = endpoints_visible_to(actor).values("pk")
    found = Delivery.objects.filter(endpoint__in=minded, pk=delivery_id).select_related("endpoint").first()
    if found is None:
        raise NotFound(_("There is no such delivery."), field="delivery", remedy=_("Load the page again."))
    return found


def wanting(kinds: set[str]) -> list[Endpoint]:
    """Return the endpoints in use that want any of these kinds."""
    return list(Endpoint.objects.filter(removed_at=None, disabled_at=None, kinds__overlap=sorted(kinds)))


def secret_of(endpoint: Endpoint, version: int | None = None) -> str:
    """Return a signing secret as Standard Webhooks write it.

    It is worked out from the site's secret, the endpoint and a version, so that none lies in the database:
    HMAC-SHA256(SECRET_KEY, "webhook:<id>:<version>"), 32 bytes in base64 behind "whsec_".
    """
    words = f"webhook:{endpoint.pk}:{endpoint.secret_version if version is None else version}"
    raw = hmac.new(settings.SECRET_KEY.encode(), words.encode(), hashlib.sha256).digest()
    return "whsec_" + base64.b64encode(raw).decode("ascii")


def secrets_of(endpoint: Endpoint) -> list[str]:
    """Return the secrets that sign now: the present one, and the one before while its grace lasts."""
    found = [secret_of(endpoint)]
    if endpoint.old_secret_until is not None and endpoint.old_secret_until > clock.now():
        found.append(secret_of(endpoint, endpoint.secret_version - 1))
    return found
