"""The starter vocabulary: common skills with the words people use for them, written for Segue.

It is a start, not a standard: an employer's own vocabulary grows from its jobs, with a person approving.
One line is one skill: `label | synonym | synonym`; the slug comes from the label.
Labels of one or two letters match only as written here, so "R" is a language and "r" is not.
"""

from __future__ import annotations

from typing import NamedTuple

from segue.engine.lexicon import slug_of
from segue.engine.lexicon_data import care, digital, office, trades

_FAMILIES = {
    "software": digital.SOFTWARE,
    "data": digital.DATA,
    "infrastructure": digital.INFRASTRUCTURE,
    "design": digital.DESIGN,
    "health": care.HEALTH,
    "social": care.SOCIAL,
    "education": care.EDUCATION,
    "science": care.SCIENCE,
    "driving": trades.DRIVING,
    "logistics": trades.LOGISTICS,
    "trades": trades.TRADES,
    "manufacturing": trades.MANUFACTURING,
    "engineering": trades.ENGINEERING,
    "hospitality": trades.HOSPITALITY,
    "security": trades.SECURITY,
    "finance": office.FINANCE,
    "people": office.PEOPLE,
    "commerce": office.COMMERCE,
    "office": office.OFFICE,
    "legal": office.LEGAL,
    "public": office.PUBLIC,
    "shared": office.SHARED,
}


class StarterSkill(NamedTuple):
    """One skill: a stable slug, the label people see, other spellings, and its family."""

    slug: str
    label: str
    synonyms: tuple[str, ...]
    family: str

    @property
    def labels(self) -> tuple[str, ...]:
        """The label and every synonym: what the spotter looks for."""
        return (self.label, *self.synonyms)


def _read(family: str, block: str) -> list[StarterSkill]:
    lines = [[cell.strip() for cell in line.split("|")] for line in block.strip().splitlines()]
    return [StarterSkill(slug_of(label), label, tuple(synonyms), family) for label, *synonyms in lines]


STARTER_SKILLS: tuple[StarterSkill, ...] = tuple(
    skill for family, block in _FAMILIES.items() for skill in _read(family, block)
)
