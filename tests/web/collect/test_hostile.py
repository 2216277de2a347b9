"""What is meant to hurt gets its documented answer, the memory stays bounded, and others are still heard."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import pytest

from segue.listen.models import Rejected, Signal
from segue.web.collect.limits import BODY_BYTES, EVENTS
from tests.web.collect.caller import YES, Caller, receive
from tests.web.collect.test_collector import EVENT
from tests.web.collect.test_wire import bomb_of

pytestmark = [pytest.mark.peer, pytest.mark.allow_hosts(["127.0.0.1"])]
ROOM = 128 * 2**20  # the buffer, and as much for what allocators keep


@pytest.fixture(autouse=True)
def _bounded(caller: Caller, key: str) -> Iterator[None]:
    """Whatever a test does: the memory stays bounded, and the next event is heard."""
    assert caller.post("/v1/track", EVENT, key).status == 200
    Signal.objects.all().delete()
    before = caller.memory_bytes()
    assert before
    yield
    assert caller.memory_bytes() - before < ROOM
    answer = caller.post("/v1/track", EVENT, key)
    assert (answer.status, answer.body) == YES


def test_a_bomb_of_a_gigabyte(caller: Caller, key: str) -> None:
    bomb = bomb_of(1_000)
    assert caller.post("/v1/batch", bomb, key, Content_Encoding="gzip").code == (413, "too_large")
    small = bomb_of(400)
    assert len(small) < BODY_BYTES, "small enough to be read, and unpacked up to the limit"
    assert caller.post("/v1/batch", small, key).code == (413, "too_large")


def test_an_object_of_ten_million_keys(caller: Caller, key: str) -> None:
    body = b'{"batch":[{' + b",".join(b'"%d":1' % n for n in range(10_000_000)) + b"}]}"
    assert caller.post("/v1/batch", body, key).code == (413, "too_large")


def test_an_object_of_as_many_keys_as_fit(caller: Caller, key: str) -> None:
    body = (
        b'{"batch":[{"type":"page","properties":{' + b",".join(b'"%d":1' % n for n in range(50_000)) + b"}}]}"
    )
    assert len(body) < BODY_BYTES
    assert caller.post("/v1/batch", body, key).status == 200
    assert Rejected.objects.get().code == "too_large"
    assert not Signal.objects.exists()


@pytest.mark.parametrize("depth", [300, 5_000, 100_000])
def test_deep_nesting(caller: Caller, key: str, depth: int) -> None:
    deep = b'{"a":' * depth + b"1" + b"}" * depth
    assert caller.post("/v1/track", b'{"event":"x","properties":' + deep + b"}", key).code[1] in {
        "too_deep",
        "too_large",
    }


def test_a_deep_event_beside_a_good_one(caller: Caller, key: str) -> None:
    deep = b'{"a":' * 300 + b"1" + b"}" * 300
    body = b'{"batch":[' + json.dumps(EVENT).encode() + b',{"type":"page","properties":' + deep + b"}]}"
    assert caller.post("/v1/batch", body, key).status == 200
    assert (Signal.objects.count(), Rejected.objects.get().code) == (1, "too_deep")


@pytest.mark.parametrize("campaign", ["x" * 300_000, json.loads("[" * 600 + "]" * 600)])
def test_what_a_batch_says_for_all_its_events_is_small(caller: Caller, key: str, campaign: object) -> None:
    """It would be written once for each of 2,500 events: a few hundred bytes, packed, made gigabytes."""
    answer = caller.post("/v1/batch", {"context": {"campaign": campaign}, "batch": [EVENT] * 2_500}, key)
    assert answer.code[1] in {"too_large", "too_deep"}
    assert not Signal.objects.exists()


def test_neither_keys_nor_proofs_lie_about_with_what_was_refused(caller: Caller, key: str) -> None:
    proofs = {"userToken": "secret-1", "pageToken": "secret-2"}
    assert caller.post("/v1/batch", {"writeKey": key, "context": proofs}, key).code == (400, "no_batch")
    body = Rejected.objects.get().body
    assert "userToken" in body
    assert not any(secret in body for secret in ("secret-1", "secret-2", key))


def test_bytes_that_are_no_utf8(caller: Caller, key: str) -> None:
    assert caller.post("/v1/track", b'{"event":"\xff\xfe\x80"}', key).code == (400, "not_utf8")
    assert Rejected.objects.get().code == "not_utf8"


def test_characters_and_numbers_the_database_cannot_keep(caller: Caller, key: str) -> None:
    odd = (
        rb'{"type":"track","event":"a\u0000b","anonymousId":"\u0000","properties":{"\u0000k":1e308,"n":%d}}'
        % (10**29)
    )
    assert caller.post("/v1/batch", b'{"batch":[' + odd + b"]}", key).status == 200
    assert Signal.objects.get().event == "a\ufffdb"


def test_too_many_events_and_too_many_bytes(caller: Caller, key: str) -> None:
    assert caller.post("/v1/batch", {"batch": [{}] * (EVENTS + 1)}, key).code == (413, "too_many_events")
    assert caller.post("/v1/batch", {"batch": [{"a": "x" * BODY_BYTES}]}, key).code == (413, "too_large")


def test_a_body_in_chunks_without_end(caller: Caller) -> None:
    head = b"POST /v1/batch HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"
    chunk = b"10000\r\n" + bytes(65_536) + b"\r\n"
    answer = caller.say(head, *[chunk] * 200)
    assert answer.startswith(b"HTTP/1.1 413")


def test_a_body_that_never_comes_is_answered_too_slow(caller: Caller, key: str) -> None:
    head = b"POST /v1/track?writeKey=" + key.encode() + b" HTTP/1.1\r\nhost: x\r\ncontent-length: 50\r\n\r\n"
    with ExitStack() as open_ones:
        slow = [open_ones.enter_context(caller.socket()) for _ in range(50)]
        for number, one in enumerate(slow):
            one.sendall(head + (b'{"event"' if number % 2 else b""))
        assert caller.post("/v1/track", EVENT, key).status == 200, "others do not wait"
        answers = {receive(one).partition(b"\r\n")[0] for one in slow}
    assert answers == {b"HTTP/1.1 408 Request Timeout"}


def test_headers_that_never_end_are_hung_up_on(caller: Caller, key: str) -> None:
    with ExitStack() as open_ones:
        slow = [open_ones.enter_context(caller.socket()) for _ in range(200)]
        for one in slow:
            one.sendall(b"POST /v1/track HTTP/1.1\r\nhost: x\r\nx-")
        assert caller.post("/v1/track", EVENT, key).status == 200, "others do not wait"
        assert receive(slow[0])[:12] in {b"", b"HTTP/1.1 408"}


def test_many_who_send_much_at_once_are_bounded_together(caller: Caller, key: str) -> None:
    """Three hundred senders with half a megabyte each, all of it but the last byte: 150 MB to hold."""
    body = json.dumps({"batch": [{**EVENT, "properties": {"x": "y" * 20_000}}] * 24}).encode()
    head = b"POST /v1/batch?writeKey=%b HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n" % (
        key.encode(),
        len(body),
    )
    statuses = set()
    with ExitStack() as open_ones:
        many = [open_ones.enter_context(caller.socket()) for _ in range(300)]
        for one in many:
            _send(one, head + body[:-1])
        for one in many:
            _send(one, body[-1:])
        for one in many:
            statuses.add(receive(one).partition(b"\r\n")[0].split(b" ")[1])
    assert statuses <= {b"200", b"429"}
    assert b"429" in statuses


def _send(one: socket.socket, data: bytes) -> None:
    with suppress(BrokenPipeError, ConnectionResetError):
        one.sendall(data)


def test_lines_that_are_no_http(caller: Caller) -> None:
    assert caller.say(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(100))[:12] in {
        b"",
        b"HTTP/1.1 400",
    }
