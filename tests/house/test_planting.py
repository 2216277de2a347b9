"""The rules bite: each violation planted into a copy of the tree is found, and named where it is."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.house import checks
from tests.house.test_rules import ROOT

Plant = Callable[[str, str], None]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One copy of the tree's sources for all plantings."""
    tree = tmp_path_factory.mktemp("tree")
    shutil.copytree(ROOT / "src", tree / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tree)
    (tree / "tests").mkdir()
    return tree


@pytest.fixture
def plant(copy: Path, request: pytest.FixtureRequest) -> Plant:
    """Append to a file of the copy (or make it), and take it back after the test."""

    def append(name: str, text: str) -> None:
        path = copy / name
        before = path.read_text() if path.exists() else None

        def take_back() -> None:
            path.unlink() if before is None else path.write_text(before)

        request.addfinalizer(take_back)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text((before or "") + text)

    return append


def _sole_finding(check: checks.Check, tree: Path) -> str:
    found = check(tree)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.peer
def test_an_upward_import_is_found(copy: Path, plant: Plant) -> None:
    plant("src/segue/catalog/queries/planted.py", "from segue.hire.models import Application\n")
    found = checks.import_contracts(copy)
    assert any("segue.catalog.queries.planted" in line and "segue.hire" in line for line in found), found


@pytest.mark.peer
def test_an_import_upward_within_a_room_is_found(copy: Path, plant: Plant) -> None:
    plant("src/segue/trust/queries/planted.py", "from segue.trust.actions import consent\n")
    assert any("segue.trust.queries.planted" in line for line in checks.import_contracts(copy))


@pytest.mark.peer
def test_an_unknown_room_is_found(copy: Path, plant: Plant) -> None:
    plant("src/segue/attic/__init__.py", "")
    assert any("attic" in line for line in checks.import_contracts(copy))


@pytest.mark.peer
def test_an_upward_string_foreign_key_and_an_unregistered_model_are_found(copy: Path, plant: Plant) -> None:
    plant(
        "src/segue/catalog/models/people.py",
        "\n\nclass Diary(models.Model):\n"
        '    application = models.ForeignKey("hire.Application", on_delete=models.CASCADE)\n',
    )
    assert sorted(checks.models(copy)) == [
        "catalog.Diary is not in the privacy register",
        "catalog.Diary.application points up to hire.Application",
    ]


@pytest.mark.parametrize("name", ["objects", "_default_manager"])
def test_a_manager_in_web_is_found(name: str, copy: Path, plant: Plant) -> None:
    plant("src/segue/web/planted.py", f"def view(request, Job):\n    return Job.{name}.all()\n")
    assert _sole_finding(checks.doors_without_managers, copy).startswith("src/segue/web/planted.py:2")


@pytest.mark.parametrize(
    "line",
    [
        "person.save()",
        "person.delete()",
        "Person.objects.filter(name='').delete()",
        "Person.objects.create(name='')",
        "people.update(name='')",
        "Person.objects.bulk_create([])",
        "Person.objects.bulk_update([], [])",
        "Person.objects.get_or_create(name='')",
        "Person.objects.update_or_create(name='')",
        "cursor.execute('INSERT INTO catalog_person VALUES (1)')",
        "cursor.execute('DELETE FROM catalog_person')",
        "cursor.execute('UPDATE catalog_person SET name = 1')",
        "cursor.execute('TRUNCATE catalog_person')",
    ],
)
@pytest.mark.parametrize("room", ["catalog/queries", "web", "ports", "cli"])
def test_a_state_change_outside_an_action_is_found(room: str, line: str, copy: Path, plant: Plant) -> None:
    plant(f"src/segue/{room}/planted.py", f"def read(person, people, Person, cursor):\n    {line}\n")
    assert _sole_finding(checks.state_changes, copy).startswith(f"src/segue/{room}/planted.py:2")


@pytest.mark.parametrize(
    "line", ["seen.update(other)", "digest.update(b'x')", "row.pop('save')", "box.delete(3)"]
)
def test_what_only_looks_like_a_state_change_is_left_alone(line: str, copy: Path, plant: Plant) -> None:
    plant("src/segue/catalog/queries/planted.py", f"def read(seen, other, digest, row, box):\n    {line}\n")
    assert checks.state_changes(copy) == []


@pytest.mark.parametrize(
    "room", ["learn", "recommend", "hire", "engage", "catalog", "trust", "listen", "web"]
)
@pytest.mark.parametrize(
    "line",
    [
        "from segue.measure.models import WorldTruth",
        "SQL = 'SELECT truth FROM measure_worldtruth'",
        "from segue.engine.world.truth import hidden",
        "from segue.engine.world import truth",
    ],
)
def test_peeking_at_the_worlds_truth_is_found(room: str, line: str, copy: Path, plant: Plant) -> None:
    plant(f"src/segue/{room}/planted.py", f"{line}\n")
    assert "reads the world's truth" in _sole_finding(checks.blind_rooms, copy)


def test_the_ranking_engine_may_not_peek_but_the_world_may(copy: Path, plant: Plant) -> None:
    plant("src/segue/engine/planted.py", "from segue.engine.world.truth import hidden\n")
    plant("src/segue/engine/world/planted.py", "from segue.engine.world.truth import hidden\n")
    assert _sole_finding(checks.blind_rooms, copy).startswith("src/segue/engine/planted.py:1")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = 1\n" * 401, "402 lines; at most 400"),
        ("def f():\n" + "    x = 1\n" * 40, "f has 41 lines; at most 40"),
        ("class C:\n" + "".join(f"    def m{n}(self): ...\n" for n in range(21)), "21 methods; at most 20"),
    ],
)
def test_what_has_grown_too_big_is_found(text: str, words: str, copy: Path, plant: Plant) -> None:
    plant("src/segue/kit/planted.py", text)
    assert words in _sole_finding(checks.sizes, copy)


@pytest.mark.parametrize("name", ["utils.py", "helpers.py", "service.py", "_base.py"])
def test_an_empty_name_is_found(name: str, copy: Path, plant: Plant) -> None:
    plant(f"src/segue/kit/{name}", "")
    assert name.removesuffix(".py") in _sole_finding(checks.empty_names, copy)


@pytest.mark.parametrize(
    "line",
    [
        "from django.db.models.signals import post_save",
        "from django.db.models import signals",
        "from django.dispatch import receiver",
        "import prometheus_client",
    ],
)
def test_an_import_past_its_only_door_is_found(line: str, copy: Path, plant: Plant) -> None:
    plant("src/segue/catalog/planted.py", f"{line}\n")
    assert checks.one_door(copy)


@pytest.mark.parametrize("words", ["noqa", "noqa: S101", "noqa: S101, S102"])
def test_looking_away_without_a_reason_is_found(words: str, copy: Path, plant: Plant) -> None:
    plant("src/segue/kit/planted.py", f"x = 1  # {words}\ny = 2  # noqa: S101 - it is only an example\n")
    assert _sole_finding(checks.reasons, copy).startswith("src/segue/kit/planted.py:1")


def test_a_lint_exemption_without_a_reason_is_found(copy: Path, plant: Plant) -> None:
    plant("pyproject.toml", '\n[tool.ruff.lint.per-file-ignores]\n"src/**" = ["E501"]\n')
    assert "without a reason" in _sole_finding(checks.reasons, copy)


@pytest.mark.parametrize(
    "body",
    [
        "    start = perf.perf_counter()\n    took = perf.perf_counter() - start\n    assert took < 1\n",
        "    start = perf.monotonic()\n    assert perf.monotonic() - start < 1\n",
    ],
)
def test_a_timing_assertion_is_found(body: str, copy: Path, plant: Plant) -> None:
    plant("tests/test_planted.py", f"import time as perf\n\n\ndef test_it():\n{body}")
    assert "asserts a duration" in _sole_finding(checks.timing_assertions, copy)


def test_a_trace_of_this_machine_is_found(copy: Path, plant: Plant) -> None:
    plant(
        "src/segue/kit/planted.py", f'HERE = "{copy}/src"\nMIRROR = "https://files.python' + 'hosted.org/x"\n'
    )
    assert [line.split(":")[1] for line in checks.traces_of_this_machine(copy)] == ["1", "2"]


@pytest.mark.parametrize(
    "line", ["<style>p{}</style>", '<p style="top:0">', '<b onclick="x()">', "<script>x()</script>"]
)
def test_an_inline_script_or_style_is_found(line: str, copy: Path, plant: Plant) -> None:
    plant("src/segue/web/templates/planted.html", f'<script src="/x.js"></script>\n{line}\n')
    assert _sole_finding(checks.strict_templates, copy).startswith("src/segue/web/templates/planted.html:2")


@pytest.mark.peer
def test_an_engine_that_needs_django_is_found(copy: Path, plant: Plant) -> None:
    plant("src/segue/engine/a_planted.py", "import django\n")
    assert any("kept away on purpose" in line for line in checks.pure_engine(copy))
