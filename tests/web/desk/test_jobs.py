"""Rosa keeps the jobs: the list, the editor, opening and closing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from segue.catalog.models import Job, JobStatus
from segue.hire.models import Stage
from segue.trust.models import Account
from tests.factories import make_application, make_job

LIST_BUDGET = 5  # session, account, jobs, counts, departments; whatever the number of rows


@pytest.fixture
def desk(rosa: Account, client_as: Callable[[Account], Client]) -> Client:
    return client_as(rosa)


def typed(**changes: str) -> dict[str, str]:
    form = {
        "title": "Night nurse",
        "openings": "2",
        "city": "Hamburg",
        "country": "de",
        "pay_min": "41000",
        "pay_max": "48000",
        "pay_currency": "eur",
        "pay_period": "year",
        "required_skills": "SQL, bread baking by night",
        "valid_through": "2031-01-31",
    }
    return form | changes


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_with_one_row_and_with_three(
    rows: int, desk: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        make_application(job=make_job())
    with django_assert_num_queries(LIST_BUDGET):
        desk.get(reverse("desk:jobs"))


def test_the_list_counts_who_waits(desk: Client) -> None:
    job = make_job(title="Baker")
    make_application(job=job)
    make_application(job=job, stage=Stage.INTERVIEW)
    counts = desk.get(reverse("desk:jobs")).context["rows"][0][1]
    assert (counts.waiting, counts.open, counts.total) == (1, 2, 2)


def test_filters_narrow_and_pages_follow_each_other(desk: Client) -> None:
    make_job(title="Baker", department="Kitchen")
    make_job(title="Welder", department="Yard")
    drafts = [make_job(title=f"Draft {n}", status=JobStatus.DRAFT) for n in range(51)]

    def titles(query: str) -> list[str]:
        return [job.title for job, _ in desk.get(reverse("desk:jobs") + query).context["rows"]]

    assert titles("?department=Yard") == ["Welder"]
    assert titles("?text=bak") == ["Baker"]
    assert len(titles("?status=draft")) == 50
    first = desk.get(reverse("desk:jobs") + "?status=draft")
    assert [job.pk for job, _ in desk.get(first.context["next_page"]).context["rows"]] == [drafts[0].pk]


def test_a_job_is_drafted_from_plain_words(desk: Client) -> None:
    answer = desk.post(reverse("desk:job_new"), typed(do="save"))
    job = Job.objects.get()
    assert answer.status_code == 303
    assert (job.status, job.country, job.pay_currency) == (JobStatus.DRAFT, "DE", "EUR")
    assert job.required_skills == ["sql", "bread-baking-by-night"]


@pytest.mark.parametrize(
    ("changes", "field", "remedy"),
    [
        ({"pay_min": "90000"}, "pay_min", "Swap the two amounts."),
        ({"country": "ZZ"}, "country", "Use two letters"),
        ({"pay_currency": ""}, "pay_currency", "Say both"),
        ({"title": "  "}, "title", "required"),
        ({"pay_max": "a lot"}, "pay_max", "number"),
    ],
)
def test_a_refusal_stands_beside_its_field_and_keeps_what_was_typed(
    changes: dict[str, str], field: str, remedy: str, desk: Client
) -> None:
    answer = desk.post(reverse("desk:job_new"), typed(**changes))
    assert answer.status_code == 422
    assert remedy in " ".join(answer.context["form"].errors[field])
    assert answer.context["form"]["city"].value() == "Hamburg"
    assert not Job.objects.exists()


def test_a_preview_stores_nothing(desk: Client) -> None:
    page = desk.post(reverse("desk:job_new"), typed(do="preview")).content.decode()
    assert "Night nurse" in page
    assert not Job.objects.exists()


def test_an_unchanged_edit_round_trips(desk: Client) -> None:
    job = make_job(title="Baker", required_skills=["first-aid"], licences=["B"])
    page = desk.get(reverse("desk:job_edit", args=[job.pk]))
    form = {name: page.context["form"][name].value() for name in page.context["form"].fields}
    sent = {name: value for name, value in form.items() if value is not None}
    desk.post(reverse("desk:job_edit", args=[job.pk]), sent)
    again = Job.objects.get()
    assert (again.required_skills, again.licences, again.pay_min) == (["first-aid"], ["B"], job.pay_min)


def test_closing_is_undone_by_opening(desk: Client) -> None:
    job = make_job()
    make_application(job=job)
    toast = desk.post(reverse("desk:job_close", args=[job.pk]), follow=True).context["toast"]
    assert Job.objects.get().status == JobStatus.CLOSED
    desk.post(toast["undo_url"], toast["undo_fields"])
    assert Job.objects.get().status == JobStatus.OPEN


def test_a_toast_is_told_once(desk: Client) -> None:
    job = make_job()
    assert desk.post(reverse("desk:job_close", args=[job.pk]), follow=True).context["toast"]
    assert desk.get(reverse("desk:jobs")).context["toast"] is None
