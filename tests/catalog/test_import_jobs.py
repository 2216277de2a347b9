"""Vacancies from files: what lands, what is held, what is refused, and that nothing is lost on the way."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from segue.catalog.actions.importing.problems import MalformedFile
from segue.catalog.actions.imports import Wish, import_jobs, preview_file, remember_mapping
from segue.catalog.actions.jobs import edit_job
from segue.catalog.models import HeldRow, ImportBatch, ImportMapping, Job, Skill
from segue.kit.actor import Actor
from segue.kit.errors import Invalid, NotAllowed
from tests.catalog.files import MACHINE, REAL_DATA, as_csv, bring_jobs, needs_real_data, written

POSTING: dict[str, Any] = {
    "@context": "https://schema.org/",
    "@type": "JobPosting",
    "identifier": {"@type": "PropertyValue", "name": "Halden", "value": "hm-7"},
    "title": "Night nurse",
    "description": "<p>Care for people at night.</p><ul><li>Kindness</li></ul>",
    "qualifications": "Registered nurse",
    "hiringOrganization": {"@type": "Organization", "name": "Halden & Moor"},
    "datePosted": "2026-11-01",
    "validThrough": "2027-01-31",
    "employmentType": ["PART_TIME", "TEMPORARY"],
    "totalJobOpenings": 2,
    "skills": [{"@type": "DefinedTerm", "name": "Wound care"}, "CPR"],
    "jobLocation": [
        {
            "@type": "Place",
            "address": {
                "@type": "PostalAddress",
                "streetAddress": "Unter den Linden 1",
                "addressLocality": "Berlin",
                "addressCountry": {"@type": "Country", "name": "Germany"},
            },
        }
    ],
    "baseSalary": {
        "@type": "MonetaryAmount",
        "currency": "EUR",
        "value": {"@type": "QuantitativeValue", "minValue": 3100, "maxValue": 3600, "unitText": "MONTH"},
    },
}

pytestmark = pytest.mark.django_db


def test_a_job_posting_lands_with_everything_it_says(tmp_path: Path) -> None:
    report = bring_jobs(written(tmp_path, json.dumps(POSTING)))
    assert (report.read, report.outcomes["created"], report.conserves) == (1, 1, True)
    job = Job.objects.get()
    assert (job.external_id, job.title, job.department) == ("hm-7", "Night nurse", "Halden & Moor")
    assert (job.city, job.country, job.lat) == ("Berlin", "DE", pytest.approx(52.52))
    assert (job.pay_min, job.pay_max, job.pay_currency, job.pay_period) == (3100, 3600, "EUR", "month")
    assert (job.employment_type, job.openings, job.status) == ("part_time", 2, "open")
    assert job.posted_at == datetime(2026, 11, 1, tzinfo=UTC)
    assert job.valid_through == datetime(2027, 1, 31, 23, 59, 59, tzinfo=UTC), "the last day counts whole"
    assert job.description.startswith("Care for people at night.")
    assert {"wound-care", "registered-nursing"} <= set(job.required_skills)


def test_a_posting_may_work_from_anywhere_and_say_little(tmp_path: Path) -> None:
    little = {"@type": "https://schema.org/JobPosting", "title": "Writer", "url": "https://x.example/1",
              "jobLocationType": "TELECOMMUTE", "baseSalary": "attractive"}  # fmt: skip
    bring_jobs(written(tmp_path, json.dumps([little])))
    job = Job.objects.get()
    assert (job.external_id, job.remote, job.pay_min) == ("https://x.example/1", "remote", None)
    assert "attractive" in job.description
    assert job.posted_at is not None


def test_a_second_import_changes_nothing_and_a_changed_row_only_itself(tmp_path: Path) -> None:
    columns, rows = ["id", "title", "city"], [[n, f"Nurse {n}", "Berlin"] for n in range(5)]
    bring_jobs(written(tmp_path, as_csv(columns, rows)))
    before = list(Job.objects.order_by("pk").values())
    again = bring_jobs(written(tmp_path, as_csv(columns, list(reversed(rows)), ";")))
    assert (again.outcomes["unchanged"], again.outcomes["created"]) == (5, 0)
    assert list(Job.objects.order_by("pk").values()) == before
    rows[3][1] = "Head nurse"
    changed = bring_jobs(written(tmp_path, as_csv(columns, rows)))
    assert (changed.outcomes["updated"], changed.outcomes["unchanged"]) == (1, 4)
    assert Job.objects.get(external_id="3").title == "Head nurse"


def test_what_a_recruiter_changed_stands_until_the_source_says_something_new(tmp_path: Path) -> None:
    path = written(tmp_path, as_csv(["id", "title"], [[1, "Nurse"]]))
    bring_jobs(path)
    edit_job(Job.objects.get(), by=MACHINE, title="Nurse, nights")
    assert bring_jobs(path).outcomes["unchanged"] == 1
    assert Job.objects.get().title == "Nurse, nights"


def test_each_bad_row_is_refused_by_name_and_the_good_ones_land(tmp_path: Path) -> None:
    columns = [
        "id",
        "title",
        "salary min",
        "salary max",
        "currency",
        "period",
        "posted",
        "closing date",
        "country",
    ]
    rows = [
        [1, "Nurse", "3000", "3500", "EUR", "month", "2026-11-01", "2026-12-01", "Germany"],
        [2, "", "", "", "", "", "", "", ""],
        [3, "Cook", "20", "10", "EUR", "hour", "", "", ""],
        [4, "Cook", "20", "", "", "hour", "", "", ""],
        [5, "Cook", "20", "", "EUR", "", "", "", ""],
        [6, "Cook", "", "", "", "", "someday", "", ""],
        [7, "Cook", "", "", "", "", "2026-11-02", "2026-11-01", ""],
        [8, "Cook", "plenty", "", "EUR", "hour", "", "", ""],
        [9, "Cook", "", "", "", "", "", "", "Narnia"],
        [10, "Cook", "0", "0", "", "", "", "", "FR"],
        ["x" * 201, "Cook", "", "", "", "", "", "", ""],
        [12, "C" * 301, "", "", "", "", "", "", ""],
        [13, '=HYPERLINK("http://evil.example")', "-1", "", "EUR", "hour", "", "", ""],
    ]
    report = bring_jobs(written(tmp_path, as_csv(columns, rows)))
    assert report.conserves
    assert (report.read, report.accepted, report.outcomes["rejected"]) == (13, 2, 11)
    assert report.errors == {
        "missing_title": 1, "pay_out_of_order": 1, "pay_without_currency_or_period": 2, "bad_date": 1,
        "end_before_start": 1, "bad_pay": 2, "bad_country": 1, "too_long": 2,
    }  # fmt: skip
    assert set(Job.objects.values_list("external_id", flat=True)) == {"1", "10"}
    with Path(report.rejects_file).open(newline="", encoding="utf-8") as handle:
        told = list(csv.DictReader(handle))
    assert [(row["line"], row["error"], row["field"]) for row in told[:3]] == [
        ("3", "missing_title", "title"), ("4", "pay_out_of_order", "pay_min"),
        ("5", "pay_without_currency_or_period", "pay_currency"),
    ]  # fmt: skip
    assert all(row["remedy"] for row in told)
    assert told[-1]["title"].startswith("'="), "a spreadsheet must not run it"
    assert Path(report.rejects_file).stat().st_mode & 0o077 == 0


def test_two_rows_of_one_id_are_merged_or_held_and_the_preferred_stands(tmp_path: Path) -> None:
    mapping = {"fields": {"external_id": "id", "title": "title"}, "prefer": {"kind": "external"}}
    mapped = str(written(tmp_path, json.dumps(mapping), "map.json"))
    rows = [
        [1, "Clerk", "internal"],
        [1, "Clerk", "external"],
        [2, "Cook (staff)", "internal"],
        [2, "Cook", "external"],
    ]
    path = written(tmp_path, as_csv(["id", "title", "kind"], rows))
    for attempt in range(2):
        report = bring_jobs(path, mapping=mapped)
        assert report.conserves
        assert (report.outcomes["created"], report.outcomes["held"]) == (2 if attempt == 0 else 0, 1)
        assert report.merged == 1
    assert Job.objects.get(external_id="2").title == "Cook"
    held = HeldRow.objects.get()  # once, though the file came twice
    assert (held.line, held.error, held.row["title"]) == (4, "conflicting_duplicate", "Cook (staff)")


def test_a_malformed_file_leaves_nothing_behind_not_even_of_the_file_before_it(tmp_path: Path) -> None:
    good = written(tmp_path, as_csv(["id", "title"], [[1, "Nurse"]]), "good.csv")
    bad = written(tmp_path, 'id,title\n1,Cook\n2,"Driver\n', "bad.csv")
    wish = Wish(rejects_folder=tmp_path)
    with pytest.raises(MalformedFile, match=r"bad\.csv, line 3, field “title”.*Nothing was imported"):
        import_jobs([good, bad], wish=wish, by=MACHINE)
    assert (Job.objects.count(), ImportBatch.objects.count()) == (0, 0)


def test_a_dry_run_counts_and_keeps_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, as_csv(["id", "title"], [[1, "Nurse"], [2, ""]]))
    report = bring_jobs(path, dry_run=True)
    assert (report.outcomes["created"], report.outcomes["rejected"], report.rejects_file) == (1, 1, "")
    assert (Job.objects.count(), ImportBatch.objects.count(), Skill.objects.count()) == (0, 0, 0)
    assert not (tmp_path / "rejected").exists()


def test_a_strict_import_refuses_the_whole_for_one_row(tmp_path: Path) -> None:
    path = written(tmp_path, as_csv(["id", "title"], [[1, "Nurse"], [2, ""]]))
    with pytest.raises(MalformedFile, match="missing_title"):
        bring_jobs(path, strict=True)
    assert not Job.objects.exists()


def test_a_mapping_is_remembered_for_the_same_headers(tmp_path: Path) -> None:
    odd = {"fields": {"external_id": "Nr", "title": "Stelle", "description": ["Text", "Wir suchen"]},
           "constants": {"pay_currency": "EUR", "country": "DE"}, "source": "haus"}  # fmt: skip
    mapped = str(written(tmp_path, json.dumps(odd), "haus.json"))
    path = written(
        tmp_path, as_csv(["Nr", "Stelle", "Text", "Wir suchen"], [[1, "Koch", "Suppen", "Geduld"]])
    )
    with pytest.raises(MalformedFile, match="missing_column"):
        bring_jobs(path)
    wish = Wish(rejects_folder=tmp_path, mapping=mapped)
    remember_mapping("jobs", preview_file("jobs", path, wish), "our house")
    report = bring_jobs(path)
    assert report.mapping == "our house (saved)"
    job = Job.objects.get(external_source="haus")
    assert (job.title, job.country, job.description) == ("Koch", "DE", "Suppen\n\nWir suchen\nGeduld")
    assert ImportMapping.objects.get().name == "our house"
    with pytest.raises(Invalid, match="no mapping"):
        bring_jobs(path, mapping="somebody else's")


def test_a_mapping_for_other_columns_is_refused_and_not_half_used(tmp_path: Path) -> None:
    with pytest.raises(MalformedFile, match="missing_column"):
        bring_jobs(written(tmp_path, as_csv(["id", "title"], [[1, "Nurse"]])), mapping="nyc-open-data")


def test_rows_without_ids_are_known_by_what_they_say(tmp_path: Path) -> None:
    rows = [["Nurse", "Berlin"], ["Nurse", "Bonn"], ["Nurse", "Berlin"]]
    for expected in ({"created": 2, "unchanged": 1}, {"unchanged": 3}):
        report = bring_jobs(written(tmp_path, as_csv(["title", "city"], rows)))
        assert {name: count for name, count in report.outcomes.items() if count} == expected


def test_a_resume_is_not_a_job(tmp_path: Path) -> None:
    report = bring_jobs(written(tmp_path, json.dumps({"basics": {"name": "Nora"}})))
    assert report.errors == {"not_a_job": 1}


def test_only_the_talent_team_imports(tmp_path: Path) -> None:
    path = written(tmp_path, as_csv(["id", "title"], [[1, "Nurse"]]))
    with pytest.raises(NotAllowed):
        import_jobs([path], wish=Wish(rejects_folder=tmp_path), by=Actor.anonymous())


def test_a_large_file_costs_statements_by_the_batch(
    tmp_path: Path, django_assert_max_num_queries: Any
) -> None:
    rows = [[n, f"Nurse {n}", "Berlin"] for n in range(2_500)]
    path = written(tmp_path, as_csv(["id", "title", "city"], rows))
    with django_assert_max_num_queries(40):
        assert bring_jobs(path).outcomes["created"] == 2_500
    with django_assert_max_num_queries(25):
        assert bring_jobs(path).outcomes["unchanged"] == 2_500


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["", "1", "2", "3", "4"]),
        st.sampled_from(["", "Nurse", "Cook", "=1+1", "\x01", "Ärztin", "x" * 400]),
        st.sampled_from(["", "0", "10", "30", "much"]),
        st.sampled_from(["", "5", "20"]),
        st.sampled_from(["", "EUR", "Taler"]),
        st.sampled_from(["", "2026-11-01", "1/2/2026", "never"]),
    ),
    max_size=25,
)


class CountsConserve(TestCase):
    """Whatever a file holds, read = created + updated + unchanged + held + rejected; twice is once."""

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(rows=ROWS)
    def test_over_any_mixture_of_rows(self, rows: list[tuple[str, ...]]) -> None:
        import tempfile

        with tempfile.TemporaryDirectory() as name:
            columns = ["id", "title", "salary min", "salary max", "currency", "posted"]
            path = written(Path(name), as_csv(columns, rows))
            options = {"constants": {"pay_period": "hour"}}
            first = bring_jobs(path, **options)
            stored = list(Job.objects.order_by("pk").values())
            second = bring_jobs(path, **options)
        told = [row for row in rows if any(cell.strip() for cell in row)]
        assert first.read == second.read == len(told)
        assert first.conserves
        assert second.conserves
        assert second.outcomes["created"] == second.outcomes["updated"] == 0
        assert (first.outcomes["held"], first.errors) == (second.outcomes["held"], second.errors)
        assert list(Job.objects.order_by("pk").values()) == stored
        assert len(stored) == first.outcomes["created"]
        assert all(batch.finished_at for batch in ImportBatch.objects.all())


@needs_real_data
def test_the_nyc_postings_are_all_accounted_for(tmp_path: Path) -> None:
    path = REAL_DATA / "jobs" / "nyc_jobs.csv"
    wish = Wish(rejects_folder=tmp_path)
    (first,) = import_jobs([path], wish=wish, by=MACHINE)
    assert first.mapping == "nyc-open-data (built in)"
    assert {name: first.outcomes[name] for name in ("created", "unchanged", "held", "rejected")} == {
        "created": 2_186, "unchanged": 1_778, "held": 10, "rejected": 3,
    }  # fmt: skip
    assert first.read == 3_977
    assert first.errors == {"conflicting_duplicate": 10, "bad_date": 3}
    (second,) = import_jobs([path], wish=wish, by=MACHINE)
    assert (second.read, second.outcomes["unchanged"], second.outcomes["held"]) == (3_977, 3_964, 10)
    assert not Job.objects.filter(description__contains="â€").exists(), "mojibake is repaired"
    hourly = Job.objects.filter(pay_period="hour")
    assert hourly.filter(pay_min__lt=Decimal(200)).count() == hourly.exclude(pay_min=None).count()
    assert HeldRow.objects.count() == 10


@needs_real_data
def test_the_it_advertisements_come_in_with_their_odd_spellings(tmp_path: Path) -> None:
    (report,) = import_jobs(
        [REAL_DATA / "jobs" / "it_ads.json"], wish=Wish(rejects_folder=tmp_path, source="it"), by=MACHINE
    )
    assert (report.read, report.outcomes["created"], report.merged) == (489, 488, 1)
    assert Job.objects.filter(country="AM").count() > 470
