"""Bytes become a JSON object, or a refusal that says why; never more memory than agreed."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Sequence
from types import SimpleNamespace
from typing import cast

import orjson
import pytest
from granian.rsgi import ProtocolClosed, Scope
from hypothesis import given
from hypothesis import strategies as st

from segue.web.collect import wire
from segue.web.collect.answers import Headers, Refused
from segue.web.collect.limits import BODY_BYTES
from segue.web.collect.request import Request
from tests.web.collect.caller import in_a_loop


def refusal(body: bytes) -> str:
    with pytest.raises(Refused) as refused:
        wire.parse(body)
    return refused.value.code


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        said = wire.parse(wire.inflate(body, ""))
    except Refused:
        return
    assert isinstance(said, dict)


def test_each_kind_of_nonsense_has_its_name() -> None:
    assert refusal(b"{") == "not_json"
    assert refusal(b'{"a": NaN}') == "not_json"
    assert refusal(b'{"a": "\xff\xfe"}') == "not_utf8"
    assert refusal(b"[1]") == "not_an_object"
    assert refusal(b'{"a":' * 5_000 + b"1" + b"}" * 5_000) == "too_deep"


def test_a_character_the_database_cannot_keep_is_replaced_everywhere() -> None:
    said = wire.parse(rb'{"a\u0000": ["\u0000b", {"c": "d\u0000"}], "e": "\\u0000"}')
    assert said == {"a\ufffd": ["\ufffdb", {"c": "d\ufffd"}], "e": "\\u0000"}


def test_gzip_is_known_by_its_header_or_by_its_first_bytes() -> None:
    packed = gzip.compress(b'{"a":1}', mtime=0)
    assert wire.inflate(packed, "") == wire.inflate(packed, "gzip") == b'{"a":1}'
    assert wire.inflate(b'{"a":1}', "gzip") == b'{"a":1}', "unpacked on the way, header left behind"


@pytest.mark.parametrize("broken", [b"\x1f\x8bnonsense", gzip.compress(b'{"a":1}', mtime=0)[:-6]])
def test_broken_gzip_is_refused(broken: bytes) -> None:
    with pytest.raises(Refused, match="gzip"):
        wire.inflate(broken, "gzip")


def test_a_bomb_is_never_unpacked_past_the_limit() -> None:
    bomb = bomb_of(50)
    tracemalloc.start()
    try:
        with pytest.raises(Refused) as refused:
            wire.inflate(bomb, "")
        assert tracemalloc.get_traced_memory()[1] < 6 * BODY_BYTES
    finally:
        tracemalloc.stop()
    assert refused.value.code == "too_large"


def bomb_of(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = bytes(2**20)
    return b"".join(packer.compress(zeros) for _ in range(megabytes)) + packer.flush()


@pytest.mark.parametrize("one", [b"{}", b"1.5", b'"ab"', b"[]"])
def test_what_a_text_weighs_once_parsed_is_not_underrated(one: bytes) -> None:
    body = b"[" + b",".join([one] * 50_000) + b"]"
    tracemalloc.start()
    held = orjson.loads(body)
    weight, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held
    assert wire.weigh(body)[0] > 0.5 * weight


def test_a_body_in_pieces_is_held_piece_by_piece() -> None:
    held: list[int] = []
    assert in_a_loop(_read([b"b", b"cd", b""], held)) == b"bcd"
    assert held == [2, 4, 0]


def test_a_body_without_end_is_refused_at_the_limit() -> None:
    held: list[int] = []
    with pytest.raises(Refused, match="at most"):
        in_a_loop(_read([bytes(100_000)] * 1_000, held))
    assert sum(held) <= 2 * BODY_BYTES


def test_a_short_body_lies_in_the_servers_buffer_until_it_is_whole() -> None:
    held: list[int] = []
    assert in_a_loop(_read([b"b", b"cd"], held, {"content-length": "3"})) == b"bcd"
    assert held == []


@pytest.mark.parametrize("length", ["", "-1", "\u0663", "1e9", "70000"])
def test_a_length_that_says_nothing_or_much_is_read_in_pieces(length: str) -> None:
    held: list[int] = []
    assert in_a_loop(_read([b"b", b"cd"], held, {"content-length": length})) == b"bcd"
    assert held == [2, 4]


def test_a_declared_length_over_the_limit_is_refused_unread() -> None:
    with pytest.raises(Refused, match="at most"):
        in_a_loop(_read([b"x"], [], {"content-length": str(BODY_BYTES + 1)}))


@pytest.mark.parametrize("headers", [{}, {"content-length": "30"}])
def test_a_sender_that_goes_away_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(Refused, match="ended early"):
        in_a_loop(_read([b"half", ProtocolClosed()], [], headers))


class _Connection:
    """What granian gives us of a connection, on a body that lies here."""

    def __init__(self, pieces: Sequence[bytes | Exception]) -> None:
        self._coming = iter(pieces)

    async def __call__(self) -> bytes:
        return b"".join([piece async for piece in self])

    def __aiter__(self) -> _Connection:
        return self

    async def __anext__(self) -> bytes:
        for piece in self._coming:
            if isinstance(piece, Exception):
                raise piece
            return piece
        raise StopAsyncIteration

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None:
        raise AssertionError("nobody answers here")


async def _read(
    pieces: Sequence[bytes | Exception], held: list[int], headers: dict[str, str] | None = None
) -> bytes:
    scope = SimpleNamespace(method="POST", path="/v1/batch", headers=headers or {})
    return await Request(cast(Scope, scope), _Connection(pieces)).body(held.append)


def test_the_key_is_the_user_of_basic_authentication() -> None:
    assert wire.key_in_header("Basic c2dzX2FiYzo=") == "sgs_abc"
    assert wire.key_in_header("basic c2dzX2FiYw==") == "sgs_abc"
    assert [wire.key_in_header(one) for one in ("", "Bearer x", "Basic ?", "Basic /w==")] == [""] * 4
    assert wire.key_in_query("a=1&writeKey=sgb_1") == "sgb_1"
    assert wire.key_in_query("") == wire.key_in_query("writekey=no") == ""
