"""Faults, done on purpose to copies in memory, so that what each costs can be measured. Nothing is stored."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np

from segue.catalog.models import Job, Person
from segue.learn.texts import Words, words_of_job, words_of_person

_UNKNOWN = "zz-no-such-skill"
_FAR_DEGREES = 8.0  # some 900 km north or south


@dataclass(frozen=True, slots=True)
class Profile:
    """A copy of somebody with what is read of them."""

    person: Person
    resume: str
    titles: tuple[str, ...]

    @property
    def words(self) -> Words:
        return words_of_person(self.person, self.resume, list(self.titles))


Rng = np.random.Generator
OfPerson = Callable[[Profile, Rng], Profile]
OfJob = Callable[[Job, Rng], Job]


def _with(row: Any, **said: Any) -> Any:
    other = copy.copy(row)
    for name, value in said.items():
        setattr(other, name, value)
    return other


def _person(profile: Profile, **said: Any) -> Profile:
    return replace(profile, person=_with(profile.person, **said))


def _one_unknown(skills: list[str], rng: Rng) -> list[str]:
    """One of them misspelt, as an import would bring it."""
    at = int(rng.integers(len(skills))) if skills else -1
    return [_UNKNOWN if number == at else slug for number, slug in enumerate(skills)]


def _elsewhere(lat: float | None) -> float | None:
    return None if lat is None else lat - _FAR_DEGREES if lat > 0 else lat + _FAR_DEGREES


def _garbled(text: str) -> str:
    return text.encode().decode("latin-1")


def _in_the_wrong_period(row: Any) -> str:
    return "month" if row == "year" else "year"


def _tenfold(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else amount * 10


PEOPLE: Mapping[str, OfPerson] = {
    "skill_unknown": lambda p, rng: _person(p, skills=_one_unknown(p.person.skills, rng)),
    "skills_missing": lambda p, _: _person(p, skills=[]),
    "titles_missing": lambda p, _: replace(_person(p, headline=""), titles=()),
    "resume_missing": lambda p, _: replace(p, resume=""),
    "words_garbled": lambda p, _: replace(
        _person(p, headline=_garbled(p.person.headline)), resume=_garbled(p.resume)
    ),
    "place_missing": lambda p, _: _person(p, lat=None, lon=None, city=""),
    "place_wrong": lambda p, _: _person(p, lat=_elsewhere(p.person.lat)),
    "country_missing": lambda p, _: _person(p, country=""),
    "pay_missing": lambda p, _: _person(p, pay_floor=None),
    "pay_wrong": lambda p, _: _person(p, pay_floor=_tenfold(p.person.pay_floor)),
}
JOBS: Mapping[str, OfJob] = {
    "job_skills_missing": lambda job, _: _with(job, required_skills=[], nice_skills=[]),
    "job_description_missing": lambda job, _: _with(job, description=""),
    "job_title_missing": lambda job, _: _with(job, title=""),
    "job_place_wrong": lambda job, _: _with(job, lat=_elsewhere(job.lat)),
    "job_pay_missing": lambda job, _: _with(job, pay_min=None, pay_max=None),
    "job_pay_wrong": lambda job, _: _with(job, pay_period=_in_the_wrong_period(job.pay_period)),
}


def touches(before: Profile | Job, after: Profile | Job) -> bool:
    """Say whether a damage changed anything: whoever says no town cannot lose it, and tells us nothing."""
    return _read(before) != _read(after)


def _read(one: Profile | Job) -> tuple[Any, ...]:
    row: Any = one if isinstance(one, Job) else one.person
    names = ("skills", "lat", "city", "country", "pay_floor", "pay_period", "pay_min", "required_skills")
    words = words_of_job(one) if isinstance(one, Job) else one.words
    return (words, *(getattr(row, name, None) for name in names))
