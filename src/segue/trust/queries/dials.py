"""Dials: settings the product turns at run time."""

from __future__ import annotations

from typing import Any

from segue.trust.models import Dial
from segue.trust.voluntary import EVERYWHERE_ELSE, FIRST_BY_COUNTRY, SETS

AI_ON = "ai.on"
SAME_PEOPLE = "same_people.level"
VOLUNTARY = "voluntary.by_country"  # which set of voluntary questions is asked where
OFF, SUGGEST, DO = "off", "suggest", "do"  # how much of something a machine may do by itself
LEVELS = (OFF, SUGGEST, DO)


def dial(key: str, default: Any) -> Any:
    """Return a dial's value, or the default where nobody has turned it."""
    found = Dial.objects.filter(pk=key).values_list("value", flat=True).first()
    return default if found is None else found


def ai_is_on() -> bool:
    """Say whether learned ranking is on; off, lists are newest first and say so."""
    return bool(dial(AI_ON, True))


def same_people_level() -> str:
    """Say what happens to records the rules call one person: nothing, a suggestion, or a merge with undo."""
    level = str(dial(SAME_PEOPLE, DO))
    return level if level in LEVELS else SUGGEST


def voluntary_by_country() -> dict[str, str]:
    """Return the name of the set of voluntary questions by country; "*" is everywhere else."""
    said = dial(VOLUNTARY, dict(FIRST_BY_COUNTRY))
    return {str(country): str(name) for country, name in said.items()} if isinstance(said, dict) else {}


def voluntary_set_for(country: str) -> str:
    """Return the name of the set asked in a country; "none" where nothing is."""
    by_country = voluntary_by_country()
    name = by_country.get(country) or by_country.get(EVERYWHERE_ELSE, "none")
    return name if name in SETS else "none"
