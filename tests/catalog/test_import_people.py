"""People from files: once each, however often they are sent, and with where each fact came from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from segue.catalog.actions.facts import Said, state_facts
from segue.catalog.actions.people import welcome_person
from segue.catalog.models import Fact, FactKind, FactSource, HeldRow, Person, Resume
from segue.catalog.queries.people import find_person
from segue.kit.actor import Actor, Role
from tests.catalog.files import MACHINE, REAL_DATA, as_csv, bring_people, needs_real_data, written

pytestmark = pytest.mark.django_db

NORA: dict[str, Any] = {
    "basics": {
        "name": "Nora Lind",
        "label": "Data engineer",
        "email": "Nora@people.example",
        "phone": "+46 8 1",
        "summary": "I make pipelines in Python.",
        "location": {"city": "Stockholm", "countryCode": "SE"},
    },
    "work": [
        {"name": "Halden", "position": "Engineer", "startDate": "2020-01", "highlights": ["Moved it to SQL"]}
    ],
    "education": [{"institution": "KTH", "area": "Physics", "studyType": "MSc"}],
    "skills": [{"name": "Data", "keywords": ["JS", "Airflow"]}],
}


def test_a_json_resume_becomes_one_person_with_facts(tmp_path: Path) -> None:
    report = bring_people(written(tmp_path, json.dumps(NORA)))
    assert (report.read, report.outcomes["created"], report.conserves) == (1, 1, True)
    nora = find_person(MACHINE, "nora@people.example")
    assert (nora.name, nora.headline, nora.phone) == ("Nora Lind", "Data engineer", "+46 8 1")
    assert (nora.city, nora.country, nora.time_zone) == ("Stockholm", "SE", "Europe/Stockholm")
    assert nora.lat == pytest.approx(59.33)
    assert {"javascript", "python", "sql"} <= set(nora.skills), "JS is JavaScript in our words"
    position = Fact.objects.get(person=nora, kind=FactKind.POSITION)
    assert (position.value["employer"], position.source, position.method) == (
        "Halden",
        "ats",
        "import:import",
    )
    python = Fact.objects.get(person=nora, normalised="python")
    assert python.source == FactSource.PARSED
    assert python.resume is not None
    assert python.resume.text[python.span_start : python.span_end] == "Python"


def test_a_second_import_changes_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, json.dumps([NORA]))
    bring_people(path)
    before = (list(Person.objects.values()), list(Fact.objects.values()), list(Resume.objects.values()))
    assert bring_people(path).outcomes["unchanged"] == 1
    assert (
        list(Person.objects.values()),
        list(Fact.objects.values()),
        list(Resume.objects.values()),
    ) == before


def test_a_new_version_supersedes_what_it_no_longer_says(tmp_path: Path) -> None:
    bring_people(written(tmp_path, json.dumps(NORA)))
    basics = NORA["basics"] | {"phone": "+46 8 2", "summary": "I make pipelines in Java."}
    later = NORA | {"basics": basics, "skills": [{"name": "Airflow"}]}
    report = bring_people(written(tmp_path, json.dumps(later)))
    nora = Person.objects.get()
    assert report.outcomes["updated"] == 1
    assert nora.phone == "+46 8 2"
    assert "java" in nora.skills
    assert not {"python", "javascript"} & set(nora.skills)
    assert Resume.objects.filter(person=nora).count() == 2
    assert Fact.objects.filter(person=nora, value="+46 8 1", superseded_at__isnull=False).exists()


def test_an_import_never_outweighs_the_candidate(tmp_path: Path) -> None:
    nora, _ = welcome_person(email="nora@people.example", name="Nora", by=MACHINE)
    herself = Actor(role=Role.CANDIDATE, person_id=nora.pk)
    said = [Said(FactKind.NAME, "Nora Lindqvist"), Said(FactKind.CITY, "Uppsala")]
    state_facts(nora, said, source=FactSource.CANDIDATE, by=herself)
    assert bring_people(written(tmp_path, json.dumps(NORA))).outcomes["updated"] == 1
    nora.refresh_from_db()
    assert (nora.name, nora.city, nora.phone) == ("Nora Lindqvist", "Uppsala", "+46 8 1")
    assert bring_people(written(tmp_path, json.dumps(NORA))).outcomes["unchanged"] == 1


def test_two_sources_may_know_one_person_without_quarrelling(tmp_path: Path) -> None:
    one = written(
        tmp_path, as_csv(["id", "name", "email", "phone"], [[1, "Nora", "nora@people.example", "1"]]), "1.csv"
    )
    two = written(
        tmp_path,
        as_csv(["id", "name", "email", "phone"], [[9, "N. L.", "nora@people.example", "2"]]),
        "2.csv",
    )
    assert bring_people(one, source="ats").outcomes["created"] == 1
    assert bring_people(two, source="crm").outcomes["updated"] == 1
    for path, source in ((one, "ats"), (two, "crm"), (one, "ats")):
        assert bring_people(path, source=source).outcomes["unchanged"] == 1
    assert Person.objects.count() == 1


def test_people_whose_address_and_id_disagree_wait_for_a_person(tmp_path: Path) -> None:
    rows = [
        [1, "Nora", "one@people.example"],
        [2, "Ned", "ONE@people.example"],
        [3, "Ann", "ann@people.example"],
    ]
    path = written(tmp_path, as_csv(["id", "name", "email"], rows))
    for _attempt in range(2):
        report = bring_people(path)
        assert report.conserves
        assert (report.outcomes["held"], report.errors) == (1, {"household_conflict": 1})
    assert HeldRow.objects.count() == 1
    rows[0][2], rows[1][2] = "ann@people.example", "ned@people.example"
    report = bring_people(written(tmp_path, as_csv(["id", "name", "email"], rows[:1])))
    assert report.errors == {"identity_conflict": 1}


def test_each_bad_row_is_refused_by_name(tmp_path: Path) -> None:
    rows = [
        ["", "Nobody in particular", "", "", ""],
        [2, "Bad", "not an address", "", ""],
        [3, "Far", "", "Narnia", ""],
        [4, "Long", "", "", "9" * 41],
        [5, "+49 is a fine name", "", "", "+49 30 1"],
    ]
    report = bring_people(written(tmp_path, as_csv(["id", "name", "email", "country", "phone"], rows)))
    assert report.errors == {"no_identity": 1, "bad_email": 1, "bad_country": 1, "bad_phone": 1}
    assert Person.objects.get().phone == "+49 30 1"


def test_a_job_is_not_a_person(tmp_path: Path) -> None:
    for job in (
        {"@type": "JobPosting", "title": "Nurse"},
        {"title": "Nurse", "company": "Us", "date": "2024-07"},
    ):
        report = bring_people(written(tmp_path, json.dumps(job)))
        assert report.errors == {"not_a_resume": 1}
    assert not Person.objects.exists()


def test_names_in_two_columns_and_places_in_one(tmp_path: Path) -> None:
    columns = ["First name", "Last name", "E-mail", "Location", "Skills", "Work permits"]
    row = ["Łucja", "Żak", "l@people.example", "Kraków, Poland", "Python; deep sea diving", "PL, DE"]
    bring_people(written(tmp_path, as_csv(columns, [row])))
    person = Person.objects.get()
    assert (person.name, person.city, person.country) == ("Łucja Żak", "Kraków", "PL")
    assert person.skills == ["python", "deep-sea-diving"]
    assert person.permits == ["PL", "DE"]


@needs_real_data
def test_the_resume_texts_are_people_once_each(tmp_path: Path) -> None:
    path = REAL_DATA / "resumes" / "resume_texts.csv"
    first, second = bring_people(_copy(path, tmp_path)), bring_people(_copy(path, tmp_path))
    assert (first.read, first.outcomes["created"], first.merged) == (970, 174, 796)
    assert (second.read, second.outcomes["unchanged"]) == (970, 970)
    assert Person.objects.filter(email=None, name__startswith="Imported résumé ").count() == 174
    assert Person.objects.exclude(skills=[]).count() >= 170
    assert not Resume.objects.filter(text__contains="Ã¯").exists()


@needs_real_data
def test_the_sample_resume_and_the_sample_job(tmp_path: Path) -> None:
    folder = REAL_DATA / "resumes" / "jsonresume"
    assert bring_people(_copy(folder / "sample.resume.json", tmp_path)).outcomes["created"] == 1
    assert bring_people(_copy(folder / "sample.job.json", tmp_path)).errors == {"not_a_resume": 1}
    assert Person.objects.get().name == "Richard Hendriks"


@needs_real_data
def test_a_file_of_many_sources_conserves_its_counts(tmp_path: Path) -> None:
    whole = (REAL_DATA / "er" / "recruiting_synth.csv").read_text(encoding="utf-8")
    part = "".join(whole.splitlines(keepends=True)[:1_501])
    report = bring_people(written(tmp_path, part))
    assert report.conserves
    assert report.read == 1_500
    assert set(report.errors) <= {"shared_email", "household_conflict"}


def _copy(path: Path, folder: Path) -> Path:
    """The rejects go beside the file, and the real folder is not ours to write to."""
    return written(folder, path.read_bytes(), path.name)
