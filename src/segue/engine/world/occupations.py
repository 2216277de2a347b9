"""The occupations this employer hires for, as facts: titles, skills, licences, pay and duties.

Pay is a rough yearly figure in US dollars for the middle seniority; `Country.pay_level` scales it.
Verbs in a duty are written "present/past" so that one table serves adverts ("Plan …") and résumés
("Planned …").
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LICENCE_LABELS: dict[str, str] = {
    "nursing-registration": "Nursing registration",
    "pharmacy-registration": "Pharmacy registration",
    "physiotherapy-registration": "Physiotherapy registration",
    "teaching-qualification": "Teaching qualification",
    "driving-b": "Driving licence, cars (B)",
    "driving-c1": "Driving licence, lorries to 7.5 t (C1)",
    "driving-ce": "Driving licence, articulated lorries (CE)",
    "forklift": "Forklift licence",
    "electrician": "Electrician's licence",
    "welding-certificate": "Welding certificate",
    "refrigerant-handling": "Refrigerant handling certificate",
    "food-hygiene": "Food hygiene certificate",
    "practising-lawyer": "Admitted to practise law",
    "chartered-accountant": "Accountancy charter",
}


@dataclass(frozen=True, slots=True)
class Occupation:
    """One line of work. `skills` are labels, the first five being the core of the trade."""

    slug: str
    label: str
    department: str
    titles: tuple[str, str, str]
    local_titles: tuple[str, str, str]  # German, French, Spanish
    skills: tuple[str, ...]
    licences: tuple[str, ...]
    annual_usd: int
    hourly: bool
    remote_share: float
    popularity: float
    duties: tuple[str, ...]
    colour: tuple[str, ...]


def slug_of(label: str) -> str:
    """Kebab-case of an English label, the project's spelling of a skill.

    >>> slug_of("CI/CD"), slug_of("Intensive care")
    ('ci-cd', 'intensive-care')
    """
    return re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")


def occupation(
    label: str,
    department: str,
    *,
    titles: str,
    local: str,
    skills: str,
    usd: int,
    duties: str,
    colour: str,
    licences: str = "",
    hourly: bool = False,
    remote: float = 0.0,
    popularity: float = 1.0,
) -> Occupation:
    """An occupation from compact text: titles split at "|", skills and licences at ",", else at new lines."""
    junior, middle, senior = _cut(titles, "|")
    german, french, spanish = _cut(local, "|")
    return Occupation(
        slug=slug_of(label),
        label=label,
        department=department,
        titles=(junior, middle, senior),
        local_titles=(german, french, spanish),
        skills=_cut(skills, ","),
        licences=_cut(licences, ","),
        annual_usd=usd,
        hourly=hourly,
        remote_share=remote,
        popularity=popularity,
        duties=_cut(duties, "\n"),
        colour=_cut(colour, "\n"),
    )


def _cut(text: str, mark: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(mark) if part.strip())
