"""Mia's payroll program hears of every move: signed, once under one id, and with patience when it is down."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from segue.engage.actions.webhooks import (
    EVENTS,
    FAILING_FOR,
    WAITS_S,
    message_id_of,
    send_soon,
    send_webhook_now,
)
from segue.engage.models import Message
from segue.hire.actions.applications import move_application
from segue.kit import clock
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid, NotAllowed
from segue.kit.models import QueueJob
from segue.kit.queue import work_off
from segue.listen.actions.places import rewind_consumer
from segue.listen.runner import catch_up
from segue.trust.actions.endpoints import (
    make_endpoint,
    queue_test_delivery,
    replay_delivery,
    rotate_endpoint_secret,
)
from segue.trust.models import Account, Delivery, DeliveryState, Endpoint
from segue.trust.queries.endpoints import secret_of
from tests import factories
from tests.engage.receiver import Receiver, receiving

pytestmark = [pytest.mark.allow_hosts(["127.0.0.1"]), pytest.mark.django_db(transaction=True)]
BY = Actor.machine("webhooks")


@pytest.fixture
def receiver(settings) -> Iterator[Receiver]:  # type: ignore[no-untyped-def]
    with receiving() as found:
        settings.WEBHOOK_INSIDE_HOSTS = [found.host]
        yield found


@pytest.fixture
def endpoint(receiver: Receiver, mia: Account) -> Endpoint:
    by = factories.actor(mia)
    return make_endpoint(receiver.url, kinds=["application.moved"], known=EVENTS, owner=mia, by=by)


def hear() -> None:
    """Let the consumer read what the ledger has."""
    catch_up("engage.webhooks")


def _a_test(endpoint: Endpoint) -> Delivery:
    return queue_test_delivery(endpoint, by=BY)


def _try(delivery: Delivery) -> Delivery:
    delivery.refresh_from_db()
    send_webhook_now(str(delivery.pk), attempt=delivery.attempts, by=BY)
    delivery.refresh_from_db()
    return delivery


def test_a_move_is_told_and_the_published_library_verifies_it(
    endpoint: Endpoint, receiver: Receiver, rosa: Account
) -> None:
    hear()  # it begins at the present
    application = factories.make_application()
    move_application(application, stage="screen", by=factories.actor(rosa), reason="Heliotrope")
    hear()
    work_off()
    [(_path, headers, body)] = receiver.got
    said = Webhook(secret_of(endpoint)).verify(body, headers)
    assert said["type"] == "application.moved"
    assert said["data"]["person_id"] == str(application.person_id)
    assert said["data"]["stage"] == "screen"
    assert b"Heliotrope" not in body
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts, headers["webhook-id"]) == (
        "delivered",
        1,
        message_id_of(delivery),
    )
    with pytest.raises(WebhookVerificationError):
        Webhook(secret_of(endpoint)).verify(body.replace(b"screen", b"onsite"), headers)


def test_a_consumer_rewound_tells_nothing_twice(
    endpoint: Endpoint, receiver: Receiver, rosa: Account
) -> None:
    hear()
    move_application(factories.make_application(), stage="screen", by=factories.actor(rosa))
    hear()
    rewind_consumer("engage.webhooks", position=0, by=BY)
    hear()
    work_off()
    assert len(receiver.got) == 1


def test_every_attempt_has_the_same_id_and_the_waits_make_a_day(
    endpoint: Endpoint, receiver: Receiver
) -> None:
    receiver.answers = [503] * (len(WAITS_S) + 1)
    delivery = _a_test(endpoint)
    for attempt in range(1, len(WAITS_S) + 1):
        before = clock.now()
        assert _try(delivery).state == DeliveryState.WAITING
        assert delivery.next_at is not None
        wait_s = (delivery.next_at - before).total_seconds()
        assert 0.79 * WAITS_S[attempt - 1] <= wait_s <= 1.21 * WAITS_S[attempt - 1] + 20
    assert _try(delivery).state == DeliveryState.DEAD
    assert {headers["webhook-id"] for _p, headers, _b in receiver.got} == {message_id_of(delivery)}
    assert len(receiver.got) == len(WAITS_S) + 1
    assert 0.9 <= sum(WAITS_S) / 86_400 <= 1.1
    assert _try(delivery).attempts == len(WAITS_S) + 1  # given up: nothing is sent any more


def test_what_was_given_up_can_be_sent_again_under_its_id(endpoint: Endpoint, receiver: Receiver) -> None:
    delivery = _a_test(endpoint)
    Delivery.objects.update(state=DeliveryState.DEAD, attempts=12)
    delivery.refresh_from_db()
    send_soon([replay_delivery(delivery, by=BY)])
    with pytest.raises(Conflict):
        replay_delivery(delivery, by=BY)
    work_off()
    assert receiver.got[0][1]["webhook-id"] == message_id_of(delivery)
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.DELIVERED


def test_a_redirect_is_not_followed_and_counts_as_failed(endpoint: Endpoint, receiver: Receiver) -> None:
    receiver.answers = [302]
    delivery = _try(_a_test(endpoint))
    assert (delivery.state, delivery.last_status) == ("waiting", 302)
    assert [path for path, _h, _b in receiver.got] == ["/"]


def test_little_of_a_long_answer_is_kept(endpoint: Endpoint) -> None:
    assert 0 < len(_try(_a_test(endpoint)).last_answer) <= 500


def test_a_rotated_secret_and_the_one_before_both_verify_for_a_day(
    endpoint: Endpoint, receiver: Receiver
) -> None:
    old = secret_of(endpoint)
    rotated = rotate_endpoint_secret(endpoint, by=BY)
    new = secret_of(rotated)
    assert old != new
    _try(_a_test(endpoint))
    _path, headers, body = receiver.got[-1]
    assert Webhook(old).verify(body, headers) == Webhook(new).verify(body, headers)
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        _try(_a_test(endpoint))
        _path, headers, body = receiver.got[-1]
        Webhook(new).verify(body, headers)
        with pytest.raises(WebhookVerificationError):
            Webhook(old).verify(body, headers)


def test_an_endpoint_that_fails_for_days_is_turned_off_and_its_owner_told(
    endpoint: Endpoint, receiver: Receiver
) -> None:
    receiver.answers = [500, 500]
    _try(_a_test(endpoint))
    with time_machine.travel(clock.now() + FAILING_FOR + timedelta(hours=1)):
        _try(_a_test(endpoint))
    endpoint.refresh_from_db()
    assert endpoint.disabled_at is not None
    [letter] = Message.objects.filter(kind="webhook_off")
    assert letter.to_address == endpoint.owner.email  # type: ignore[union-attr]  # it has one
    with pytest.raises(Conflict):
        _a_test(endpoint)


def test_one_success_forgives_the_failures_before(endpoint: Endpoint, receiver: Receiver) -> None:
    receiver.answers = [500]
    _try(_a_test(endpoint))
    _try(_a_test(endpoint))
    endpoint.refresh_from_db()
    assert endpoint.failing_since is None


def test_gone_is_final(endpoint: Endpoint, receiver: Receiver) -> None:
    receiver.answers = [410]
    _try(_a_test(endpoint))
    endpoint.refresh_from_db()
    assert endpoint.disabled_at is not None


def test_an_address_inside_is_never_spoken_to(mia: Account, receiver: Receiver, settings) -> None:  # type: ignore[no-untyped-def]
    settings.WEBHOOK_INSIDE_HOSTS = []
    by = factories.actor(mia)
    endpoint = make_endpoint(receiver.url, kinds=["application.moved"], known=EVENTS, owner=mia, by=by)
    delivery = _try(_a_test(endpoint))
    assert (delivery.state, delivery.last_status, receiver.got) == ("waiting", None, [])


def test_only_administrators_say_where_events_go(rosa: Account) -> None:
    with pytest.raises(NotAllowed):
        make_endpoint("https://a.example", kinds=EVENTS, known=EVENTS, owner=rosa, by=factories.actor(rosa))


@pytest.mark.parametrize("url", ["", "nonsense", "ftp://a.example", "https://u:p@a.example/", "https://a:x/"])
def test_what_is_no_address_is_refused_at_once(url: str, mia: Account) -> None:
    with pytest.raises(Invalid):
        make_endpoint(url, kinds=EVENTS, known=EVENTS, owner=mia, by=factories.actor(mia))


def test_a_failed_attempt_leaves_one_promise_of_the_next(endpoint: Endpoint, receiver: Receiver) -> None:
    receiver.answers = [500]
    send_soon([_a_test(endpoint)])
    work_off()
    [waiting] = QueueJob.objects.filter(name="engage.send_webhook")
    assert waiting.args["attempt"] == 1
    assert json.dumps(waiting.args)
