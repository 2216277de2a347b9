"""Cutting a text at its evidence, so that a template can mark it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """Characters [start, end) of a text, and what they are evidence of."""

    start: int
    end: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; a `label` means it is evidence."""

    text: str
    label: str = ""


def cut(text: str, spans: Iterable[Span]) -> list[Piece]:
    """Return the text in pieces, in order and complete; overlapping spans keep the earlier, longer one."""
    pieces: list[Piece] = []
    at = 0
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        start, end = max(0, span.start), min(len(text), span.end)
        if start < at or end <= start:
            continue
        if start > at:
            pieces.append(Piece(text[at:start]))
        pieces.append(Piece(text[start:end], span.label or text[start:end]))
        at = end
    if at < len(text):
        pieces.append(Piece(text[at:]))
    return pieces


def quote(text: str, span: Span, *, around: int = 60) -> list[Piece]:
    """Return the span with some words on either side, cut at spaces, as pieces."""
    left, right = max(0, span.start - around), min(len(text), span.end + around)
    while 0 < left < span.start and not text[left - 1].isspace():
        left += 1
    while span.end < right < len(text) and not text[right].isspace():
        right -= 1
    shifted = Span(span.start - left, span.end - left, span.label)
    pieces = cut(text[left:right], [shifted])
    before = [Piece("… ")] if left else []
    after = [Piece(" …")] if right < len(text) else []
    return before + pieces + after
