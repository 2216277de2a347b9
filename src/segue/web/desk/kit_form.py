"""The form of an interview kit: a block a competency, and two empty ones to add more."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import QueryDict
from django.utils.translation import gettext as _

from segue.hire.actions.kits import MOST_COMPETENCIES, KitWords
from segue.hire.models import Competency, Kit
from segue.hire.queries.kits import FIRST_HOURS
from segue.kit.errors import Invalid

EMPTY = 2


def competencies_for(kit: Kit | None) -> list[Competency]:
    """Return the blocks a form begins with, two of them empty."""
    known = kit.looked_for if kit else []
    return [*known, *[Competency("", "") for _at in range(min(EMPTY, MOST_COMPETENCIES - len(known)))]]


def read_kit(said: QueryDict) -> KitWords:
    """Return what was typed; a block without a word is no competency. Raises Invalid for a clock in words."""
    places = range(MOST_COMPETENCIES + EMPTY)
    blocks = [_competency(said, at) for at in places if f"name-{at}" in said and not said.get(f"goes-{at}")]
    return KitWords(
        purpose=said.get("purpose", ""),
        questions=said.get("questions", "").splitlines(),
        competencies=[each for each in blocks if _has_words(each)],
        due_hours=_hours(said.get("due_hours", "")),
        decide_hours=_hours(said.get("decide_hours", "")),
    )


def _competency(said: QueryDict, at: int) -> Competency:
    first, second, third, fourth = (said.get(f"anchor-{at}-{level}", "") for level in (1, 2, 3, 4))
    return Competency(
        key=said.get(f"key-{at}", "")[:60],
        name=said.get(f"name-{at}", ""),
        guidance=said.get(f"guidance-{at}", ""),
        anchors=(first, second, third, fourth),
    )


def _has_words(each: Competency) -> bool:
    words: Sequence[str] = (each.name, each.guidance, *each.anchors)
    return any(text.strip() for text in words)


def _hours(text: str) -> int:
    text = text.strip() or str(FIRST_HOURS)
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise Invalid(
            _("A clock is a number of hours."), field="due_hours", remedy=_("For two days write 48.")
        )
    return int(text)
