"""The jobs are worth reading: right facts, fair ranges, and no two alike."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from segue.engine.world import World
from segue.engine.world.jobs import market_pay_usd
from segue.engine.world.occupations import Occupation, slug_of
from segue.engine.world.occupations_office import OCCUPATION_INDEX, OCCUPATIONS
from segue.engine.world.places import CITIES, COUNTRIES, COUNTRY, PAY_FLOOR_USD, distance_km
from segue.engine.world.prose_jobs import duty_in


def test_pay_and_place_belong_together(world: World) -> None:
    towns = {(city.name, city.country): city for city in CITIES}
    rates = dict(world.visible.employer.rates)
    for job in world.visible.jobs:
        town = towns[job.city, job.country]
        assert town.has_site
        assert job.currency == COUNTRY[job.country].currency
        assert job.currency in rates
        assert 0 < job.pay_min <= job.pay_max
        assert job.pay_period in ("hour", "month", "year")
        here, there = (np.array([job.lat, town.lat]), np.array([job.lon, town.lon]))
        assert distance_km(here[:1], there[:1], here[1:], there[1:])[0] < 5


def test_an_advert_says_what_the_record_says(world: World) -> None:
    labels = {term.slug: term.label for term in world.visible.skills}
    for job in world.visible.jobs:
        text = job.description.lower()
        assert job.city.lower() in text
        assert job.currency.lower() in text
        for slug in job.required_skills:
            assert labels[slug].lower() in text
        assert bool(job.permit_country) == ("you need a permit to work in" in text)
        assert not {"{", "}"} & set(text)
        assert 120 < len(text.split()) < 420


def test_requirements_do_not_repeat_themselves(world: World) -> None:
    licences = {term.slug for term in world.visible.licences}
    for job in world.visible.jobs:
        assert 2 <= len(job.required_skills) <= 6
        assert not set(job.required_skills) & set(job.nice_skills)
        assert licences.issuperset(job.licences)
        assert job.openings >= 1


def test_dates_of_jobs_are_in_order(world: World) -> None:
    for job in world.visible.jobs:
        assert job.posted_at < job.valid_through
        if job.status == "open":
            assert job.closed_at is None
        else:
            assert job.closed_at is not None
            assert job.posted_at < job.closed_at


def test_no_two_adverts_read_alike(world: World) -> None:
    texts = [job.description for job in world.visible.jobs if job.status == "open"]
    sentences = [set(text.replace("\n", " ").split(". ")) for text in texts]
    overlap = [
        len(one & two) / min(len(one), len(two))
        for index, one in enumerate(sentences)
        for two in sentences[:index]
    ]
    assert max(overlap) < 0.55
    assert sum(overlap) / len(overlap) < 0.08


def test_managers_and_recruiters_of_jobs_exist(world: World) -> None:
    roles = {one.external_id: one.role for one in world.visible.staff}
    for job in world.visible.jobs:
        assert roles[job.hiring_manager] == "hiring_manager"
        assert roles[job.recruiter] == "recruiter"


def test_the_company_is_mixed(world: World) -> None:
    jobs = [job for job in world.visible.jobs if job.status == "open"]
    assert len({job.occupation for job in jobs}) >= 25
    assert len({job.country for job in jobs}) >= 12
    assert {job.remote_mode for job in jobs} == {"onsite", "hybrid", "remote"}
    assert {job.pay_period for job in jobs} == {"hour", "month", "year"}
    kinds = Counter(job.employment_type for job in world.visible.jobs)
    assert set(kinds) == {"full_time", "part_time", "contract", "temporary", "internship"}


@pytest.mark.parametrize("occupation", OCCUPATIONS, ids=lambda row: row.slug)
def test_an_occupation_is_complete(occupation: Occupation) -> None:
    assert len(occupation.skills) >= 9
    assert len(set(occupation.skills)) == len(occupation.skills)
    assert len(occupation.duties) >= 6
    assert len(occupation.colour) >= 2
    assert all(slug_of(skill) == slug_of(slug_of(skill)) for skill in occupation.skills)
    for duty in occupation.duties:
        assert "/" in duty.split()[0]
        assert "/" not in duty_in(duty, past=True) + duty_in(duty, past=False)


@pytest.mark.parametrize("country", COUNTRIES, ids=lambda row: row.code)
def test_pay_rises_with_experience_and_keeps_the_law(country: object) -> None:
    code = country.code  # type: ignore[attr-defined]
    for slug in OCCUPATION_INDEX:
        pay = [market_pay_usd(OCCUPATIONS[OCCUPATION_INDEX[slug]], code, level) for level in range(3)]
        assert pay == sorted(pay)
        assert pay[0] >= PAY_FLOOR_USD.get(code, 0)
