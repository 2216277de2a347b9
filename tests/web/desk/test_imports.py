"""Rosa brings people in from a file: she looks first, lets them in, and mends what did not come in."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from segue.catalog.models import HeldRow, ImportBatch, Person
from segue.kit.queue import work_off
from segue.trust.models import Account, AuditLine

ROWS = "id,name,email,city\n1,Ada Lind,ada@people.example,Berlin\n2,<b>Bo</b>,bo at home,=1+1\n"


@pytest.fixture
def desk(rosa: Account, client_as: Callable[[Account], Client]) -> Client:
    return client_as(rosa)


def sent(desk: Client, content: str = ROWS, name: str = "people.csv", **said: str) -> ImportBatch:
    """Send a file through the form."""
    file = SimpleUploadedFile(name, content.encode())
    answer = desk.post(reverse("desk:import_new"), {"file": file, **said})
    assert answer.status_code == 303
    return ImportBatch.objects.latest("started_at")


def page_of(desk: Client, batch: ImportBatch) -> str:
    return desk.get(reverse("desk:import", args=[batch.pk])).content.decode()


def let_in(desk: Client, batch: ImportBatch) -> None:
    """Take the columns as they were worked out, and start."""
    page = page_of(desk, batch)
    chosen = dict(re.findall(r'name="(column-\d+)".*?<option value="(\w+)" selected>', page))
    desk.post(reverse("desk:import_columns", args=[batch.pk]), chosen)
    work_off()
    desk.post(reverse("desk:import_start", args=[batch.pk]))
    work_off()


def test_before_the_first_import_the_page_says_so_and_leads_on(desk: Client) -> None:
    page = desk.get(reverse("desk:imports")).content.decode()
    assert "Nothing was imported yet." in page
    assert reverse("desk:import_new") in page


def test_from_the_form_to_people(desk: Client) -> None:
    batch = sent(desk)
    assert "The file is being read." in page_of(desk, batch)
    work_off()
    page = page_of(desk, batch)
    assert "ada@people.example" in page
    assert "&lt;b&gt;Bo&lt;/b&gt;" in page
    assert '<option value="email" selected>' in page
    columns = {"column-0": "external_id", "column-1": "name", "column-2": "email", "column-3": "city"}
    desk.post(reverse("desk:import_columns", args=[batch.pk]), columns)
    assert "Nothing is kept of that." in page_of(desk, batch)
    work_off()
    page = page_of(desk, batch)
    assert "What it would come to" in page
    assert "bo at home" in page
    assert Person.objects.count() == 0
    desk.post(reverse("desk:import_start", args=[batch.pk]))
    assert "The rows are coming in." in page_of(desk, batch)
    work_off()
    page = page_of(desk, batch)
    assert "What waits for you" in page
    assert Person.objects.get().name == "Ada Lind"
    assert "people.csv" in desk.get(reverse("desk:imports")).content.decode()
    verbs = set(AuditLine.objects.values_list("verb", flat=True))
    assert {"catalog.take_upload", "catalog.confirm_columns", "catalog.start_import"} <= verbs


def test_a_held_row_is_mended_on_its_page(desk: Client) -> None:
    batch = sent(desk)
    work_off()
    let_in(desk, batch)
    held = HeldRow.objects.get()
    page = desk.get(reverse("desk:import_held", args=[batch.pk])).content.decode()
    assert 'value="bo at home"' in page
    assert page.index('value="bo at home"') < page.index("&lt;b&gt;Bo"), "the cell at fault comes first"
    address = reverse("desk:held_retry", args=[batch.pk, held.pk])
    again = desk.post(address, {"cell-email": "bo@"}, follow=True).content.decode()
    assert "toast-refused" in again
    done = desk.post(address, {"cell-email": "bo@people.example"}, follow=True).content.decode()
    assert "Line 3 came in." in done
    assert "Nothing waits here." in done
    batch.refresh_from_db()
    assert (batch.read, batch.created, batch.rejected) == (2, 2, 0)


def test_rows_that_wait_as_csv_run_nothing(desk: Client) -> None:
    batch = sent(desk)
    work_off()
    let_in(desk, batch)
    answer = desk.get(reverse("desk:held_csv", args=[batch.pk]))
    lines = answer.content.decode().splitlines()
    assert lines[0].startswith("line,outcome,error,field,message,remedy,id,name,email,city")
    assert lines[1].endswith(",'=1+1")


def test_a_row_is_left_out_and_all_are_tried_again(desk: Client) -> None:
    batch = sent(desk)
    work_off()
    let_in(desk, batch)
    held = HeldRow.objects.get()
    again = reverse("desk:held_retry_all", args=[batch.pk])
    assert "1 waits still." in desk.post(again, {"error": held.error}, follow=True).content.decode()
    skip = reverse("desk:held_skip", args=[batch.pk, held.pk])
    assert "Say why" in desk.post(skip, {"reason": ""}, follow=True).content.decode()
    assert "is left out" in desk.post(skip, {"reason": "no address"}, follow=True).content.decode()
    assert desk.get(reverse("desk:held_row", args=[batch.pk, held.pk])).status_code == 404


def test_no_file_and_a_broken_file_say_what_to_do(desk: Client) -> None:
    page = desk.post(reverse("desk:import_new"), {}, follow=True).content.decode()
    assert "There is no file yet." in page
    batch = sent(desk, 'id,name\n1,"Ada\n')
    work_off()
    assert "unterminated_quote" in page_of(desk, batch)


def test_an_import_is_let_go(desk: Client) -> None:
    batch = sent(desk)
    work_off()
    desk.post(reverse("desk:import_stop", args=[batch.pk]))
    batch.refresh_from_db()
    assert batch.state == "stopped"


def test_nobody_else_comes_in(
    desk: Client, max_: Account, theo: Account, client_as: Callable[[Account], Client]
) -> None:
    batch = sent(desk)
    work_off()
    for account in (max_, theo):
        other = client_as(account)
        for name in ("import", "import_held", "held_csv"):
            assert other.get(reverse(f"desk:{name}", args=[batch.pk])).status_code == 403
        for name in ("import_columns", "import_start", "import_stop", "held_retry_all"):
            assert other.post(reverse(f"desk:{name}", args=[batch.pk])).status_code == 403
        assert other.post(reverse("desk:import_new"), {}).status_code == 403
