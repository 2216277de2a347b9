"""The tree as it stands keeps every rule of the house. A finding says where and what to do instead."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.house import checks

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("check", checks.QUICK, ids=lambda check: check.__name__)
def test_rule(check: checks.Check) -> None:
    found = check(ROOT)
    assert not found, f"{check.__doc__}\n" + "\n".join(found)


@pytest.mark.peer
@pytest.mark.parametrize("check", checks.SLOW, ids=lambda check: check.__name__)
def test_rule_asked_of_another_interpreter(check: checks.Check) -> None:
    found = check(ROOT)
    assert not found, f"{check.__doc__}\n" + "\n".join(found)


def test_every_room_has_its_place_in_the_contract() -> None:
    rooms = {path.stem for path in (ROOT / "src/segue").iterdir() if not path.name.startswith("_")}
    rooms -= {"py", "locale"}  # py.typed, and what texts are in other languages: no code
    assert rooms <= set(checks.rooms_in_order(ROOT))


def test_the_allowance_holds_only_functions_that_need_it() -> None:
    """The ratchet tightens: what has become short loses its exemption."""
    for place in checks.LONG_FUNCTIONS:
        path, _, name = place.partition(":")
        assert f"def {name}(" in (ROOT / path).read_text(), f"{place} is gone; strike it from the list"


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    said = StringIO()
    try:
        call_command("makemigrations", "--check", "--dry-run", stdout=said, stderr=said)
    except SystemExit:
        pytest.fail(f"Run `segue makemigrations`:\n{said.getvalue()}")
