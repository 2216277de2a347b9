"""Names as they are compared: without order, titles, particles and accents, in any script."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from segue.engine.same_person.letters import distance, plain
from segue.engine.same_person.nicknames import forms_of

_PARTICLES = """
de da do dos das du des del della di d la las le les lo los van von vom zu zum zur der den het ter ten te
af av al el ibn bin bint abu ben mac mc o y e und i st saint sankt san santa
"""
_TITLES = """
mr mrs ms miss mx sir dame dr prof professor ing dipl mag herr frau monsieur madame mme sr sra dott
"""
PARTICLES = frozenset(_PARTICLES.split())
TITLES = frozenset(_TITLES.split())
GENERATIONS = {"jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr", "ii": "ii", "iii": "iii", "iv": "iv"}
_FOLDS = (("ue", "u"), ("oe", "o"), ("ae", "a"), ("kh", "h"), ("ph", "f"), ("ks", "x"), ("w", "v"),
          ("y", "i"), ("j", "i"), ("ck", "k"))  # fmt: skip
_TWICE = re.compile(r"(.)\1+")
_NO_VOWELS = re.compile(r"[\u0590-\u06ff]")  # scripts that leave vowels out
_VOWELS = re.compile(r"[aeiouvh]")


class Agree(IntEnum):
    """How two parts of a name stand to each other."""

    UNKNOWN = 0
    DIFFERENT = 1
    CLOSE = 2  # a slip of the pen, an initial, or one name of several
    SAME = 3


class Name(NamedTuple):
    """The words of a name that tell people apart; `unvowelled` where its script leaves vowels out."""

    given: tuple[str, ...]
    family: tuple[str, ...]
    generation: str
    unvowelled: bool


class NameMatch(NamedTuple):
    """How two names agree, part by part; `swapped` where one has them in the other order."""

    given: Agree
    family: Agree
    swapped: bool
    nickname: bool = False


@lru_cache(maxsize=200_000)
def read_name(given: str, family: str) -> Name:
    """Return the comparable form of a name. With no family name, `given` is taken for the whole name.

    >>> read_name("Dr. Ana-Maria", "van den Berg").family, read_name("Berg, Ana", "").given
    (('berg',), ('ana',))
    """
    if not family:
        given, family = split_name(given)
    firsts, lasts = plain(given).split(), plain(family).split()
    generation = next((GENERATIONS[word] for word in (*lasts[1:], *firsts[1:]) if word in GENERATIONS), "")
    own = tuple(word for word in firsts if word not in TITLES and word not in GENERATIONS) or tuple(firsts)
    bearing = tuple(w for w in lasts if w not in PARTICLES and w not in GENERATIONS) or tuple(lasts)
    return Name(own, bearing, generation, bool(_NO_VOWELS.search(given + family)))


def split_name(full: str) -> tuple[str, str]:
    """Return given and family name of a whole one: "Berg, Ana" and "Ana van den Berg" alike."""
    last, comma, first = full.partition(",")
    if comma and first.strip() and plain(first) not in GENERATIONS:
        return first.strip(), last.strip()
    words = full.replace(",", " ").split()
    start = len(words) - 1
    if start > 1 and plain(words[start]) in GENERATIONS:
        start -= 1
    while start > 1 and plain(words[start - 1]) in PARTICLES:
        start -= 1
    return (" ".join(words[:start]), " ".join(words[start:])) if start > 0 else (full, "")


@lru_cache(maxsize=200_000)
def fold(word: str) -> str:
    """Return a word with the spellings that languages exchange made one: Mueller, Müller; Dmitry, Dmitrii."""
    for seen, kept in _FOLDS:
        word = word.replace(seen, kept)
    return _TWICE.sub(r"\1", word)


def name_key(name: Name) -> str:
    """Return a key that two spellings of one name share, whatever the order of its parts.

    >>> name_key(read_name("Jürgen", "Müller")) == name_key(read_name("Mueller", "Juergen"))
    True
    """
    words = (*name.given, *name.family)
    telling = [word for word in words if word not in PARTICLES] or words
    return " ".join(sorted(fold(word) for word in telling))


def compare_names(a: Name, b: Name) -> NameMatch:
    """Compare part by part, in the order that agrees better."""
    unvowelled = a.unvowelled != b.unvowelled
    straight = _match(a.given, a.family, b.given, b.family, unvowelled)
    if straight.given == straight.family == Agree.SAME:
        return straight
    crossed = _match(a.given, a.family, b.family, b.given, unvowelled)
    if _weight(crossed) > _weight(straight) and Agree.DIFFERENT not in crossed[:2]:
        return crossed._replace(swapped=True)
    return straight


def _weight(match: NameMatch) -> int:
    return int(match.given) + int(match.family)


def _match(
    given: tuple[str, ...], family: tuple[str, ...], other_given: tuple[str, ...],
    other_family: tuple[str, ...], unvowelled: bool,
) -> NameMatch:  # fmt: skip
    firsts = compare_words(given, other_given, unvowelled, may_shorten=True)
    lasts = compare_words(family, other_family, unvowelled, may_shorten=False)
    nickname = firsts < Agree.SAME and bool(given and other_given) and _is_nickname(given[0], other_given[0])
    return NameMatch(Agree.SAME if nickname else firsts, lasts, False, nickname)


def compare_words(a: tuple[str, ...], b: tuple[str, ...], unvowelled: bool, *, may_shorten: bool) -> Agree:
    """Compare one part of two names; `may_shorten` where an initial can stand for the word."""
    if not a or not b:
        return Agree.UNKNOWN
    x, y = [fold(word) for word in a], [fold(word) for word in b]
    if x == y or "".join(x) == "".join(y):
        return Agree.SAME
    if unvowelled and _bones(x) == _bones(y):
        return Agree.SAME
    if set(x) <= set(y) or set(y) <= set(x):
        return Agree.CLOSE
    if may_shorten and 1 in (len(x[0]), len(y[0])) and x[0][0] == y[0][0]:
        return Agree.CLOSE
    return Agree.CLOSE if _is_a_slip("".join(x), "".join(y)) else Agree.DIFFERENT


def _is_nickname(a: str, b: str) -> bool:
    return bool(forms_of(a) & forms_of(b))


def _is_a_slip(a: str, b: str) -> bool:
    longest = max(len(a), len(b))
    if longest < (3 if (a + b).isascii() else 6):  # few letters say much in scripts that join them
        return False
    most = 1 if longest < 9 else 2
    return distance(a, b, most) <= most


def _bones(words: list[str]) -> str:
    return _TWICE.sub(r"\1", _VOWELS.sub("", "".join(words)))
