"""How right a reading is: lines that stay neighbours, and fields that are equal to the truth."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from segue.engine.resume.fields import Field, Reading
from segue.engine.text import fold
from tests.bench.rig.resumes.flow import Truth

_SKIPPED = re.compile(r"[\s•▪*·|–—-]+")


class Mark(NamedTuple):
    """One thing there was to read, or was read: is it right?"""

    kind: str
    was_there: bool
    was_read: bool
    is_right: bool
    confidence: float
    features: dict[str, float]
    told: str = ""  # what was read, or what was missed


def order_kept(flows: Sequence[Sequence[str]], text: str) -> tuple[int, int]:
    """Return (neighbouring lines that the text keeps together, neighbouring lines)."""
    bare = _bare(text)
    pairs = [(a, b) for flow in flows for a, b in pairwise(flow)]
    return sum(_bare(a) + _bare(b) in bare for a, b in pairs), len(pairs)


def _bare(text: str) -> str:
    return _SKIPPED.sub("", unicodedata.normalize("NFKC", text))


def marks(truth: Truth, reading: Reading) -> Iterator[Mark]:
    """Compare a reading with the truth, field by field."""
    for kind, value in truth.fields.items():
        found = reading.of(kind)
        right = bool(found) and _same(kind, found[0].value, value)
        yield Mark(
            kind, True, bool(found), right, *_said(found), _told(found[0].value if found else None, value)
        )
    yield from _records(truth.positions, reading.of("position"), "position", "employer")
    yield from _records(truth.studies, reading.of("education"), "education", "school")


def _records(true: Sequence[dict[str, str]], found: Sequence[Field], kind: str, who: str) -> Iterator[Mark]:
    wanted = [_record(t["title"], t["who"], t["start"], t["end"]) for t in true]
    for field in found:
        value = field.value
        told = _record(
            value.get("title", ""), value.get(who, ""), value.get("start", ""), value.get("end", "")
        )
        right = told in wanted
        if right:
            wanted.remove(told)
        yield Mark(kind, right, True, right, field.confidence, field.features, str(told))
    for missed in wanted:
        yield Mark(kind, True, False, False, 0.0, {}, f"missed {missed}")


def _told(found: object, value: str) -> str:
    return f"{found!r} for {value!r}"


def _record(title: str, who: str, start: str, end: str) -> tuple[str, str, str, str]:
    return fold(" ".join(title.split())), fold(" ".join(who.split())), start, end


def _same(kind: str, found: str, value: str) -> bool:
    if kind == "phone":
        return re.sub(r"\D", "", found) == re.sub(r"\D", "", value)
    return fold(" ".join(found.split())) == fold(value)


def _said(found: Sequence[Field]) -> tuple[float, dict[str, float]]:
    return (found[0].confidence, found[0].features) if found else (0.0, {})
