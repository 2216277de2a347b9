"""Bytes become a JSON object, or a refusal that says why; never more memory than agreed."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.web.collect import wire
from segue.web.collect.answers import Refused
from segue.web.collect.limits import BODY_BYTES
from tests.web.collect.caller import in_a_loop


def refusal(body: bytes) -> str:
    with pytest.raises(Refused) as refused:
        wire.parse(body)
    return refused.value.code


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        said = wire.parse(wire.inflate(body, b""))
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
    assert wire.inflate(packed, b"") == wire.inflate(packed, b"gzip") == b'{"a":1}'
    assert wire.inflate(b'{"a":1}', b"gzip") == b'{"a":1}', "unpacked on the way, header left behind"


@pytest.mark.parametrize("broken", [b"\x1f\x8bnonsense", gzip.compress(b'{"a":1}', mtime=0)[:-6]])
def test_broken_gzip_is_refused(broken: bytes) -> None:
    with pytest.raises(Refused, match="gzip"):
        wire.inflate(broken, b"gzip")


def test_a_bomb_is_never_unpacked_past_the_limit() -> None:
    bomb = bomb_of(50)
    tracemalloc.start()
    try:
        with pytest.raises(Refused) as refused:
            wire.inflate(bomb, b"")
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
    assert wire.weight_of(body) > 0.5 * weight


def test_a_body_in_pieces_is_held_piece_by_piece() -> None:
    held: list[int] = []
    assert in_a_loop(_read([b"b", b"cd", b""], held)) == b"bcd"
    assert held == [1, 4, 0]


def test_a_body_without_end_is_refused_at_the_limit() -> None:
    held: list[int] = []
    with pytest.raises(Refused, match="at most"):
        in_a_loop(_read([bytes(100_000)] * 1_000, held))
    assert sum(held) <= 2 * BODY_BYTES


async def _read(pieces: list[bytes], held: list[int]) -> bytes:
    coming = iter([(piece, n < len(pieces) - 1) for n, piece in enumerate(pieces)])

    async def receive() -> dict[str, object]:
        piece, more = next(coming)
        return {"type": "http.request", "body": piece, "more_body": more}

    return await wire.Body(receive).read(held.append)  # type: ignore[arg-type]


def test_the_key_is_the_user_of_basic_authentication() -> None:
    assert wire.key_in_header(b"Basic c2dzX2FiYzo=") == "sgs_abc"
    assert wire.key_in_header(b"basic c2dzX2FiYw==") == "sgs_abc"
    assert [wire.key_in_header(one) for one in (b"", b"Bearer x", b"Basic ?", b"Basic /w==")] == [""] * 4
    assert wire.key_in_query(b"a=1&writeKey=sgb_1") == "sgb_1"
    assert wire.key_in_query(b"") == wire.key_in_query(b"writekey=no") == ""
