"""Folders and zips of résumés: every file accounted for, and a second time changes nothing."""

from __future__ import annotations

import json
import random
import zipfile
from pathlib import Path
from typing import Any

import pytest

from segue.catalog.actions.importing.report import Report
from segue.catalog.actions.imports import Wish
from segue.catalog.actions.resume_imports import ResumeImport, import_resumes
from segue.catalog.models import Fact, FactSource, HeldRow, ImportBatch, Person, Resume
from segue.kit.errors import NotAllowed
from tests import factories
from tests.bench.rig.resumes.as_docx import as_docx
from tests.bench.rig.resumes.as_pdf import as_pdf
from tests.bench.rig.resumes.flow import Writer
from tests.bench.rig.resumes.invent import invent
from tests.catalog.files import MACHINE, REAL_DATA
from tests.catalog.test_import_people import NORA
from tests.ports.resumes import hostile

pytestmark = [pytest.mark.django_db, pytest.mark.peer]


def bring(path: Path, folder: Path, **wish: Any) -> list[Report]:
    return import_resumes(path, wish=Wish(rejects_folder=folder / "rejects", **wish), by=MACHINE)


def everything() -> list[list[dict[str, Any]]]:
    kept = [model.objects.order_by("pk").values() for model in (Person, Fact, Resume)]
    return [list(rows) for rows in kept]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two people twice over, somebody's JSON, and three files that cannot be read."""
    place = tmp_path / "resumes"
    (place / "deep").mkdir(parents=True)
    rng = random.Random(5)
    for code, layout, make, name in (
        ("de", "table", as_pdf, "anna.pdf"),
        ("fr", "sidebar_left", as_docx, "deep/bruno.docx"),
    ):
        sheet, _truth = Writer(invent(code, rng), layout, rng).sheet()
        (place / name).write_bytes(make(sheet, rng)[0])
    (place / "again.pdf").write_bytes((place / "anna.pdf").read_bytes())
    (place / "nora.json").write_text(json.dumps(NORA))
    (place / "locked.pdf").write_bytes(hostile.pdf(password="x"))
    (place / "empty.docx").write_bytes(b"")
    (place / "photo.pdf").write_bytes(b"\x89PNG" + bytes(90))
    (place / ".hidden").write_text("not for us")
    return place


def test_every_file_is_accounted_for(folder: Path, tmp_path: Path) -> None:
    tables, files = bring(folder, tmp_path)
    assert (tables.read, tables.outcomes["created"]) == (1, 1)
    assert files.conserves
    assert (files.read, files.outcomes["created"], files.outcomes["unchanged"], files.outcomes["held"]) == (
        6,
        2,
        1,
        3,
    )
    assert dict(files.errors) == {"encrypted": 1, "empty_file": 1, "wrong_type": 1}
    assert set(HeldRow.objects.values_list("error", flat=True)) == {"encrypted", "empty_file", "wrong_type"}
    assert all(row.row["remedy"] for row in HeldRow.objects.all())
    assert "locked.pdf" in Path(files.rejects_file).read_text()
    batch = ImportBatch.objects.get(pk=files.batch_id)
    assert (batch.read, batch.created, batch.held) == (6, 2, 3)


def test_people_come_with_facts_that_say_where_they_stand(folder: Path, tmp_path: Path) -> None:
    bring(folder, tmp_path)
    position = Fact.objects.filter(kind="position", source=FactSource.PARSED).first()
    assert position is not None
    assert position.resume is not None
    quote = position.resume.text[position.span_start : position.span_end]
    assert position.value["title"] in quote
    assert position.value["employer"] in quote
    assert 0.5 <= position.confidence < 1
    assert position.method == "resume:layout"
    assert position.resume.file_name in {"anna.pdf", "bruno.docx", "again.pdf"}
    assert Person.objects.exclude(email=None).count() == 3


def test_a_second_run_changes_nothing(folder: Path, tmp_path: Path) -> None:
    bring(folder, tmp_path)
    before = everything()
    held = HeldRow.objects.count()
    _tables, files = bring(folder, tmp_path)
    assert (files.read, files.outcomes["unchanged"], files.outcomes["held"]) == (6, 3, 3)
    assert everything() == before
    assert HeldRow.objects.count() == held


def test_what_is_done_stays_done_after_a_stop(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("segue.catalog.actions.resume_imports.HANDFUL", 2)

    def stop(done: int, total: int) -> None:
        if done >= 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring(folder, tmp_path, progress=stop)
    done = Person.objects.filter(external_id__contains="@").count()
    assert done >= 1
    _tables, files = bring(folder, tmp_path)
    assert files.outcomes["created"] < 2
    assert Person.objects.exclude(email=None).count() == 3


def test_a_zip_is_read_as_a_folder_is(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as package:
        for file in folder.rglob("*"):
            package.write(file, file.relative_to(folder).as_posix())
    tables, files = bring(path, tmp_path)
    assert (tables.outcomes["created"], files.read, files.outcomes["created"]) == (1, 6, 2)


def test_a_dry_run_keeps_nothing(folder: Path, tmp_path: Path) -> None:
    reports = bring(folder, tmp_path, dry_run=True)
    assert [report.outcomes["created"] for report in reports] == [1, 2]
    assert not Person.objects.exists()
    assert not HeldRow.objects.exists()


def test_progress_is_told_and_ends_at_the_end(folder: Path, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    bring(folder, tmp_path, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (6, 6)


def test_a_later_resume_of_the_same_person_is_a_new_version(tmp_path: Path) -> None:
    place = tmp_path / "cv"
    place.mkdir()
    text = "Ada Berg\nada@people.example\n\nExperience\nNurse\tMar 2019 - Present\nNorth Clinic\n"
    (place / "a.txt").write_text(text)
    bring(place, tmp_path)
    (place / "b.txt").write_text(text.replace("Mar 2019 - Present", "Mar 2019 - Aug 2024"))
    report = bring(place, tmp_path)[0]
    assert (report.outcomes["unchanged"], report.outcomes["updated"]) == (1, 1)
    assert Resume.objects.count() == 2
    stands = Fact.objects.get(kind="position", superseded_at=None)
    assert stands.value["end"] == "2024-08"


def test_only_the_talent_team_imports(tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        import_resumes(tmp_path, wish=Wish(rejects_folder=tmp_path), by=factories.actor(factories.theo()))


def test_the_real_folder_conserves_and_a_second_run_changes_nothing(tmp_path: Path) -> None:
    place = REAL_DATA / "resumes"
    if not place.is_dir():
        pytest.skip("the real résumés are not here: point SEGUE_TEST_DATA at the folder that holds resumes/")
    first = bring(place, tmp_path)
    assert all(report.conserves for report in first)
    texts = next(report for report in first if report.file == "resume_texts.csv")
    assert (texts.read, texts.outcomes["created"], texts.outcomes["unchanged"]) == (970, 174, 796)
    before = everything()
    second = bring(place, tmp_path)
    assert sum(report.outcomes["created"] + report.outcomes["updated"] for report in second) == 0
    assert everything() == before


def test_a_run_knows_its_files_before_it_begins(folder: Path, tmp_path: Path) -> None:
    run = ResumeImport(folder, [], source="import", rejects=tmp_path / "r.csv", by=MACHINE)
    assert run.run().read == 0
