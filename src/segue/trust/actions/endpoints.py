"""Endpoints: made, changed, turned off and on; events queued for them, and given another chance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid, NotAllowed
from segue.trust.models import Account, Delivery, DeliveryState, Endpoint
from segue.trust.queries.keys import MINDERS

GRACE = timedelta(hours=24)  # both secrets sign for a day
KEPT_FOR = timedelta(days=30)  # then a delivery that has ended is forgotten
LONGEST_URL = 500


@action("trust.make_endpoint")
def make_endpoint(
    url: str, *, kinds: Sequence[str], known: Iterable[str], by: Actor, note: str = "", owner: Account | None
) -> Endpoint:
    """Begin to send these kinds of events to an address; `known` are the kinds there are.

    Whether the address may be spoken to is asked at each sending: names can change what they mean.
    Raises NotAllowed unless an administrator or our own command asks, Invalid for the address or a kind.
    """
    _minders_only(by)
    return Endpoint.objects.create(
        url=_checked_url(url), kinds=_checked_kinds(kinds, known), note=note.strip()[:200], owner=owner
    )


@action("trust.edit_endpoint")
def edit_endpoint(
    endpoint: Endpoint, *, url: str, kinds: Sequence[str], known: Iterable[str], note: str, by: Actor
) -> Endpoint:
    """Change where events go and which. Raises NotAllowed, Invalid."""
    _minders_only(by)
    endpoint.url, endpoint.kinds = _checked_url(url), _checked_kinds(kinds, known)
    endpoint.note = note.strip()[:200]
    endpoint.save(update_fields=["url", "kinds", "note"])
    return endpoint


@action("trust.rotate_endpoint_secret")
def rotate_endpoint_secret(endpoint: Endpoint, *, by: Actor) -> Endpoint:
    """Let a new secret sign; the one before signs beside it for a day. Raises NotAllowed."""
    _minders_only(by)
    held = Endpoint.objects.select_for_update().get(pk=endpoint.pk)
    held.secret_version += 1
    held.old_secret_until = clock.now() + GRACE
    held.save(update_fields=["secret_version", "old_secret_until"])
    return held


@action("trust.disable_endpoint")
def disable_endpoint(endpoint: Endpoint, *, why: str, by: Actor) -> Endpoint:
    """Send nothing more there; what waits goes on waiting. Raises NotAllowed."""
    _minders_only(by)
    endpoint.disabled_at, endpoint.disabled_why = clock.now(), why[:200]
    endpoint.save(update_fields=["disabled_at", "disabled_why"])
    return endpoint


@action("trust.enable_endpoint")
def enable_endpoint(endpoint: Endpoint, *, by: Actor) -> list[Delivery]:
    """Send there again; returns the deliveries that waited meanwhile. Raises NotAllowed."""
    _minders_only(by)
    endpoint.disabled_at, endpoint.disabled_why, endpoint.failing_since = None, "", None
    endpoint.save(update_fields=["disabled_at", "disabled_why", "failing_since"])
    return list(Delivery.objects.filter(endpoint=endpoint, state=DeliveryState.WAITING).order_by("pk"))


@action("trust.remove_endpoint")
def remove_endpoint(endpoint: Endpoint, *, removed: bool = True, by: Actor) -> Endpoint:
    """Take an endpoint away, or bring it back; its deliveries stay with it. Raises NotAllowed."""
    _minders_only(by)
    endpoint.removed_at = clock.now() if removed else None
    endpoint.save(update_fields=["removed_at"])
    return endpoint


@action("trust.queue_test_delivery")
def queue_test_delivery(endpoint: Endpoint, *, by: Actor) -> Delivery:
    """Write a test event for one endpoint. Raises NotAllowed, Conflict where nothing is sent there."""
    _minders_only(by)
    if endpoint.disabled_at is not None:
        raise Conflict(_("Nothing is sent there now."), field="endpoint", remedy=_("Turn it on first."))
    payload = {"type": "webhook.test", "timestamp": clock.now().isoformat(), "data": {}}
    return Delivery.objects.create(endpoint=endpoint, kind="webhook.test", payload=payload)


@action("trust.replay_delivery")
def replay_delivery(delivery: Delivery, *, by: Actor) -> Delivery:
    """Give a delivery that has ended a new day of attempts, under the same id.

    Raises NotAllowed, Conflict while it still waits or nothing is sent there.
    """
    _minders_only(by)
    held = Delivery.objects.select_for_update(of=("self",)).select_related("endpoint").get(pk=delivery.pk)
    if held.state == DeliveryState.WAITING or held.endpoint.disabled_at or held.endpoint.removed_at:
        raise Conflict(
            _("This delivery cannot be sent again now."),
            field="delivery",
            remedy=_("It waits for its turn already, or its endpoint is off."),
        )
    held.state, held.attempts, held.ended_at, held.next_at = DeliveryState.WAITING, 0, None, clock.now()
    held.save(update_fields=["state", "attempts", "ended_at", "next_at"])
    return held


def queue_events(events: Iterable[dict[str, Any]], endpoints: Sequence[Endpoint]) -> list[Delivery]:
    """Write one delivery for each event and each endpoint that wants it; those already there are left.

    An event is {"signal_id", "kind", "at", "person_id", "payload"}. What happened before an endpoint was made
    is not for it. Returns the new deliveries.
    """
    rows = [
        Delivery(
            endpoint=endpoint,
            signal_id=event["signal_id"],
            person_id=event["person_id"],
            kind=event["kind"],
            payload=event["payload"],
        )
        for event in events
        for endpoint in endpoints
        if event["kind"] in endpoint.kinds and event["at"] >= endpoint.created_at
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    stored = set(Delivery.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    return [row for row in rows if row.pk in stored]


@action("trust.give_up_deliveries")
def give_up_deliveries(ids: Sequence[str], *, why: str, by: Actor) -> int:
    """End waiting deliveries without another attempt; they can be sent again like any given up."""
    _minders_only(by)
    waiting = Delivery.objects.filter(pk__in=ids, state=DeliveryState.WAITING)
    return waiting.update(state=DeliveryState.DEAD, ended_at=clock.now(), next_at=None, last_answer=why[:500])


def drop_old_deliveries() -> int:
    """Forget deliveries that ended more than a month ago; return how many."""
    ended = Delivery.objects.exclude(state=DeliveryState.WAITING)
    return ended.filter(created_at__lt=clock.now() - KEPT_FOR).delete()[0]


def _checked_url(url: str) -> str:
    text = url.strip()
    try:
        parts = urlsplit(text)
        _port = parts.port
        host = parts.hostname
    except ValueError:
        host = None
    if not host or parts.scheme not in {"https", "http"} or len(text) > LONGEST_URL or not text.isprintable():
        raise Invalid(
            _("This is not an address to send to."),
            field="url",
            remedy=_("Write it like https://hooks.example.com/segue."),
        )
    if parts.username or parts.password:
        raise Invalid(
            _("An address must not hold a password."),
            field="url",
            remedy=_("Leave it out: each message is signed."),
        )
    return text


def _checked_kinds(kinds: Sequence[str], known: Iterable[str]) -> list[str]:
    there_are = set(known)
    wanted = sorted(set(kinds))
    if not wanted or set(wanted) - there_are:
        raise Invalid(
            _("Choose the events to send."),
            field="kinds",
            remedy=_("There are: %s.") % ", ".join(sorted(there_are)),
        )
    return wanted


def _minders_only(by: Actor) -> None:
    if by.role not in MINDERS:
        raise NotAllowed(_("Only an administrator says where events go."), remedy=_("Ask one."))
