"""Somebody with a career, from a seed: what is true about them, whatever a page makes of it."""

from __future__ import annotations

import random
import re
import unicodedata
from dataclasses import dataclass

from tests.bench.rig.resumes.tongue import Tongue
from tests.bench.rig.resumes.words_en_de import DE, EN
from tests.bench.rig.resumes.words_fr_es import ES, FR
from tests.bench.rig.resumes.words_pt_nl import NL, PT

TONGUES = {tongue.code: tongue for tongue in (EN, FR, DE, ES, PT, NL)}
ARABIC_NAMES = ("ليلى حداد", "يوسف الخطيب", "سارة منصور")
TOWNS = (
    "Marlow|Eutin|Dinard|Ronda|Tavira|Zeist|Kelso|Lannion|Husum|Cuenca|Seia|Ede"  # in no gazetteer of ours
)


@dataclass(frozen=True)
class Held:
    """A job held, or a study: months as (year, month); no end where it goes on."""

    title: str
    who: str
    city: str
    start: tuple[int, int]
    end: tuple[int, int] | None
    bullets: tuple[str, ...]


@dataclass(frozen=True)
class Life:
    """One invented person."""

    tongue: Tongue
    name: str
    email: str
    phone: str
    city: str
    country: str
    postcode: str
    jobs: tuple[Held, ...]
    studies: tuple[Held, ...]
    skills: tuple[str, ...]
    languages: tuple[str, ...]


def invent(code: str, rng: random.Random) -> Life:
    """Make somebody up."""
    tongue = TONGUES[code]
    latin = f"{rng.choice(tongue.all('first'))} {rng.choice(tongue.all('last'))}"
    name = rng.choice(ARABIC_NAMES) if rng.random() < 0.05 else latin
    jobs = _jobs(tongue, rng)
    return Life(
        tongue=tongue,
        name=name,
        email=_email(latin, rng),
        phone=re.sub("#", lambda _: str(rng.randrange(10)), rng.choice(tongue.all("phone"))),
        city=rng.choice(tongue.all("cities")),
        country=rng.choice(tongue.all("country")) if rng.random() < 0.5 else "",
        postcode=rng.choice(tongue.all("postcode")) if rng.random() < 0.5 else "",
        jobs=jobs,
        studies=_studies(tongue, rng, jobs[-1].start[0]),
        skills=tuple(rng.sample(tongue.all("skill_list"), rng.randint(4, 7))),
        languages=tuple(rng.sample(tongue.all("language_list"), rng.randint(2, 3))),
    )


def _email(name: str, rng: random.Random) -> str:
    bare = unicodedata.normalize("NFKD", name.replace("ß", "ss").replace("ı", "i").replace("ø", "o"))
    parts = re.findall(r"[a-z]+", bare.encode("ascii", "ignore").decode().lower())
    local = rng.choice(
        [".".join((parts[0], parts[-1])), parts[0][0] + parts[-1], f"{parts[-1]}{rng.randint(70, 99)}"]
    )
    return f"{local}@{rng.choice(['mail', 'post', 'inbox'])}.example"


def _jobs(tongue: Tongue, rng: random.Random) -> tuple[Held, ...]:
    """Jobs, newest first."""
    year, month = rng.randint(2021, 2025), rng.randint(1, 12)
    is_current = rng.random() < 0.7
    jobs = []
    titles = rng.sample(tongue.all("titles"), 6)
    employers = rng.sample(tongue.all("employers"), 6)
    for number in range(rng.randint(2, 5)):
        start = _before((year, month), rng.randint(7, 60))
        end = None if number == 0 and is_current else (year, month)
        bullets = tuple(rng.sample(tongue.all("sentences"), rng.randint(0, 4)))
        jobs.append(
            Held(
                _tailed(titles[number], tongue, rng),
                employers[number],
                _town(tongue, rng),
                start,
                end,
                bullets,
            )
        )
        year, month = _before(start, rng.randint(0, 5))
    return tuple(jobs)


def _tailed(title: str, tongue: Tongue, rng: random.Random) -> str:
    """One in twelve titles says more: "Staff Nurse, Excel"."""
    return f"{title}, {rng.choice(tongue.all('skill_list'))}" if rng.random() < 0.08 else title


def _town(tongue: Tongue, rng: random.Random) -> str:
    return rng.choice(tongue.all("cities")) if rng.random() < 0.7 else rng.choice(TOWNS.split("|"))


def _studies(tongue: Tongue, rng: random.Random, first_job: int) -> tuple[Held, ...]:
    count = rng.randint(1, 2)
    degrees, schools = rng.sample(tongue.all("degrees"), count), rng.sample(tongue.all("schools"), count)
    studies, year = [], first_job
    for degree, school in zip(degrees, schools, strict=True):
        studies.append(
            Held(
                degree,
                school,
                "",
                (year - rng.randint(2, 4), rng.choice((9, 10))),
                (year, rng.choice((6, 7))),
                (),
            )
        )
        year = studies[-1].start[0]
    return tuple(studies)


def _before(when: tuple[int, int], months: int) -> tuple[int, int]:
    count = when[0] * 12 + when[1] - 1 - months
    return count // 12, count % 12 + 1
