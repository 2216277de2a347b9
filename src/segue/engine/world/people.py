"""Draws the people of the world as columns: where they live, what they can do and, hidden, what they want.

Nobody is described by age, gender, origin or any other protected attribute; names and languages follow
the place. People appear where work was advertised, since adverts are what brings them to an employer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from segue.engine.world.cast import set_ada_columns, set_ada_tastes
from segue.engine.world.choice import ATTRIBUTES, TRAITS, Bools, Floats, Ints, PeopleColumns
from segue.engine.world.dice import stream
from segue.engine.world.jobs import COUNTRY_INDEX, FIT_DIMENSIONS, JobDraft, market_pay_usd
from segue.engine.world.occupations import slug_of
from segue.engine.world.occupations_office import OCCUPATIONS, SKILL_INDEX
from segue.engine.world.places import CITIES, COUNTRIES, distance_km

SOURCE_SHARES = (0.055, 0.040, 0.090, 0.815)  # in the order of records.SOURCES
NEIGHBOUR_KM = 90.0
KNOWN_SKILL_LEVEL = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class PeopleDraft:
    """n people before their history is known. `city` indexes places.CITIES, `source` records.SOURCES."""

    columns: PeopleColumns
    city: Ints
    source: Ints
    years: Ints
    skill_levels: npt.NDArray[np.float16]
    listed_skills: Bools
    interest: Floats
    acceptance: Floats


def draw_people(seed: int, count: int, jobs: JobDraft) -> PeopleDraft:
    """People around the places and trades of the employer's jobs (at least one); the first is Ada."""
    rng = stream(seed, "people")
    occupation, city = _work_and_home(rng, count, jobs)
    seniority = rng.choice(3, count, p=[0.36, 0.42, 0.22])
    interest, acceptance = rng.normal(0.0, 1.0, count), rng.normal(0.0, 0.8, count)
    source = rng.choice(len(SOURCE_SHARES), count, p=SOURCE_SHARES)
    set_ada_columns(occupation, city, seniority, source, interest)
    columns = _columns(rng, occupation, city, seniority)
    set_ada_tastes(columns)
    levels = _skill_levels(rng, occupation, seniority)
    return PeopleDraft(
        columns=columns,
        city=city,
        source=source,
        years=_working_years(rng, seniority),
        skill_levels=levels,
        listed_skills=_listed(rng, occupation, levels),
        interest=interest,
        acceptance=acceptance,
    )


def _working_years(rng: np.random.Generator, seniority: Ints) -> Ints:
    low, spread = np.array([0, 3, 7])[seniority], np.array([4.0, 7.0, 22.0])[seniority]
    return np.asarray(low + (spread * rng.beta(1.3, 1.8, len(seniority))).astype(np.int64))


def _work_and_home(rng: np.random.Generator, count: int, jobs: JobDraft) -> tuple[Ints, Ints]:
    """Occupations (mostly that of an advert nearby) and home cities (in reach of the advert's site)."""
    popularity = np.array([OCCUPATIONS[code].popularity for code in jobs.columns.occupation])
    anchor = rng.choice(len(popularity), count, p=popularity / popularity.sum())
    other = rng.integers(0, len(OCCUPATIONS), count)
    occupation = np.where(rng.random(count) < 0.88, jobs.columns.occupation[anchor], other)
    reach = _homes_near_sites(jobs)[anchor]
    draw = rng.random(count)[:, None] * reach[:, -1:]
    return occupation, np.asarray((draw >= reach).sum(axis=1), dtype=np.int64)


def _homes_near_sites(jobs: JobDraft) -> Floats:
    """Cumulative weights of home cities for each job: (jobs, cities)."""
    lat, lon = np.array([city.lat for city in CITIES]), np.array([city.lon for city in CITIES])
    country = np.array([COUNTRY_INDEX[city.country] for city in CITIES])
    km = distance_km(jobs.columns.lat[:, None], jobs.columns.lon[:, None], lat, lon)
    is_home = jobs.columns.country[:, None] == country
    is_near = (km < NEIGHBOUR_KM) | (jobs.columns.mode == 2)[:, None]
    weight = np.array([city.weight for city in CITIES])
    return np.asarray(np.cumsum(np.where(is_home & is_near, weight, 0.0), axis=1))


def _columns(rng: np.random.Generator, occupation: Ints, city: Ints, seniority: Ints) -> PeopleColumns:
    count = len(occupation)
    country = np.array([COUNTRY_INDEX[CITIES[code].country] for code in city], dtype=np.int64)
    weights = np.exp(rng.normal(0.0, 0.35, (count, len(ATTRIBUTES))))
    weights[:, -len(TRAITS) :] = rng.normal(0.45, 0.7, (count, len(TRAITS)))
    return PeopleColumns(
        occupation=occupation,
        seniority=seniority,
        country=country,
        lat=_around(rng, np.array([CITIES[code].lat for code in city])),
        lon=_around(rng, np.array([CITIES[code].lon for code in city])),
        remote_preference=_remote_preference(rng, occupation),
        willing_km=np.clip(np.round(np.exp(rng.normal(np.log(28), 0.5, count)) / 5) * 5, 5, 200),
        reservation_usd=_market_table()[occupation, country, seniority]
        * np.exp(rng.normal(-0.06, 0.15, count)),
        weights=weights,
        fit=rng.normal(0.0, 1.0, (count, FIT_DIMENSIONS)),
    )


def _around(rng: np.random.Generator, degrees: Floats) -> Floats:
    return np.round(degrees + np.clip(rng.normal(0.0, 0.04, len(degrees)), -0.1, 0.1), 4)


def _remote_preference(rng: np.random.Generator, occupation: Ints) -> Ints:
    """Half of those whose trade can be done from home would rather do so, some of them only so."""
    can_work_remotely = np.array([row.remote_share >= 0.2 for row in OCCUPATIONS])[occupation]
    wish = rng.choice(3, len(occupation), p=[0.5, 0.34, 0.16])
    return np.where(can_work_remotely, wish, 0)


def _market_table() -> Floats:
    return np.array(
        [
            [[market_pay_usd(row, place.code, level) for level in range(3)] for place in COUNTRIES]
            for row in OCCUPATIONS
        ]
    )


def _trade_skills() -> tuple[Bools, Bools]:
    """Which skills are the core of each trade, and which belong to it at all: (occupations, skills)."""
    core = np.zeros((len(OCCUPATIONS), len(SKILL_INDEX)), dtype=np.bool_)
    trade = core.copy()
    for row, occupation in enumerate(OCCUPATIONS):
        codes = [SKILL_INDEX[slug_of(label)] for label in occupation.skills]
        core[row, codes[:5]] = trade[row, codes] = True
    return core, trade


def _skill_levels(rng: np.random.Generator, occupation: Ints, seniority: Ints) -> npt.NDArray[np.float16]:
    """True levels: firm in the core of the trade, patchy in the rest of it, a little of everything else."""
    core, trade = _trade_skills()
    shape = (len(occupation), core.shape[1])
    noise = rng.random(shape, dtype=np.float32)
    has = rng.random(shape, dtype=np.float32)
    firm = (
        np.float32(0.35) + np.float32(0.12) * seniority[:, None].astype(np.float32) + np.float32(0.35) * noise
    )
    level = np.where(core[occupation] & (has < 0.93), firm, 0)
    level = np.where((trade & ~core)[occupation] & (has < 0.5), firm * np.float32(0.9), level)
    level = np.where(~trade[occupation] & (has < 0.005), np.float32(0.15) + np.float32(0.5) * noise, level)
    return np.asarray(level, dtype=np.float16)


def _listed(rng: np.random.Generator, occupation: Ints, levels: npt.NDArray[np.float16]) -> Bools:
    """Skills people list: most of what they know, and now and then one they would like to have."""
    _, trade = _trade_skills()
    draw = rng.random(levels.shape, dtype=np.float32)
    return np.asarray(((levels > KNOWN_SKILL_LEVEL) & (draw < 0.86)) | (trade[occupation] & (draw > 0.96)))
