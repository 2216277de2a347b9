"""Files to import: written for a test, or the real ones where they are to hand."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from segue.catalog.actions.importing.report import Report
from segue.catalog.actions.imports import Wish, import_jobs, import_people
from segue.kit.actor import Actor

MACHINE = Actor.machine("a test")
_CHECKOUT = Path(__file__).resolve().parents[2]
REAL_DATA = Path(os.environ.get("SEGUE_TEST_DATA") or _CHECKOUT.parent / "shared" / "data")

needs_real_data = pytest.mark.skipif(
    not (REAL_DATA / "jobs" / "nyc_jobs.csv").is_file(),
    reason="the real files are not here: point SEGUE_TEST_DATA at the folder that holds jobs/ and resumes/",
)


def as_csv(columns: Sequence[str], rows: Sequence[Sequence[Any]], delimiter: str = ",") -> str:
    """Write rows as a well-behaved export would."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerows([columns, *rows])
    return out.getvalue()


def bring_jobs(path: Path, **wish: Any) -> Report:
    """Import one file of jobs."""
    return import_jobs([path], wish=Wish(rejects_folder=path.parent / "rejected", **wish), by=MACHINE)[0]


def bring_people(path: Path, **wish: Any) -> Report:
    """Import one file of people."""
    return import_people([path], wish=Wish(rejects_folder=path.parent / "rejected", **wish), by=MACHINE)[0]


def written(folder: Path, content: str | bytes, name: str = "file.csv") -> Path:
    """Put a file on disk, byte for byte."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path
