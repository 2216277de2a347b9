"""`segue import` as a person at a terminal meets it."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from segue.catalog.models import ImportMapping, Job
from segue.cli import imports
from segue.kit.errors import Invalid, SegueError
from tests.catalog.files import as_csv, written

pytestmark = pytest.mark.django_db


def run(*words: str) -> int:
    """Call the command with these words, as the dispatcher does."""
    parser = argparse.ArgumentParser()
    imports.add_arguments(parser)
    return imports.main(parser.parse_args(words))


@pytest.fixture
def jobs(tmp_path: Path, settings: object) -> Path:
    settings.DATA_DIR = tmp_path / "data"  # type: ignore[attr-defined]  # pytest-django's settings
    rows = [[1, "Nurse", "3000"], [2, "Cook", "2500"], [2, "Cook", "2500"], [3, "", ""]]
    return written(tmp_path, as_csv(["Job ID", "Title", "Salary min"], rows), "jobs.csv")


def test_the_table_conserves_and_names_the_file_of_rejects(
    jobs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("jobs", str(jobs), "--currency", "eur", "--period", "monthly", "--country", "DE") == 0
    told = capsys.readouterr().out
    assert "read              4" in told
    assert "1 × missing_title" in told
    assert "jobs.csv.rejected.csv" in told
    assert "(1 of them repeat a row of this file)" in told
    assert Job.objects.get(external_id="1").pay_currency == "EUR"


def test_json_says_the_same_to_a_machine(jobs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("jobs", str(jobs), "--currency", "EUR", "--period", "month", "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["read"] == sum(told[name] for name in ("created", "updated", "unchanged", "held", "rejected"))
    assert (told["created"], told["merged_in_file"], told["errors"]) == (2, 1, {"missing_title": 1})


def test_a_preview_shows_the_mapping_and_writes_nothing(
    jobs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("jobs", str(jobs), "--preview") == 0
    told = capsys.readouterr().out
    assert "title            ← Title" in told
    assert "pay_without_currency_or_period" in told
    assert not Job.objects.exists()
    run("jobs", str(jobs), "--preview", "--json")
    assert json.loads(capsys.readouterr().out)["mapping"]["fields"]["pay_min"] == ["Salary min"]


def test_a_saved_mapping_is_taken_the_next_time(jobs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("jobs", str(jobs), "--currency", "EUR", "--period", "month", "--save-map", "ours")
    assert ImportMapping.objects.get().mapping["constants"]["pay_currency"] == "EUR"
    capsys.readouterr()
    run("jobs", str(jobs), "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["mapping"], told["unchanged"]) == ("ours (saved)", 3)


def test_nothing_accepted_is_a_failure_and_so_is_a_malformed_file(jobs: Path, tmp_path: Path) -> None:
    nothing = written(tmp_path, as_csv(["id", "title"], [[1, ""]]), "nothing.csv")
    assert run("jobs", str(nothing)) == 1
    broken = written(tmp_path, 'id,title\n1,"Nurse\n', "broken.csv")
    with pytest.raises(SegueError, match=r"broken\.csv, line 2, field “title”.*Close the quote"):
        run("jobs", str(broken))
    with pytest.raises(Invalid, match="One file of rejects"):
        run("jobs", str(jobs), str(nothing), "--rejects", str(tmp_path / "r.csv"))


def test_rejects_go_where_they_are_asked_to(jobs: Path, tmp_path: Path) -> None:
    asked = tmp_path / "elsewhere" / "bad.csv"
    run("jobs", str(jobs), "--currency", "EUR", "--period", "month", "--rejects", str(asked))
    assert asked.read_text().splitlines()[1].startswith("5,rejected,missing_title,title")
