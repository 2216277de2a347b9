"""The process that compiles and those that find the code made come to the same factors, to the last bit."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

FIT = """
import hashlib
from scipy import sparse
from segue.engine.sources.ials_fit import IalsSettings, fit_ials
acts = sparse.random(600, 400, 0.02, random_state=0, format="csr", dtype="float32")
found = fit_ials(sparse.csr_array(acts), IalsSettings(dim=64, iterations=2), threads=1)
print(hashlib.sha256(found.jobs.tobytes() + found.people.tobytes()).hexdigest())
"""


@pytest.mark.peer
def test_code_found_made_counts_as_code_just_made(tmp_path: Path) -> None:
    told = [_fit_with(tmp_path), _fit_with(tmp_path)]
    assert list(tmp_path.rglob("*.nbc")), "nothing was kept, so the second process compiled too"
    assert told[0] == told[1]


def _fit_with(kept: Path) -> str:
    environment = os.environ | {"NUMBA_CACHE_DIR": str(kept)}
    done = subprocess.run(
        [sys.executable, "-c", FIT], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout
