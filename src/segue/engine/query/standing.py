"""Where a term stands in a text, by the rules of the index: the same folding, the same neighbours."""

from __future__ import annotations

import re
from functools import lru_cache

from segue.engine.query.lexemes import met, pieces_of
from segue.engine.query.tree import Term
from segue.engine.text import word_spans

_NEVER = re.compile(r"(?!)")


def stands_at(term: Term, text: str) -> tuple[int, int] | None:
    """The first place (characters, end exclusive) at which the words of a term stand side by side.

    >>> stands_at(Term("intensive care", quoted=True), "In Intensive Care since 2019")
    (3, 17)
    >>> stands_at(Term("nurs", begins=True), "Nursing"), stands_at(Term("nurs"), "Nursing")
    ((0, 7), None)
    """
    wanted = [word for word, _, _ in _cut(term.text)]
    if not wanted:
        return None
    for found in _spelt(term.text, term.begins).finditer(text):
        low, high = _between_spaces(text, *found.span())
        if here := _first(wanted, text[low:high], term.begins):  # "e.js" is one word, though "js" is in it
            return low + here[0], low + here[1]
    return _first(wanted, text, term.begins)


def _between_spaces(text: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return start, end


def _first(wanted: list[str], text: str, begins: bool) -> tuple[int, int] | None:
    there = _cut(text)
    for at in range(len(there) - len(wanted) + 1):
        if _same(wanted, [word for word, _, _ in there[at : at + len(wanted)]], begins):
            return there[at][1], there[at + len(wanted) - 1][2]
    return None


@lru_cache(maxsize=256)
def _spelt(text: str, begins: bool) -> re.Pattern[str]:
    """The words as typed, which is how most stand there; what this misses is looked at word by word."""
    words = [re.escape(word) for word, start, end in word_spans(text) if text[start:end].isascii()]
    if len(words) != len(word_spans(text)) or not words:
        return _NEVER
    end = r"[^\W_]*" if begins else r"(?![^\W_]|[+#\u0300-\u036f]|\.(?:js|net))"
    return re.compile(r"(?<![^\W_.])" + r"(?:[^\w+#.]|_)+".join(words) + end, re.IGNORECASE)


@lru_cache(maxsize=2_048)
def _cut(text: str) -> list[tuple[str, int, int]]:
    return [
        (met(piece), start, end)
        for word, start, end in word_spans(text)
        for piece in pieces_of(word)
        if met(piece)
    ]


def _same(wanted: list[str], there: list[str], begins: bool) -> bool:
    if begins:
        return wanted[:-1] == there[:-1] and there[-1].startswith(wanted[-1])
    return wanted == there
