"""Jobs near a place are measured on the globe, and found by their name where nothing can be measured."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from segue.catalog.models import Job
from segue.catalog.places import Coordinates
from segue.catalog.queries.job_distance import km_of, place_named, within
from segue.catalog.queries.job_search import Wanted, search_jobs
from segue.engine.place import haversine_km
from segue.kit.actor import Actor
from tests.factories import make_job

VISITOR = Actor.anonymous()
pytestmark = pytest.mark.django_db


def titles(**wanted: str) -> list[str]:
    page, total = search_jobs(VISITOR, Wanted(**wanted))
    assert total == len(page.rows)
    return sorted(job.title for job in page.rows)


@pytest.fixture
def three() -> None:
    make_job(title="Berlin", city="Berlin", lat=52.52, lon=13.41)
    make_job(title="Potsdam", city="Potsdam", lat=52.39, lon=13.06)
    make_job(title="Hamburg", city="Hamburg", lat=53.55, lon=9.99)
    make_job(title="Anywhere", city="", lat=None, lon=None, remote="remote")


@pytest.mark.usefixtures("three")
def test_a_circle_around_a_town() -> None:
    assert titles(near="Berlin", km="10") == ["Berlin"]
    assert titles(near="Berlin, Germany", km="50") == ["Berlin", "Potsdam"]
    assert titles(near="berlin", km="100", remote_too="1") == ["Anywhere", "Berlin", "Potsdam"]
    assert titles(near="Berlin", km="a lot") == ["Berlin", "Potsdam"]


@pytest.mark.usefixtures("three")
def test_a_town_we_do_not_know_is_looked_for_by_its_name() -> None:
    make_job(title="Village", city="Klein Nirgendwo", lat=None, lon=None)
    assert place_named("Klein Nirgendwo") is None
    assert titles(near="nirgendwo") == ["Village"]


def test_a_town_with_a_job_we_have_measured_is_known() -> None:
    make_job(title="There", city="Klein Irgendwo", lat=50.0, lon=8.0)
    make_job(title="Near there", city="", lat=50.05, lon=8.0)
    assert titles(near="Klein Irgendwo", km="10") == ["Near there", "There"]


def test_nonsense_finds_nothing_and_harms_nothing() -> None:
    make_job()
    for near in ("\x00", "%", "'; --", "x" * 120, ", , ,"):
        titles(near=near)
    for pay in ("-1", "nan", "1e999", "ten", "\x00"):
        titles(pay=pay)
    assert km_of(Wanted(km="-5")) == km_of(Wanted())


points = st.tuples(st.floats(-89, 89), st.floats(-179.9, 179.9))


@given(here=points, there=points, km=st.sampled_from([10, 50, 200, 2000]))
@examples(max_examples=60)
def test_the_circle_agrees_with_the_engines_distance(
    here: tuple[float, float], there: tuple[float, float], km: int
) -> None:
    job = make_job(lat=there[0], lon=there[1])
    far = float(haversine_km(*here, *there))
    found = Job.objects.filter(within(Coordinates(*here, ""), km), pk=job.pk).exists()
    if abs(far - km) > 0.5:  # at the edge itself either is right
        assert found == (far < km)
    job.delete()


def test_pay_is_compared_by_the_year() -> None:
    make_job(title="By the hour", pay_min=Decimal(30), pay_max=Decimal(40), pay_period="hour")
    make_job(title="By the year", pay_min=Decimal(50_000), pay_max=None)
    make_job(title="Unstated", pay_min=None, pay_max=None)
    make_job(title="In pounds", pay_currency="GBP", pay_max=Decimal(90_000))
    assert titles(pay="80000") == ["By the hour", "In pounds"]
    assert titles(pay="50,000", currency="EUR") == ["By the hour", "By the year"]
