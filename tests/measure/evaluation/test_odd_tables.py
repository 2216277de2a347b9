"""Both stages measure themselves on tables that say little, the wrong thing, or the same everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.measure.evaluation.logs import crowd, measured, write

OURS = ("segue", "segue-stage1")
Column = Sequence[Any]
ODD: dict[str, tuple[dict[str, Column], dict[str, Column]]] = {
    "nothing but ids": ({}, {}),
    "numbers only": ({"years": range(30)}, {"pay": [1000 * n for n in range(20)]}),
    "the same everywhere": ({"years": [5] * 30}, {"text": ["nurse"] * 20, "level": [1] * 20}),
    "nearly empty": ({"degree": ["BA"] + [""] * 29}, {"text": ["cook"] + [""] * 19, "place": [""] * 20}),
    "names in common, not in kind": ({"level": ["high", "low"] * 15}, {"level": list(range(20))}),
    "other scripts and one of each": (
        {"text": [f"ممرض {n}" for n in range(30)]},
        {"text": [f"看護師 {n}" for n in range(20)], "code": [f"u{n}" for n in range(20)]},
    ),
}


def table(path: Path, letter: str, size: int, columns: dict[str, Column]) -> Path:
    rows = zip([f"{letter}{n}" for n in range(size)], *columns.values(), strict=True)
    return write(path, ("id", *columns), *rows)


@pytest.mark.parametrize("direction", ["people", "jobs"])
@pytest.mark.parametrize("name", list(ODD))
def test_an_odd_table_breaks_nothing(tmp_path: Path, name: str, direction: str) -> None:
    people, jobs = ODD[name]
    told = measured(
        interactions=crowd(tmp_path / "log.csv"),
        people=table(tmp_path / "people.csv", "p", 30, people),
        jobs=table(tmp_path / "jobs.csv", "j", 20, jobs),
        direction=direction,
        split="random",
        models=OURS,
    )
    for model in OURS:
        assert "error" not in told["models"][model]
        assert 0.0 <= told["models"][model]["recall@10"] <= 1.0
