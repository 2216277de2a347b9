"""Dials: settings the product turns at run time."""

from __future__ import annotations

from typing import Any

from segue.trust.models import Dial

AI_ON = "ai.on"
SAME_PEOPLE = "same_people.level"
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
