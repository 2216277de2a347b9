"""Skill spotting: the longest known skill names found in a text, with where they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from segue.engine.text import fold, word_spans

# What may stand between the words of one skill name; a sentence end or a line of bullets may not.
_GAP = re.compile(r"[ \t\u00a0]*[-/&\u2010-\u2012]?[ \t\u00a0]*\n?[ \t]*|[.’']")
# "R&D" and "C'mon" are not programming languages.
_GLUE = frozenset("&'’.-")
_EXACT_LENGTH = 2


class SkillSpan(NamedTuple):
    """One skill found: its slug, and the characters [start, end) of the text that name it."""

    slug: str
    start: int
    end: int


class _Entry(NamedTuple):
    words: tuple[str, ...]
    slug: str
    exact: str  # the spelling that must match letter by letter, or "" for any case


@dataclass(frozen=True, eq=False)
class SkillVocabulary:
    """Skills to look for: pairs of (slug, labels). The first skill to claim a label keeps it.

    Labels of one or two letters must stand in the text exactly as written in the label.

    >>> SkillVocabulary([("nursing", ["nurse", "RN"])]).slugs
    ('nursing',)
    """

    skills: Sequence[tuple[str, Sequence[str]]]
    slugs: tuple[str, ...] = field(init=False)
    _by_first_word: dict[str, tuple[_Entry, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        claimed: dict[tuple[tuple[str, ...], str], _Entry] = {}
        for slug, labels in self.skills:
            for label in labels:
                words = tuple(word for word, _, _ in word_spans(label))
                exact = label if len(label) <= _EXACT_LENGTH else ""
                if words:
                    claimed.setdefault((words, exact), _Entry(words, slug, exact))
        by_first: dict[str, list[_Entry]] = {}
        for entry in claimed.values():
            by_first.setdefault(entry.words[0], []).append(entry)
        longest_first = {
            word: tuple(sorted(entries, key=lambda entry: -len(entry.words)))
            for word, entries in by_first.items()
        }
        object.__setattr__(self, "_by_first_word", longest_first)
        object.__setattr__(self, "slugs", tuple(dict.fromkeys(slug for slug, _ in self.skills)))

    def candidates(self, word: str) -> tuple[_Entry, ...]:
        """Labels that start with this folded word, longest first."""
        return self._by_first_word.get(word, ())


def find_skills(text: str, vocabulary: SkillVocabulary) -> list[SkillSpan]:
    """Spot skills by longest match, left to right, without overlap.

    Returns spans (characters, end exclusive) in reading order; a skill named twice gives two spans.
    Linear in the number of words.

    >>> words = SkillVocabulary([("sql", ["SQL"]), ("sql-server", ["SQL Server"]), ("c++", ["C++"])])
    >>> [span.slug for span in find_skills("SQL Server; C++, sql", words)]
    ['sql-server', 'c++', 'sql']
    """
    words = word_spans(text)
    found: list[SkillSpan] = []
    position = 0
    while position < len(words):
        entry = _longest_at(text, words, position, vocabulary)
        if entry is None:
            position += 1
            continue
        last = position + len(entry.words) - 1
        found.append(SkillSpan(entry.slug, words[position][1], words[last][2]))
        position = last + 1
    return found


def skills_in(text: str, vocabulary: SkillVocabulary) -> dict[str, int]:
    """How often each skill is named in the text, in order of first mention.

    >>> skills_in("Python, SQL, python", SkillVocabulary([("python", ["Python"]), ("sql", ["SQL"])]))
    {'python': 2, 'sql': 1}
    """
    counts: dict[str, int] = {}
    for span in find_skills(text, vocabulary):
        counts[span.slug] = counts.get(span.slug, 0) + 1
    return counts


def slug_of(label: str) -> str:
    """A stable ASCII-friendly name for a skill label; signs that carry meaning are spelled out.

    >>> slug_of("C++"), slug_of("C#"), slug_of(".NET"), slug_of("A/B testing")
    ('c-plus-plus', 'c-sharp', 'dot-net', 'a-b-testing')
    """
    spelled = label.replace("+", " plus ").replace("#", " sharp ")
    spelled = re.sub(r"(?<!\w)\.(?=\w)", " dot ", spelled)
    return "-".join(re.findall(r"[^\W_]+", fold(spelled)))


def _longest_at(
    text: str, words: list[tuple[str, int, int]], position: int, vocabulary: SkillVocabulary
) -> _Entry | None:
    for entry in vocabulary.candidates(words[position][0]):
        span = words[position : position + len(entry.words)]
        if tuple(word for word, _, _ in span) == entry.words and _reads_as_one(text, span, entry.exact):
            return entry
    return None


def _reads_as_one(text: str, span: list[tuple[str, int, int]], exact: str) -> bool:
    if exact:
        start, end = span[0][1], span[-1][2]
        beside = text[max(0, start - 1) : start] + text[end : end + 1]
        at_sentence_end = text[end : end + 2] in {".", ". ", ".\n"}
        return text[start:end] == exact and (at_sentence_end or not _GLUE.intersection(beside))
    return all(_GAP.fullmatch(text, left[2], right[1]) for left, right in pairwise(span))
