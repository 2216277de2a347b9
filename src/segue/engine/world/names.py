"""Names, e-mail addresses and telephone numbers that are plausible and belong to nobody.

Addresses use the domains reserved for examples (RFC 2606); telephone numbers use the ranges that
regulators in the US, UK, Germany, France and Sweden set aside for fiction. Other countries get the UK
mobile range, or no number.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from segue.engine.world.dice import Dice
from segue.engine.world.names_tables import NAME_TABLES

NATIVE_SCRIPT_SHARE = 0.75
FAMILY_FIRST = {"zh": "", "ko": "", "ja": " ", "vi": " "}
MAIL_DOMAINS = ("example.com", "example.org", "example.net")
_LATIN = str.maketrans({"ł": "l", "ø": "o", "ß": "ss", "đ": "d", "ı": "i", "æ": "ae"})
_FICTIONAL_PHONES = {
    "GB": ("+44 7700 900", 3), "US": ("+1 212 555 01", 2), "CA": ("+1 416 555 01", 2),
    "DE": ("+49 30 23125 ", 3), "FR": ("+33 6 39 98 ", 4), "SE": ("+46 8 465 004 ", 2),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name as its owner writes it, with its parts and a Latin spelling."""

    full: str
    given: str
    family: str
    latin: str


Pair = tuple[str, str]


def _pairs(text: str) -> tuple[Pair, ...]:
    pairs = (token.replace("_", " ").partition(":") for token in text.split())
    return tuple((native, latin or native) for native, _, latin in pairs)


_GROUPS = {
    culture: tuple((_pairs(given), _pairs(family)) for given, family in groups)
    for culture, groups in NAME_TABLES.items()
}


def draw_name(dice: Dice, culture: str) -> PersonName:
    """A name from one culture, mostly in its own script. Raises KeyError for an unknown culture."""
    givens, families = dice.pick(_GROUPS[culture])
    given, family = dice.pick(givens), dice.pick(families)
    latin = f"{given[1]} {family[1]}"
    is_native = dice.unit() < NATIVE_SCRIPT_SHARE or given[0] == given[1]
    if not is_native:
        return PersonName(latin, given[1], family[1], latin)
    joiner = FAMILY_FIRST.get(culture)
    full = f"{given[0]} {family[0]}" if joiner is None else f"{family[0]}{joiner}{given[0]}"
    return PersonName(full, given[0], family[0], latin)


def address_stem(latin: str) -> str:
    """An ASCII local part for an e-mail address.

    >>> address_stem("Łucja O'Brien-Größe")
    'lucja.obrien-grosse'
    """
    plain = unicodedata.normalize("NFKD", latin.lower().translate(_LATIN))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9.-]", "", plain.replace(" ", "."))


class AddressBook:
    """Hands out addresses and numbers, each only once: the ranges of fiction are small."""

    def __init__(self, taken: tuple[str, ...] = ()) -> None:
        self._taken = dict.fromkeys(taken, 0)
        self._used: dict[str, int] = {}
        self._numbers: set[str] = set()

    def draw(self, dice: Dice, latin: str) -> str:
        """The next free address for a Latin spelling of a name."""
        stem, domain = address_stem(latin), dice.pick(MAIL_DOMAINS)
        while True:
            count = self._used[stem] = self._used.get(stem, 0) + 1
            address = f"{stem}{'' if count == 1 else count}@{domain}"
            if address not in self._taken:
                return address

    def once(self, number: str) -> str:
        """A number nobody had before, or "" where somebody has it."""
        if number in self._numbers:
            return ""
        self._numbers.add(number)
        return number


def draw_phone(dice: Dice, country: str) -> str:
    """A telephone number from a range reserved for fiction, or "" where the person gave none."""
    known = _FICTIONAL_PHONES.get(country)
    if dice.unit() < (0.12 if known else 0.5):
        return ""
    prefix, digits = known or _FICTIONAL_PHONES["GB"]
    return f"{prefix}{dice.below(10**digits):0{digits}d}"
