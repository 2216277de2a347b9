"""Draws the employer's jobs, past and open: where, what, for how much, and the advert that says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

import numpy as np

from segue.engine.world.choice import MODES, TRAITS, Floats, JobColumns
from segue.engine.world.dice import Dice, stream
from segue.engine.world.employer import BRAND_OF, DEPARTMENTS
from segue.engine.world.occupations import LICENCE_LABELS, Occupation, slug_of
from segue.engine.world.occupations_office import OCCUPATION_INDEX, OCCUPATIONS
from segue.engine.world.places import COUNTRIES, COUNTRY, PAY_FLOOR_USD, SITES, USD_RATES, City
from segue.engine.world.prose_jobs import AdvertFacts, write_advert
from segue.engine.world.records import Job, StaffMember

SENIORITY_PAY = (0.80, 1.0, 1.32)
SENIORITY_SHARES = ((0, 0.32), (1, 0.45), (2, 0.23))
EMPLOYMENT_SHARES = (("full_time", 0.77), ("part_time", 0.12), ("contract", 0.06), ("temporary", 0.05))
PERIODS_PER_YEAR = {"year": 1.0, "month": 12.0, "hour": 1950.0}
OPEN_WINDOW_DAYS, PAST_FROM_DAYS, PAST_TO_DAYS, ADVERT_DAYS = 75, 540, 150, 60
SPONSOR_SHARE, FIT_DIMENSIONS = 0.4, 6
COUNTRY_INDEX = {row.code: index for index, row in enumerate(COUNTRIES)}


@dataclass(frozen=True, slots=True, eq=False)
class JobDraft:
    """Jobs before history has decided how they end: records with a provisional status, and their columns."""

    jobs: tuple[Job, ...]
    columns: JobColumns


class _Terms(NamedTuple):
    """What a post pays and how long its advert stands."""

    low: float
    high: float
    period: str
    posted_at: datetime
    valid_through: datetime


class _Desk(NamedTuple):
    """What every advert of one world shares."""

    today: date
    managers: dict[str, list[StaffMember]]
    recruiters: list[StaffMember]
    departments: dict[str, list[str]]


def market_pay_usd(occupation: Occupation, country: str, seniority: int) -> float:
    """Usual yearly pay in US dollars, never below what full-time work must pay by law in `country`."""
    floor = PAY_FLOOR_USD.get(country, 0.0)
    middle = max(occupation.annual_usd * COUNTRY[country].pay_level, floor * 1.1)
    return max(middle * SENIORITY_PAY[seniority], floor * 1.02)


def draw_jobs(
    seed: int, open_jobs: int, past_jobs: int, staff: tuple[StaffMember, ...], today: date
) -> JobDraft:
    """All jobs, the past ones first, in the order of their external ids."""
    rng, total = stream(seed, "jobs"), open_jobs + past_jobs
    dice, desk = Dice(rng), _open_desk(stream(seed, "sites"), staff, today)
    traits = np.clip(rng.normal(0.0, 0.6, (total, len(TRAITS))), -1.0, 1.0)
    jobs, pay = [], np.zeros(total)
    for index in range(total):
        job, pay[index] = _draw_job(dice, desk, index, index >= past_jobs, traits[index])
        jobs.append(job)
    fit = rng.normal(0.0, 1.0, (total, FIT_DIMENSIONS)) / np.sqrt(FIT_DIMENSIONS)
    return JobDraft(tuple(jobs), _columns(jobs, pay, traits, fit))


def _columns(jobs: list[Job], pay: Floats, traits: Floats, fit: Floats) -> JobColumns:
    return JobColumns(
        occupation=np.array([OCCUPATION_INDEX[job.occupation] for job in jobs], dtype=np.int64),
        seniority=np.array([job.seniority for job in jobs], dtype=np.int64),
        country=np.array([COUNTRY_INDEX[job.country] for job in jobs], dtype=np.int64),
        lat=np.array([job.lat for job in jobs]),
        lon=np.array([job.lon for job in jobs]),
        mode=np.array([MODES.index(job.remote_mode) for job in jobs], dtype=np.int64),
        pay_usd=pay,
        traits=traits,
        fit=fit,
    )


def _open_desk(rng: np.random.Generator, staff: tuple[StaffMember, ...], today: date) -> _Desk:
    managers = {
        term.slug: [one for one in staff if one.role == "hiring_manager" and one.department == term.slug]
        for term in DEPARTMENTS
    }
    dice, departments = Dice(rng), {}
    for (
        site
    ) in SITES:  # a site hosts some departments only, so that its jobs have something to do with each other
        departments[site.name] = dice.sample([term.slug for term in DEPARTMENTS], dice.between(5, 8))
    return _Desk(today, managers, [one for one in staff if one.role == "recruiter"], departments)


def _draw_job(dice: Dice, desk: _Desk, index: int, is_open: bool, traits: Floats) -> tuple[Job, float]:
    site = dice.weighted([(city, city.weight) for city in SITES])
    here = desk.departments[site.name]
    occupation = dice.weighted([(row, row.popularity) for row in OCCUPATIONS if row.department in here])
    seniority = dice.weighted(SENIORITY_SHARES)
    employment = dice.weighted(EMPLOYMENT_SHARES)
    if seniority == 0 and not occupation.licences and dice.unit() < 0.1:
        employment = "internship"
    usd = market_pay_usd(occupation, site.country, seniority) * (0.92 + 0.2 * dice.unit())
    usd = usd * 0.7 if employment == "internship" else usd
    period = COUNTRY[site.country].pay_period
    period = "hour" if occupation.hourly and period == "year" else period
    terms = _Terms(
        *_pay_range(dice, usd, site.country, period), period, *_advert_window(dice, desk.today, is_open)
    )
    people = dice.pick(desk.managers[occupation.department]), dice.pick(desk.recruiters)
    facts = _facts(dice, occupation, site, seniority, employment, traits, people, terms)
    return _record(dice, index, is_open, facts, site, terms, people), usd


def _advert_window(dice: Dice, today: date, is_open: bool) -> tuple[datetime, datetime]:
    ago = dice.between(1, OPEN_WINDOW_DAYS) if is_open else dice.between(PAST_TO_DAYS, PAST_FROM_DAYS)
    clock = time(dice.between(7, 15), dice.below(60), tzinfo=UTC)
    posted = datetime.combine(today - timedelta(days=ago), clock)
    left = dice.between(3, 60) if is_open else ADVERT_DAYS - ago
    return posted, datetime.combine(today + timedelta(days=left), time(22, 0, tzinfo=UTC))


def _pay_range(dice: Dice, usd: float, country: str, period: str) -> tuple[float, float]:
    spread = 0.05 + 0.09 * dice.unit()
    scale = USD_RATES[COUNTRY[country].currency] / PERIODS_PER_YEAR[period]
    floor = PAY_FLOOR_USD.get(country, 0.0) * 0.7
    low = round_pay(max(usd * (1 - spread), floor) * scale)
    return low, max(low, round_pay(usd * (1 + spread) * scale))


def round_pay(amount: float) -> float:
    """Pay as an employer would print it: about three significant figures, ending in 0 or 5.

    >>> round_pay(41873.0), round_pay(17.386)
    (42000.0, 17.4)
    """
    step = 10.0 ** (np.floor(np.log10(amount)) - 2) * 5 if amount >= 100 else 0.05 if amount < 20 else 0.1
    return round(float(np.round(amount / step) * step), 2)


def _facts(
    dice: Dice,
    occupation: Occupation,
    site: City,
    seniority: int,
    employment: str,
    traits: Floats,
    people: tuple[StaffMember, StaffMember],
    terms: _Terms,
) -> AdvertFacts:
    core = dice.sample(occupation.skills[:5], dice.between(2, 4))
    others = dice.sample([skill for skill in occupation.skills if skill not in core], dice.between(3, 5))
    extra = dice.between(0, 2)
    country = COUNTRY[site.country]
    title = occupation.titles[seniority]
    return AdvertFacts(
        occupation=occupation,
        title=f"{title} (Internship)" if employment == "internship" else title,
        brand=BRAND_OF[occupation.department].name,
        team=_TEAM_NAMES[occupation.department],
        city=site.name,
        country=_in_prose(country.name),
        remote_mode=_remote_mode(dice, occupation),
        employment_type=employment,
        seniority=seniority,
        pay=_pay_words(country.currency, terms),
        required=tuple(core + others[:extra]),
        nice=tuple(others[extra:]),
        licences=tuple(LICENCE_LABELS[slug] for slug in _licences(occupation, seniority)),
        traits=tuple(TRAITS[t] for t in np.argsort(-traits, kind="stable").tolist() if traits[t] > 0.3)[:3],
        manager=people[0].given_name,
        recruiter=people[1].given_name,
        permit="" if dice.unit() < SPONSOR_SHARE else _in_prose(country.name),
    )


def _pay_words(currency: str, terms: _Terms) -> str:
    digits = 2 if terms.period == "hour" else 0
    return f"{currency} {terms.low:,.{digits}f} to {terms.high:,.{digits}f} {_PER[terms.period]}"


def _licences(occupation: Occupation, seniority: int) -> tuple[str, ...]:
    """Licences a post needs; lead drivers take the articulated lorries as well."""
    extra = ("driving-ce",) if occupation.slug == "truck-driver" and seniority == 2 else ()
    return occupation.licences + extra


def _remote_mode(dice: Dice, occupation: Occupation) -> str:
    draw = dice.unit()
    if draw < occupation.remote_share * 0.5:
        return "remote"
    return "hybrid" if draw < occupation.remote_share * 0.9 else "onsite"


def _record(
    dice: Dice,
    index: int,
    is_open: bool,
    facts: AdvertFacts,
    site: City,
    terms: _Terms,
    people: tuple[StaffMember, StaffMember],
) -> Job:
    return Job(
        external_id=f"job-{index + 1:05d}",
        title=facts.title,
        brand=BRAND_OF[facts.occupation.department].slug,
        department=facts.occupation.department,
        occupation=facts.occupation.slug,
        seniority=facts.seniority,
        description=write_advert(dice, facts),
        city=site.name,
        country=site.country,
        lat=round(site.lat + (dice.unit() - 0.5) * 0.05, 5),
        lon=round(site.lon + (dice.unit() - 0.5) * 0.05, 5),
        time_zone=site.time_zone,
        remote_mode=facts.remote_mode,
        pay_min=terms.low,
        pay_max=terms.high,
        currency=COUNTRY[site.country].currency,
        pay_period=terms.period,
        employment_type=facts.employment_type,
        required_skills=tuple(slug_of(label) for label in facts.required),
        nice_skills=tuple(slug_of(label) for label in facts.nice),
        licences=_licences(facts.occupation, facts.seniority),
        permit_country=site.country if facts.permit else "",
        openings=dice.weighted(((1, 0.72), (2, 0.18), (3, 0.07), (5, 0.03))),
        posted_at=terms.posted_at,
        valid_through=terms.valid_through,
        closed_at=None,
        status="open" if is_open else "closed",
        hiring_manager=people[0].external_id,
        recruiter=people[1].external_id,
    )


def _in_prose(country: str) -> str:
    return f"the {country}" if country.startswith("United") else country


_PER = {"year": "a year", "month": "a month", "hour": "an hour"}
_TEAM_NAMES = {
    "software": "software team", "product": "product team", "care": "care team", "learning": "learning team",
    "kitchens": "kitchen team", "logistics": "logistics team", "works": "building services team",
    "production": "engineering team", "finance": "finance and legal team", "people": "people team",
    "sales": "customer team",
}  # fmt: skip
