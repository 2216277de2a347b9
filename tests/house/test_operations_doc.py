"""docs/operations.md is true: every setting the code reads is explained there, and no other."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NOT_FOR_OPERATORS = {"SEGUE_RUN"}  # tells children of ./run how they were started


def _settings_read() -> set[str]:
    found = set()
    for path in [ROOT / "run", *(ROOT / "src").rglob("*.py")]:
        found |= set(re.findall(r"\bSEGUE_[A-Z_]+[A-Z]\b", path.read_text(encoding="utf-8")))
    text = (ROOT / "src/segue/settings.py").read_text(encoding="utf-8")
    return found | {f"SEGUE_{name}" for name in re.findall(r'(?:knob|switch)\("([A-Z_]+)"', text)}


def test_every_setting_has_its_line() -> None:
    document = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| `(SEGUE_[A-Z_]+)`", document, flags=re.MULTILINE))
    assert explained == _settings_read() - NOT_FOR_OPERATORS


def test_the_metrics_it_names_exist() -> None:
    document = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    for name in set(re.findall(r"segue_[a-z]+_[a-z_]+", document)):
        assert f'"{name.removesuffix("_total")}"' in source, name
