"""A chain of records: each one's hash covers its content and the hash before it, so nothing changes unseen.

What a record says of people stands beside the chain: of it the chain knows a salted digest. To forget
somebody, the words are struck and the salt is thrown away; the digest stays, the chain still holds, and
nobody can guess the words from it. A strike is itself a record further on: it names what was struck and the
digest of what is left, so striking is no way to rewrite history unseen.

The construction is a linked time stamp (Haber and Stornetta, "How to Time-Stamp a Digital Document", 1991)
over commitments.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

BEGINNING = "0" * 64  # the hash before the first record
STRIKES = "trust.strike_lines"  # the verb of a record that strikes


@dataclass(frozen=True, slots=True)
class Link:
    """One record as it stands in the chain. `skeleton` names nobody; `content` may, and `salt` hides it."""

    position: int
    skeleton: tuple[str | int | None, ...]
    content: str
    salt: str
    digest: str
    hash: str
    struck: Mapping[str, str] = field(default_factory=dict)  # of a strike: position to digest of what is left


@dataclass(frozen=True, slots=True)
class Break:
    """The first place at which a chain does not hold, and why."""

    position: int
    why: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a chain came to: how far, its head, how many are struck, and where it broke, if it did."""

    length: int
    head: str
    struck: int
    broken: Break | None


def content_digest(content: str, salt: str) -> str:
    """Return the digest by which the chain knows a content.

    >>> content_digest("Ada", "aa") == content_digest("Ada", "ab")
    False
    """
    return hashlib.sha256(f"{salt}\n{content}".encode()).hexdigest()


def remainder_digest(position: int, content: str) -> str:
    """Return the digest of what a strike leaves: it names nobody, so it needs no salt.

    >>> remainder_digest(1, "") == remainder_digest(2, "")
    False
    """
    return hashlib.sha256(f"{position}\n{content}".encode()).hexdigest()


def link_hash(before: str, position: int, skeleton: Iterable[str | int | None], digest: str) -> str:
    """Return a record's hash: over the one before it, its place, its skeleton and its content's digest.

    >>> one = link_hash(BEGINNING, 1, ("a deed",), content_digest("", ""))
    >>> one == link_hash(one, 1, ("a deed",), content_digest("", ""))
    False
    """
    said = json.dumps([position, *skeleton], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{before}\n{said}\n{digest}".encode()).hexdigest()


def read_chain(links: Iterable[Link], *, known: Mapping[int, str] | None = None) -> Reading:
    """Read a chain from its first record to its last and say whether it holds.

    `known`: hashes noted elsewhere, by position; the chain must still pass through them. Without one, records
    cut off the end cannot be missed. Holds in memory only what was struck.

    >>> read_chain([])
    Reading(length=0, head='0000000000000000000000000000000000000000000000000000000000000000', struck=0, broken=None)
    """  # noqa: E501 - a hash is as long as it is
    before, length = BEGINNING, 0
    remains: dict[int, str] = {}
    attested: dict[int, str] = {}
    expected = dict(known or {})
    for link in links:
        why = _fault(link, before, length + 1, expected)
        if why:
            return Reading(length, before, len(remains), Break(length + 1, why))
        if not link.salt:
            remains[link.position] = remainder_digest(link.position, link.content)
        attested.update({int(position): digest for position, digest in link.struck.items()})
        before, length = link.hash, link.position
    for position in sorted(remains):
        if attested.get(position) != remains[position]:
            why = "its words were struck or changed, and no erasure says so"
            return Reading(length, before, len(remains), Break(position, why))
    late = min((position for position in expected if position > length), default=0)
    broken = Break(length + 1, f"the chain ends before {late}, whose hash was noted") if late else None
    return Reading(length, before, len(remains), broken)


def _fault(link: Link, before: str, place: int, expected: Mapping[int, str]) -> str:
    if link.position != place:
        return f"a line is missing: {link.position} stands where {place} should"
    if link.salt and content_digest(link.content, link.salt) != link.digest:
        return "its words are not those that were sealed"
    if link_hash(before, link.position, link.skeleton, link.digest) != link.hash:
        return "the deed, its actor, subject or time is not what was sealed, or another line stands before it"
    if link.position in expected and expected[link.position] != link.hash:
        return "its hash is not the one noted elsewhere: the chain was made anew"
    return ""
