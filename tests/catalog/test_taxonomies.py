"""A public classification comes in from its publisher's files, once however often, in any language."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from segue.catalog.actions.importing.problems import MalformedFile
from segue.catalog.actions.taxonomies import TaxonomyReport, import_taxonomy
from segue.catalog.models import TaxonomyTerm, TermKind
from segue.kit.actor import Actor
from segue.kit.errors import Invalid

pytestmark = pytest.mark.django_db
CONSOLE = Actor.machine("console")
NURSE = "29-1141.00"
OTHERS = "O*NET-SOC Code\tAlternate Title"
HEAD = "conceptUri,preferredLabel,altLabels,hiddenLabels"


def esco(folder: Path, language: str = "en", skills: str = "", occupations: str = "") -> Path:
    for stem, rows in (("skills", skills), ("occupations", occupations)):
        (folder / f"{stem}_{language}.csv").write_text(f"{HEAD}\n{rows}", encoding="utf-8-sig")
    return folder


def onet(folder: Path) -> Path:
    files = {
        "Occupation Data.txt": "O*NET-SOC Code\tTitle\n29-1141.00\tRegistered Nurses\n",
        "Alternate Titles.txt": f"{OTHERS}\n{NURSE}\tWard Nurse\n{NURSE}\tward nurse\n",
        "Technology Skills.txt": "O*NET-SOC Code\tExample\n29-1141.00\tMEDITECH\n29-1141.00\tMEDITECH\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_skills_and_occupations_come_in_with_their_other_names(tmp_path: Path) -> None:
    esco(tmp_path, skills='u:1,dress wounds,"wound care\nbandaging",\n', occupations="u:2,nurse,,RN\n")
    assert import_taxonomy("esco", tmp_path, by=CONSOLE) == TaxonomyReport(2, 2, 0, 0)
    skill, job = TaxonomyTerm.objects.order_by("code")
    assert (skill.kind, skill.label, skill.names) == (
        TermKind.SKILL, "dress wounds", ["wound care", "bandaging"],
    )  # fmt: skip
    assert (job.kind, job.names) == (TermKind.OCCUPATION, ["RN"])


def test_a_second_time_changes_nothing_and_another_language_adds_its_names(tmp_path: Path) -> None:
    esco(tmp_path, skills="u:1,dress wounds,,\n")
    import_taxonomy("esco", tmp_path, by=CONSOLE)
    assert import_taxonomy("esco", tmp_path, by=CONSOLE) == TaxonomyReport(1, 0, 0, 1)
    german = tmp_path / "de"
    german.mkdir()
    esco(german, "de", skills="u:1,Wunden versorgen,Wundversorgung,\n")
    assert import_taxonomy("esco", german, by=CONSOLE) == TaxonomyReport(1, 0, 1, 0)
    assert TaxonomyTerm.objects.get().names == ["Wunden versorgen", "Wundversorgung"]


def test_a_zip_is_as_good_as_its_folder(tmp_path: Path) -> None:
    onet(tmp_path)
    with zipfile.ZipFile(tmp_path / "db.zip", "w") as archive:
        for file in tmp_path.glob("*.txt"):
            archive.write(file, f"db_29/{file.name}")
    report = import_taxonomy("onet", tmp_path / "db.zip", by=CONSOLE)
    assert report == TaxonomyReport(2, 2, 0, 0)
    assert import_taxonomy("onet", tmp_path, by=CONSOLE).unchanged == 2
    assert TaxonomyTerm.objects.get(kind=TermKind.OCCUPATION).names == ["Ward Nurse"]
    assert TaxonomyTerm.objects.get(kind=TermKind.SKILL).label == "MEDITECH"


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("notes.txt", "hello", "missing_file"),
        ("skills_en.csv", "label\nnursing\n", "missing_column"),
        ("skills_en.csv", HEAD.encode().decode() + "\n\xff", ""),
    ],
)
def test_other_files_are_refused_by_name_and_nothing_is_kept(
    tmp_path: Path, name: str, text: str, code: str
) -> None:
    (tmp_path / name).write_bytes(text.encode("latin-1"))
    with pytest.raises(MalformedFile) as refused:
        import_taxonomy("esco", tmp_path, by=CONSOLE)
    assert refused.value.code == (code or "not_text")
    assert refused.value.remedy
    assert not TaxonomyTerm.objects.exists()


def test_what_is_no_classification_is_named(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="rome"):
        import_taxonomy("rome", tmp_path, by=CONSOLE)
    with pytest.raises(MalformedFile, match="neither a folder nor a zip"):
        import_taxonomy("esco", tmp_path / "nowhere.zip", by=CONSOLE)
