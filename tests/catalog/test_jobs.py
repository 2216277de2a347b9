"""Vacancies: written by the talent team, seen by whoever may."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from segue.catalog.actions.jobs import close_job, draft_job, edit_job, open_job
from segue.catalog.models import Job
from segue.catalog.queries.jobs import is_open, job_for, jobs_visible_to, open_jobs
from segue.kit import clock
from segue.kit.actor import Actor
from segue.kit.errors import Invalid, NotAllowed, NotFound
from segue.trust.models import Account
from tests.factories import actor, make_job, make_member

pytestmark = pytest.mark.django_db


def test_a_job_is_drafted_opened_and_closed(rosa: Account) -> None:
    by = actor(rosa)
    job = draft_job(
        by=by,
        title="  Night   nurse ",
        city="Berlin",
        country="DE",
        pay_min="3200",
        pay_currency="EUR",
        pay_period="month",
    )
    assert (job.title, job.pay_min, job.lat) == ("Night nurse", Decimal("3200.00"), pytest.approx(52.52))
    assert job not in jobs_visible_to(Actor.anonymous())
    open_job(job, by=by)
    assert is_open(job)
    assert job in open_jobs(Actor.anonymous())
    close_job(job, by=by, filled=True)
    assert not is_open(job)
    with pytest.raises(NotFound):
        job_for(Actor.anonymous(), job.pk)


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"title": " "}, "missing_title", "title"),
        (
            {"pay_min": 5, "pay_max": 4, "pay_currency": "EUR", "pay_period": "hour"},
            "pay_out_of_order",
            "pay_min",
        ),
        ({"pay_min": 5}, "pay_without_currency_or_period", "pay_currency"),
        ({"pay_min": 5, "pay_currency": "EUR"}, "pay_without_currency_or_period", "pay_period"),
        ({"pay_min": "lots"}, "bad_pay", "pay_min"),
        ({"pay_min": "NaN"}, "bad_pay", "pay_min"),
        ({"pay_currency": "EURO"}, "bad_currency", "pay_currency"),
        ({"country": "XX"}, "bad_country", "country"),
        ({"pay_period": "fortnight"}, "bad_choice", "pay_period"),
        ({"posted_at": "2026-13-01"}, "bad_date", "posted_at"),
        ({"posted_at": "2026-02-02", "valid_through": "2026-02-01"}, "end_before_start", "valid_through"),
        ({"lat": 52.5}, "bad_coordinates", "lat"),
        ({"openings": 0}, "bad_openings", "openings"),
        ({"salary": 1}, "unknown_field", "salary"),
        ({"title": "x" * 301}, "too_long", "title"),
        ({"description": "\x00"}, "forbidden_character", "description"),
    ],
)
def test_a_field_that_cannot_be_is_refused_by_name(fields: dict[str, object], code: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        draft_job(by=Actor.machine("a test"), **{"title": "Nurse", **fields})
    assert (refused.value.code, refused.value.field) == (code, field)
    assert Job.objects.count() == 0


def test_an_edit_is_checked_against_what_stands(rosa: Account) -> None:
    job = make_job(pay_min=Decimal(50_000), pay_max=Decimal(60_000))
    with pytest.raises(Invalid, match="above"):
        edit_job(job, by=actor(rosa), pay_max=40_000)
    before = job.updated_at
    edit_job(job, by=actor(rosa), title=job.title)
    assert Job.objects.get(pk=job.pk).updated_at == before
    edit_job(job, by=actor(rosa), title="Day nurse", city="Hamburg")
    stored = Job.objects.get(pk=job.pk)
    assert (stored.title, stored.lat) == ("Day nurse", pytest.approx(53.55))


def test_who_sees_which_jobs(rosa: Account, max_: Account, ada: Account) -> None:
    shown, draft, over = (
        make_job(),
        make_job(status="draft"),
        make_job(valid_through=clock.now() - timedelta(days=1)),
    )
    make_member(draft, max_)
    assert set(jobs_visible_to(actor(ada))) == {shown}
    assert set(jobs_visible_to(actor(max_))) == {shown, draft}
    assert set(jobs_visible_to(actor(rosa))) == {shown, draft, over}
    with pytest.raises(NotFound):
        job_for(actor(ada), "not-an-id")


def test_only_the_talent_team_and_the_jobs_own_manager_write(ada: Account, max_: Account) -> None:
    job = make_job()
    for by in (Actor.anonymous(), actor(ada), actor(max_)):
        with pytest.raises(NotAllowed):
            edit_job(job, by=by, title="Mine now")
    make_member(job, max_)
    assert edit_job(job, by=actor(max_), title="Team lead").title == "Team lead"


def test_a_job_whose_last_day_is_over_does_not_open(rosa: Account) -> None:
    job = make_job(status="draft", valid_through=clock.now() - timedelta(days=1))
    with pytest.raises(Invalid, match="over"):
        open_job(job, by=actor(rosa))
