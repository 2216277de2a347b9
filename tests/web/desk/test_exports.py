"""Lists taken along: safe cells, the actor's scopes, a reason, a line in the audit, and people are told."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from segue.kit.actor import Role
from segue.trust.models import Account, AuditLine, Look
from tests import factories

ClientAs = Callable[[Account], Client]
pytestmark = pytest.mark.django_db
WHY = {"reason": "planning the ward"}
PEOPLE = 13  # session, account, people counted, its audit line in a transaction; people, looks, skills


def rows_of(answer: Any) -> list[list[str]]:
    assert answer.status_code == 200
    text = answer.getvalue().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.fixture
def noor() -> Any:
    return factories.make_person(
        name="نور العلي", headline="=HYPERLINK(1)", phone="+49 30 1234", skills=["python"], pay_floor=50_000
    )


def test_people_as_csv(
    noor: Any, rosa: Account, client_as: ClientAs, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_as(rosa)
    with django_assert_max_num_queries(PEOPLE):
        heads, row = rows_of(client.post(reverse("desk:people_export"), WHY | {"text": "نور"}))
    said = dict(zip(heads, row, strict=True))
    assert (said["name"], said["phone"]) == ("نور العلي", "+49 30 1234")
    assert said["headline"] == "'=HYPERLINK(1)"
    assert said["pay_floor"] == "50000.00"
    line = AuditLine.objects.get(verb="trust.note_export")
    assert line.detail == {"count": 1, "form": "csv", "reason": "planning the ward"}
    look = Look.objects.get(person=noor, what="export")
    assert (look.actor_name, look.reason) == (rosa.name, "planning the ward")


def test_people_as_xlsx(noor: Any, rosa: Account, client_as: ClientAs) -> None:
    answer: Any = client_as(rosa).post(reverse("desk:people_export"), WHY | {"form": "xlsx"})
    book = load_workbook(io.BytesIO(answer.getvalue()))
    cells = {cell.value: cell for row in book.active.iter_rows() for cell in row}  # type: ignore[union-attr]  # a book has a sheet
    assert cells["=HYPERLINK(1)"].data_type == "s"
    assert "نور العلي" in cells


def test_who_does_not_see_pay_takes_none_along(noor: Any, client_as: ClientAs) -> None:
    sourcer = factories.make_account(role=Role.SOURCER)
    heads = rows_of(client_as(sourcer).post(reverse("desk:people_export"), WHY))[0]
    assert not [head for head in heads if head.startswith("pay")]


def test_without_a_reason_nothing_leaves(noor: Any, rosa: Account, client_as: ClientAs) -> None:
    answer = client_as(rosa).post(reverse("desk:people_export"), {"reason": " x "}, follow=True)
    assert "A file needs a reason." in answer.content.decode()
    assert not AuditLine.objects.filter(verb="trust.note_export").exists()


def test_applications_of_ones_own_jobs_alone(max_: Account, client_as: ClientAs) -> None:
    job = factories.make_job(title="Nurse")
    factories.make_member(job, max_, "hiring_manager")
    factories.make_application(job=job, person=factories.make_person(name="+Ada"))
    factories.make_application(person=factories.make_person(name="Somebody else's"))
    found = rows_of(client_as(max_).post(reverse("desk:applications_export"), WHY))
    assert [(row[1], row[2]) for row in found[1:]] == [("Nurse", "'+Ada")]
    assert Look.objects.filter(what="export").count() == 1


def test_one_jobs_applications(rosa: Account, client_as: ClientAs) -> None:
    wanted = factories.make_application()
    factories.make_application()
    client = client_as(rosa)
    found = rows_of(client.post(reverse("desk:applications_export"), WHY | {"job": str(wanted.job_id)}))
    assert [row[0] for row in found[1:]] == [str(wanted.pk)]
    assert len(rows_of(client.post(reverse("desk:applications_export"), WHY | {"job": "none"}))) == 1


def test_the_forms_stand_on_the_lists(noor: Any, rosa: Account, client_as: ClientAs) -> None:
    application = factories.make_application()
    client = client_as(rosa)
    assert reverse("desk:people_export") in client.get(reverse("desk:people")).content.decode()
    page = client.get(reverse("desk:job", args=[application.job_id])).content.decode()
    assert reverse("desk:applications_export") in page
    assert f'name="job" value="{application.job_id}"' in page
