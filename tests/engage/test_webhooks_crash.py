"""A worker killed in mid-send: each event arrives, under the id of its first attempt."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest

from segue.engage.actions.webhooks import message_id_of, send_soon
from segue.kit.actor import Actor
from segue.kit.models import QueueJob
from segue.trust.actions.endpoints import make_endpoint, queue_test_delivery
from segue.trust.models import Delivery
from tests.conftest import address_of_test_database
from tests.engage.receiver import receiving

pytestmark = [
    pytest.mark.peer,
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.django_db(transaction=True),
]
BY = Actor.machine("test")
EVENTS = 20


def _worker(host: str) -> subprocess.Popen[str]:
    environment = os.environ | {
        "SEGUE_DATABASE_URL": address_of_test_database(),
        "SEGUE_WEBHOOK_INSIDE_HOSTS": host,
        "PYTHONPATH": os.pathsep.join([".", "src"]),
    }
    command = [sys.executable, "-m", "tests.engage.worker_for_webhooks"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def _until(true: Callable[[], bool], *, within_s: float = 90) -> None:
    deadline = time.monotonic() + within_s
    while not true():
        if time.monotonic() > deadline:
            pytest.fail("It never came about.")
        time.sleep(0.02)


def test_a_worker_killed_between_the_send_and_the_answer_loses_nothing() -> None:
    with receiving() as receiver:
        kinds = ["application.moved"]
        endpoint = make_endpoint(receiver.url, kinds=kinds, known=kinds, owner=None, by=BY)
        deliveries = [queue_test_delivery(endpoint, by=BY) for _ in range(EVENTS)]
        send_soon(deliveries)
        receiver.hangs = threading.Event()
        victim = _worker(receiver.host)
        try:
            _until(lambda: len(receiver.got) >= 1)
        finally:
            victim.kill()
            victim.communicate()
        first = receiver.got[0][1]["webhook-id"]
        assert not Delivery.objects.exclude(state="waiting").exists()
        receiver.hangs.set()
        receiver.hangs = None
        second = _worker(receiver.host)
        try:
            _until(lambda: not QueueJob.objects.filter(name="engage.send_webhook").exists())
        finally:
            second.kill()
            second.communicate()
        got = [headers["webhook-id"] for _path, headers, _body in receiver.got]
        assert set(got) == {message_id_of(each) for each in deliveries}
        assert got.count(first) == 2
        assert len(got) == EVENTS + 1
        assert set(Delivery.objects.values_list("state", flat=True)) == {"delivered"}
