"""Files for `segue evaluate`, small enough to be judged by eye."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from segue.measure.evaluation.case import Case, Files, read_case
from segue.measure.evaluation.report import evaluate

_CHECKOUT = Path(__file__).resolve().parents[3]
REAL_DATA = Path(os.environ.get("SEGUE_TEST_DATA") or _CHECKOUT.parent / "shared" / "data")
VIEWS = REAL_DATA / "job-views"

needs_views = pytest.mark.skipif(
    not (VIEWS / "interactions.csv").is_file(),
    reason="the job-view log is not here: point SEGUE_TEST_DATA at the folder that holds job-views/",
)
needs_sequences = pytest.mark.skipif(
    not (REAL_DATA / "sequences" / "LastFM.txt").is_file(),
    reason="the sequences are not here: point SEGUE_TEST_DATA at the folder that holds sequences/",
)

BASELINES = ("popularity", "itemknn")


def write(path: Path, heads: Sequence[str], *rows: Sequence[Any]) -> Path:
    """Write a CSV."""
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([heads, *rows])
    return path


def lines(path: Path, *of_people: str) -> Path:
    """Write one line per person."""
    path.write_text("".join(f"{line}\n" for line in of_people), encoding="utf-8")
    return path


def crowd(path: Path, *, people: int = 30, jobs: int = 20, acts: int = 200, seed: int = 1) -> Path:
    """A log in which low jobs are popular."""
    rng = np.random.default_rng(seed)
    rows = []
    for n in range(acts):
        who, what = rng.integers(people), int(jobs * rng.random() ** 2)
        rows.append((f"p{who}", f"j{what}", f"2026-01-{1 + n // 24:02}T{n % 24:02}:00Z"))
    return write(path, ("person_id", "job_id", "at"), *rows)


def case(**given: Any) -> Case:
    """Read, divide and guard."""
    return read_case(Files(**given))


def measured(
    *, models: Sequence[str] = BASELINES, ks: Sequence[int] = (2, 10), **given: Any
) -> dict[str, Any]:
    """The whole report, with nobody told of the progress."""
    return evaluate(Files(**given), models=models, ks=ks, say=lambda text: None)
