"""From bytes to a JSON object, never holding more than was agreed to."""

from __future__ import annotations

import base64
import binascii
import zlib
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs

import orjson

from segue.web.collect.answers import Refused
from segue.web.collect.limits import BODY_BYTES
from segue.web.collect.request import too_large

_GZIP_MAGIC = b"\x1f\x8b"


def inflate(body: bytes, encoding: str) -> bytes:
    """Return the body unpacked, if its header or first bytes say gzip; stops at the limit, bomb or not."""
    if not (body.startswith(_GZIP_MAGIC) or "gzip" in encoding):
        return body
    if body[:1] in {b"{", b"["}:  # unpacked on the way by somebody who left the header
        return body
    unpacker = zlib.decompressobj(31)
    try:
        plain = unpacker.decompress(body, BODY_BYTES + 1)
    except zlib.error:
        raise _bad_gzip() from None
    if len(plain) > BODY_BYTES:
        raise too_large()
    if not unpacker.eof:
        raise _bad_gzip()
    return plain


def _bad_gzip() -> Refused:
    return Refused(400, "bad_gzip", "The body says it is gzip, and cannot be unpacked.")


def weigh(body: bytes) -> tuple[int, int]:
    """Return about how many bytes a JSON text takes once parsed (never much fewer), and its brackets.

    `[{},{},…]` takes 24 times its size, a long text hardly more than its own: the marks tell them apart.
    """
    brackets = body.count(b"{") + body.count(b"[")
    marks = brackets + body.count(b",") + body.count(b":")
    return 4 * len(body) + 64 * marks, brackets


def parse(body: bytes) -> dict[str, Any]:
    """Return the JSON object in the body; raises Refused with what is wrong with it."""
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise _why_not(body, error) from None
    if not isinstance(said, dict):
        raise Refused(400, "not_an_object", "The body is JSON, but no object.")
    if b"\\u0000" in body:  # PostgreSQL keeps no such character
        return dict(_without_nul(said))
    return said


def _why_not(body: bytes, error: orjson.JSONDecodeError) -> Refused:
    if "depth limit" in str(error):
        return too_deep()
    try:
        body.decode()
    except UnicodeDecodeError as wrong:
        return Refused(400, "not_utf8", f"The body is not UTF-8: see byte {wrong.start}.")
    return Refused(
        400, "not_json", f"The body is not JSON: {str(error)[:120]}.", remedy="Send a JSON object."
    )


def too_deep() -> Refused:
    return Refused(400, "too_deep", "Objects and lists are nested too deeply.", remedy="Flatten them.")


def _without_nul(said: Any) -> Any:
    """Replace NUL in names and texts. What is nested too deeply for this is refused later anyway."""
    if isinstance(said, str):
        return said.replace("\x00", "\ufffd")
    try:
        if isinstance(said, list):
            return [_without_nul(one) for one in said]
        if isinstance(said, dict):
            return {_without_nul(name): _without_nul(value) for name, value in said.items()}
    except RecursionError:
        raise too_deep() from None
    return said


@lru_cache(maxsize=1024)
def key_in_header(authorization: str) -> str:
    """Return the user of Basic authentication, or ""."""
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(encoded, validate=True).decode().partition(":")[0]
    except (binascii.Error, ValueError):
        return ""


def key_in_query(query: str) -> str:
    if not query:
        return ""
    found = parse_qs(query, max_num_fields=None)
    return found.get("writeKey", [""])[0]
