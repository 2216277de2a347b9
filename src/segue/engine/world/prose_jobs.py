"""Writes a job advert out of facts: short, warm, specific, and rarely twice the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from segue.engine.world import prose_job_tables as tables
from segue.engine.world.dice import Dice
from segue.engine.world.occupations import Occupation


@dataclass(frozen=True, slots=True)
class AdvertFacts:
    """What an advert must get right. `traits` lists the strong points of the workplace, strongest first."""

    occupation: Occupation
    title: str
    brand: str
    team: str
    city: str
    country: str
    remote_mode: str
    employment_type: str
    seniority: int
    pay: str
    required: tuple[str, ...]
    nice: tuple[str, ...]
    licences: tuple[str, ...]
    traits: tuple[str, ...]
    manager: str
    recruiter: str
    permit: str


def enumerate_words(words: Sequence[str]) -> str:
    """Words as an English list.

    >>> enumerate_words(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def in_sentence(label: str) -> str:
    """A skill's label inside a sentence: lower case unless it is a name such as Python or SQL.

    >>> in_sentence("Wound care"), in_sentence("SQL"), in_sentence("Python")
    ('wound care', 'SQL', 'Python')
    """
    first = label.split(maxsplit=1)[0]
    return label if first in PROPER_NAMES or not first[1:].islower() else label[0].lower() + label[1:]


@cache
def duty_in(duty: str, *, past: bool) -> str:
    """A duty in one tense: every "present/past" word becomes one of its halves.

    >>> duty_in("weigh/weighed flour and bake/baked bread", past=True)
    'weighed flour and baked bread'
    """
    halves = (word.partition("/") for word in duty.split(" "))
    return " ".join(after if past and mark else before for before, mark, after in halves)


def with_article(title: str) -> str:
    """A title with its indefinite article.

    >>> with_article("HVAC Technician"), with_article("UX Designer")
    ('an HVAC Technician', 'a UX Designer')
    """
    return f"{'an' if title[0] in 'AEIO' or title.startswith('HVAC') else 'a'} {title}"


def sentence_case(text: str) -> str:
    """`text` with its first letter in upper case and the rest as it is."""
    return text[:1].upper() + text[1:]


PROPER_NAMES = frozenset({
    "Python", "Django", "Docker", "Kubernetes", "Java", "Go", "Git", "React", "Airflow", "Kafka", "Apache",
    "Linux", "Terraform", "Prometheus", "Windows", "Figma", "Agile", "Active", "R",
})  # fmt: skip


def write_advert(dice: Dice, facts: AdvertFacts) -> str:
    """The text of an advert: opening, work, team, what it needs, what it gives, how hiring works."""
    slots = _slots(dice, facts)
    work, team, needs, gives, process = dice.pick(tables.HEADINGS)
    blocks = [
        _opening(dice, facts, slots),
        f"{work}\n" + "\n".join(f"- {line}" for line in _duties(dice, facts.occupation)),
        f"{team}\n{dice.pick(tables.TEAMS).format(**slots)}",
        f"{needs}\n" + " ".join(_needs(dice, facts)),
        f"{gives}\n" + _gives(dice, facts, slots),
        f"{process}\n" + dice.pick(tables.PROCESS).format(**slots) + " " + dice.pick(tables.CLOSINGS),
    ]
    return "\n\n".join(blocks)


def _slots(dice: Dice, facts: AdvertFacts) -> dict[str, str]:
    numbers = {
        "size": dice.between(4, 38), "years": dice.between(3, 27), "months": dice.between(3, 12),
        "nations": dice.between(3, 14), "days": dice.between(25, 32), "percent": dice.between(4, 11),
        "weeks": dice.between(4, 9), "minutes": dice.between(2, 9), "hours": dice.between(36, 40),
        "part": dice.between(16, 30),
    }  # fmt: skip
    words = {
        "title": facts.title,
        "a_title": with_article(facts.title),
        "brand": facts.brand,
        "team": facts.team,
        "city": facts.city,
    }
    words |= {"country": facts.country, "manager": facts.manager, "recruiter": facts.recruiter}
    return words | {name: str(value) for name, value in numbers.items()}


def _opening(dice: Dice, facts: AdvertFacts, slots: dict[str, str]) -> str:
    first = dice.pick(tables.OPENINGS).format(**slots)
    colour = dice.sample(facts.occupation.colour, dice.between(1, 2))
    project = dice.pick(tables.PROJECTS[facts.occupation.department])
    return " ".join([first, *dice.sample([*colour, project], len(colour) + 1)])


def _duties(dice: Dice, occupation: Occupation) -> list[str]:
    duties = dice.sample(occupation.duties, dice.between(3, 5))
    return [f"{sentence_case(duty_in(duty, past=False))}." for duty in duties]


def _needs(dice: Dice, facts: AdvertFacts) -> list[str]:
    lines = [dice.pick(tables.NEEDS).format(skills=_skills(facts.required))]
    lines.append(dice.pick(tables.EXPERIENCE[facts.seniority]))
    if facts.licences:
        lines.append(dice.pick(tables.LICENCES).format(licences="; ".join(facts.licences)))
    nice = dice.pick(tables.NICE).format(skills=_skills(facts.nice))
    lines.append(sentence_case(nice))
    if facts.permit:
        lines.append(f"You need a permit to work in {facts.permit}.")
    return lines


def _skills(labels: tuple[str, ...]) -> str:
    return enumerate_words([in_sentence(label) for label in labels])


def _gives(dice: Dice, facts: AdvertFacts, slots: dict[str, str]) -> str:
    lines = [f"Pay: {facts.pay}.", dice.pick(tables.EMPLOYMENT[facts.employment_type])]
    lines.append(dice.pick(tables.MODES[facts.remote_mode]))
    lines += [dice.pick(tables.TRAITS[trait]) for trait in facts.traits]
    lines += dice.sample(tables.BENEFITS, dice.between(2, 3))
    return " ".join(lines).format(**slots)
