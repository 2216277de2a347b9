"""Hard limits: a job that may not or must not be, is not shown, and a limit not allowed is not read."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from segue.catalog.models import Job, Person
from segue.learn.queries.catalogue import forget_catalogue
from segue.recommend.actions.mixes import open_home
from segue.trust.actions.consent import set_consent
from segue.trust.actions.dials import set_dial
from tests.recommend.stage import MACHINE, jobs_on, market, own, reread

pytestmark = pytest.mark.django_db
FLOOR = {"pay_floor": Decimal(60_000), "pay_currency": "EUR", "pay_period": "year"}
CASES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (FLOOR, {"pay_min": Decimal(50_000), "pay_max": Decimal(59_000)}),
    (FLOOR, {"pay_min": Decimal(3_000), "pay_max": Decimal(4_900), "pay_period": "month"}),
    ({"licences": ["truck"]}, {"licences": ["forklift"]}),
    ({"permits": ["DE"]}, {"permit_country": "US"}),
    ({"willing_km": 20.0}, {"city": "Hamburg", "lat": 53.55, "lon": 9.99, "remote": "onsite"}),
    ({"remote": "remote"}, {"remote": "onsite"}),
]


def stage(person: Person, said: dict[str, Any], asked: dict[str, Any]) -> Job:
    """One job with a condition among seven without, and a person with a limit."""
    jobs = market(8)
    Job.objects.filter(pk=jobs[0].pk).update(**asked)
    # the others must never be the reason
    Job.objects.exclude(pk=jobs[0].pk).update(pay_min=None, pay_max=Decimal(90_000), remote="remote")
    Person.objects.filter(pk=person.pk).update(**said)
    reread()
    return jobs[0]


@pytest.mark.parametrize(("said", "asked"), CASES)
def test_a_job_beyond_a_limit_is_not_dealt_and_the_others_are(
    lina: Person, said: dict[str, Any], asked: dict[str, Any]
) -> None:
    barred = stage(lina, said, asked)
    dealt = jobs_on(open_home(lina.pk, by=own(lina)))
    assert barred.pk not in dealt
    assert dealt


@pytest.mark.parametrize(("said", "asked"), CASES)
def test_a_limit_that_was_never_stated_bars_nothing(
    lina: Person, said: dict[str, Any], asked: dict[str, Any]
) -> None:
    unsaid = dict.fromkeys(said, "") | {k: None for k in said if k in {"pay_floor", "willing_km"}}
    unsaid |= {k: [] for k in said if k in {"licences", "permits"}}
    job = stage(lina, unsaid, asked)
    assert job.pk in jobs_on(open_home(lina.pk, by=own(lina)))


@pytest.mark.parametrize(("said", "asked"), CASES)
def test_a_limit_in_a_profile_that_may_not_be_read_is_not_read(
    lina: Person, said: dict[str, Any], asked: dict[str, Any]
) -> None:
    job = stage(lina, said, asked)
    set_consent(lina, purpose="profile", granted=False, by=own(lina))
    assert job.pk in jobs_on(open_home(lina.pk, by=own(lina)))


def test_a_floor_in_another_currency_is_compared_at_the_rate_of_the_dial(lina: Person) -> None:
    floor = FLOOR | {"pay_currency": "USD"}
    job = stage(lina, floor, {"pay_min": Decimal(50_000), "pay_max": Decimal(57_000)})
    assert job.pk in jobs_on(open_home(lina.pk, by=own(lina)))
    set_dial("pay.rates", {"USD": 1.2}, by=MACHINE)
    forget_catalogue()
    assert job.pk not in jobs_on(open_home(lina.pk, by=own(lina)))
