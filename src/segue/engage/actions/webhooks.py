"""Sending events outside: at least once each, always under the same id, with a day of patience."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from segue.engage.actions.messages import write_message
from segue.engage.queries.held import Held, quiet
from segue.engage.webhooks import Answer, NotDelivered, signed_headers, webhook_sender
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.queue import enqueue, enqueue_many
from segue.kit.queue_held import hold_job
from segue.listen.consuming import Told
from segue.listen.kinds import KINDS, clear_props
from segue.trust.actions.endpoints import disable_endpoint, queue_events
from segue.trust.models import Delivery, DeliveryState, Endpoint
from segue.trust.queries.endpoints import secrets_of, wanting

WAITS_S = (5, 30, 120, 600, 1800, 3600, 7200, 10_800, 14_400, 21_600, 25_200)  # about a day in all
JITTER = 0.2  # each wait is up to a fifth shorter or longer, so that a herd does not come back at once
FAILING_FOR = timedelta(days=3)  # so long without one success, and an endpoint is turned off
TOO_OLD = timedelta(days=7)  # a consumer that is rewound does not tell of last year
GONE = 410  # the receiver's own way to say: never again
WORDS_KEPT = 500
_dice = secrets.SystemRandom()

# What happened to work; behaviour is nobody else's business.
EVENTS = tuple(
    sorted(kind.name for kind in KINDS.values() if kind.purpose == "service" and kind.name.partition(".")[0]
           in {"application", "offer", "person", "job", "message"} and kind.name != "person.signed_in")
)  # fmt: skip


def queue_told(batch: Sequence[Told]) -> int:
    """Write deliveries for what the ledger told, and promise their sending; return how many.

    It runs inside the transaction that moves the consumer's place, so each event is queued exactly once.
    """
    endpoints = wanting({told.kind for told in batch})
    if not endpoints:
        return 0
    oldest = clock.now() - TOO_OLD
    events = [_event(told) for told in batch if told.at >= oldest]
    return _promise(queue_events(events, endpoints))


def _event(told: Told) -> dict[str, Any]:
    """Return an event with ids and plain props only: who wants more asks the API, with its scopes."""
    data = {
        "signal_id": told.id,
        "person_id": str(told.person_id) if told.person_id else None,
        "job_id": str(told.job_id) if told.job_id else None,
        **clear_props(KINDS[told.kind], told.props),
    }
    payload = {"type": told.kind, "timestamp": told.at.isoformat(), "data": data}
    return {
        "signal_id": told.id,
        "kind": told.kind,
        "at": told.at,
        "person_id": told.person_id,
        "payload": payload,
    }


def _promise(deliveries: Iterable[Delivery]) -> int:
    rows = [{"delivery_id": str(row.pk), "attempt": row.attempts} for row in deliveries]
    enqueue_many("engage.send_webhook", rows)
    return len(rows)


def send_soon(deliveries: Iterable[Delivery]) -> int:
    """Promise the sending of deliveries written elsewhere: a test, a replay, an endpoint turned on."""
    return _promise(deliveries)


def message_id_of(delivery: Delivery) -> str:
    """Return the id that goes with every attempt of a delivery."""
    return f"msg_{delivery.pk.hex}"


@action("engage.send_webhook_now")
def send_webhook_now(delivery_id: str, *, attempt: int, by: Actor) -> Delivery | None:
    """Make one attempt at a waiting delivery; what failed is promised again for later, or given up.

    `attempt` counts from 0; one that was made already is not made again.

    Should the process die between the receiver's yes and our commit, the job runs again and the receiver
    sees the same id twice. One that has ended, or whose endpoint is off, is left alone.
    """
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("endpoint__owner")
    delivery = rows.filter(pk=delivery_id, state=DeliveryState.WAITING, attempts=attempt).first()
    if delivery is None or delivery.endpoint.disabled_at or delivery.endpoint.removed_at:
        return delivery
    if quiet(Held.WEBHOOKS) is not None:
        hold_job("engage.send_webhook", delivery_id=delivery_id, attempt=attempt)
        return delivery
    answer, said = _try(delivery)
    delivery.attempts += 1
    delivery.last_status = answer.status if answer else None
    delivery.last_answer = said[:WORDS_KEPT]
    if answer is not None and 200 <= answer.status < 300:
        _end(delivery, DeliveryState.DELIVERED)
        if delivery.endpoint.failing_since is not None:
            delivery.endpoint.failing_since = None
            delivery.endpoint.save(update_fields=["failing_since"])
        return delivery
    _failed(delivery, gone=answer is not None and answer.status == GONE, by=by)
    return delivery


def _try(delivery: Delivery) -> tuple[Answer | None, str]:
    body = json.dumps(delivery.payload, separators=(",", ":"), sort_keys=True).encode()
    headers = signed_headers(
        message_id_of(delivery),
        at_s=int(clock.now().timestamp()),
        body=body,
        secrets=secrets_of(delivery.endpoint),
    )
    try:
        answer = webhook_sender().post(delivery.endpoint.url, body=body, headers=headers)
    except NotDelivered as failed:
        return None, str(failed)
    return answer, answer.words


def _failed(delivery: Delivery, *, gone: bool, by: Actor) -> None:
    endpoint, at = delivery.endpoint, clock.now()
    if endpoint.failing_since is None:
        endpoint.failing_since = at
        endpoint.save(update_fields=["failing_since"])
    if delivery.attempts > len(WAITS_S):
        _end(delivery, DeliveryState.DEAD)
    else:
        delivery.next_at = at + wait_after(delivery.attempts)
        delivery.save(update_fields=["attempts", "last_status", "last_answer", "next_at"])
        key, tried = str(delivery.pk), delivery.attempts
        enqueue("engage.send_webhook", run_at=delivery.next_at, delivery_id=key, attempt=tried)
    if gone:
        _turn_off(endpoint, why=_("It answered 410: it is gone."), by=by)
    elif at - endpoint.failing_since > FAILING_FOR:
        _turn_off(endpoint, why=_("Nothing could be delivered for three days."), by=by)


def wait_after(attempts: int) -> timedelta:
    """Return how long to wait after so many failed attempts, with its jitter."""
    return timedelta(seconds=WAITS_S[attempts - 1] * _dice.uniform(1 - JITTER, 1 + JITTER))


def _end(delivery: Delivery, state: DeliveryState) -> None:
    delivery.state, delivery.ended_at, delivery.next_at = state, clock.now(), None
    names = ["attempts", "last_status", "last_answer", "state", "ended_at", "next_at"]
    delivery.save(update_fields=names)


def _turn_off(endpoint: Endpoint, *, why: str, by: Actor) -> None:
    """Turn an endpoint off and write to whoever answers for it, once."""
    disable_endpoint(endpoint, why=why, by=by)
    if endpoint.owner is None or not endpoint.owner.is_active:
        return
    at: datetime = endpoint.disabled_at or clock.now()
    write_message(
        to=endpoint.owner.email,
        subject=_("Events are not sent to %s any more") % endpoint.url,
        text=_(
            "%(why)s\n\nWe have stopped sending there. What waits is kept: mend the receiver, then turn the"
            " endpoint on under Settings, Webhooks.\n"
        )
        % {"why": why},
        kind="webhook_off",
        by=by,
        once_for=f"{endpoint.pk}:{at.isoformat()}",
    )
