"""Spreadsheets and Indeed feeds come in like any table, and hostile ones are refused by name."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from segue.catalog.actions.importing.problems import MalformedFile
from segue.catalog.actions.importing.reading import open_source
from segue.catalog.models import Job, Person
from tests.catalog.files import bring_jobs, bring_people, written

JOB = """<job><title><![CDATA[Pilot]]></title><date><![CDATA[Fri, 19 Dec 2025 22:49:39 GMT]]></date>
<referencenumber><![CDATA[R-1]]></referencenumber><company><![CDATA[Harbour]]></company>
<city><![CDATA[Bergen]]></city><country><![CDATA[NO]]></country>
<description><![CDATA[<p>Guides ships in.</p>]]></description>
<salary><![CDATA[600000 - 700000 NOK per year]]></salary><jobtype><![CDATA[fulltime]]></jobtype></job>"""
FEED = f'<?xml version="1.0" encoding="utf-8"?>\n<source><publisher>Us</publisher>{JOB}</source>'
LAUGHS = """<?xml version="1.0"?><!DOCTYPE source [<!ENTITY a "ha">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><source><job><title>&c;</title></job></source>"""
OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE source [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    "<source><job><title>&x;</title></job></source>"
)


def workbook(*rows: list[Any], merged: str = "") -> bytes:
    book, held = Workbook(), io.BytesIO()
    sheet: Any = book.active
    for row in rows:
        sheet.append(row)
    if merged:
        sheet.merge_cells(merged)
    if rows:
        book.create_sheet("Notes").append(["not this one"])
    book.save(held)
    return held.getvalue()


def refused(path: Path) -> str:
    with pytest.raises(MalformedFile) as error:
        list(open_source(path).rows())
    return error.value.code


@pytest.mark.django_db
def test_a_sheet_of_people_comes_in_like_a_table(tmp_path: Path) -> None:
    content = workbook(
        ["Candidates of 2025"],
        ["id", "name", "email", "city", "started"],
        [1.0, "Ada Lind", "ada@people.example", "Berlin", date(2026, 3, 4)],
        [None, None, None, None, None],
        [2, "=1+1", "bo@people.example", None, None],
    )
    path = written(tmp_path, content, "people.xlsx")
    source = open_source(path)
    assert (source.form, source.columns) == ("xlsx", ("id", "name", "email", "city", "started"))
    assert [row.line for row in source.rows()] == [3, 5], "lines are the sheet's own"
    assert next(source.rows()).data["started"] == "2026-03-04"
    report = bring_people(path)
    assert (report.read, report.outcomes["created"]) == (2, 2)
    assert Person.objects.get(external_id="1").city == "Berlin"
    assert bring_people(path).outcomes["unchanged"] == 2


def test_a_merged_header_takes_the_words_to_its_left(tmp_path: Path) -> None:
    content = workbook(["id", "skills", None], ["1", "python", "sql"], merged="B1:C1")
    assert open_source(written(tmp_path, content, "a.xlsx")).columns == ("id", "skills", "skills (3)")


def test_hostile_sheets_are_refused_by_name(tmp_path: Path) -> None:
    macros = io.BytesIO(workbook(["id"], ["1"]))
    with zipfile.ZipFile(macros, "a") as package:
        package.writestr("xl/vbaProject.bin", b"x")
    assert refused(written(tmp_path, macros.getvalue(), "macros.xlsx")) == "macros"
    assert refused(written(tmp_path, workbook(), "empty.xlsx")) == "empty_file"
    broken = io.BytesIO()
    with zipfile.ZipFile(broken, "w") as package:
        package.writestr("xl/workbook.xml", "<nonsense")
    assert refused(written(tmp_path, broken.getvalue(), "broken.xlsx")) == "broken"


def test_a_sheet_of_one_column_is_a_table_too(tmp_path: Path) -> None:
    source = open_source(written(tmp_path, workbook(["email"], ["ada@people.example"]), "a.xlsx"))
    assert [row.data for row in source.rows()] == [{"email": "ada@people.example"}]


def test_a_bomb_in_a_sheet_is_put_down(tmp_path: Path) -> None:
    """Over half a gigabyte of text in half a megabyte of zip."""
    held = io.BytesIO(workbook(["id"], ["1"]))
    bomb = io.BytesIO()
    with zipfile.ZipFile(held) as old, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename != "xl/worksheets/sheet1.xml":
                new.writestr(entry, old.read(entry))
        with new.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as file:
            before, after = old.read("xl/worksheets/sheet1.xml").split(b"<t>id</t>")
            file.write(before + b"<t>")
            for _ in range(600):
                file.write(b"A" * 2**20)
            file.write(b"</t>" + after)
    assert refused(written(tmp_path, bomb.getvalue(), "bomb.xlsx")) in {"too_big", "too_slow"}


@pytest.mark.django_db
def test_an_indeed_feed_of_jobs(tmp_path: Path) -> None:
    path = written(tmp_path, FEED, "feed.xml")
    report = bring_jobs(path)
    assert (report.form, report.read, report.outcomes["created"]) == ("xml", 1, 1), report.errors
    job = Job.objects.get()
    assert (job.external_id, job.title, job.city, job.country) == ("R-1", "Pilot", "Bergen", "NO")
    assert (job.pay_currency, job.pay_period, job.employment_type) == ("NOK", "year", "full_time")
    assert job.posted_at is not None
    assert job.posted_at.date() == date(2025, 12, 19)
    assert bring_jobs(path).outcomes["unchanged"] == 1


@pytest.mark.parametrize(
    ("feed", "code"),
    [
        (LAUGHS, "entities_in_xml"),
        (OUTSIDE, "entities_in_xml"),
        ("<source><job><title>Pil", "bad_xml"),
        ("<source></source>", "no_job_posting"),
        ("<source>" + "<a>" * 50, "bad_xml"),
    ],
)
def test_hostile_and_broken_feeds_are_refused_by_name(tmp_path: Path, feed: str, code: str) -> None:
    assert refused(written(tmp_path, feed, "feed.xml")) == code
