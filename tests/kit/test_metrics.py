"""Counters of several processes, in one scrape."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from segue.kit import metrics

COUNT_THREE = """
import django; django.setup()
from segue.kit.metrics import Counter
Counter("segue_stage_steps", "Steps.").inc(3)
print("counted", flush=True)
input()
"""


@pytest.mark.peer
def test_one_scrape_tells_of_all_processes() -> None:
    environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(metrics.FOLDER), "PYTHONPATH": "src"}
    command = [sys.executable, "-c", COUNT_THREE]
    with ExitStack() as stack:
        for _ in range(2):
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
            process = stack.enter_context(subprocess.Popen(command, env=environment, **pipes))
            assert process.stdout is not None
            assert process.stdout.readline() == b"counted\n"
        assert b"segue_stage_steps_total 6.0" in metrics.page()


def test_a_site_that_is_wholly_down_is_forgotten(tmp_path: Path) -> None:
    (tmp_path / "counter_999999999.db").touch()
    (tmp_path / "histogram_999999998.db").touch()
    assert metrics.forget_dead(tmp_path)
    assert not list(tmp_path.iterdir())


def test_while_one_counts_the_dead_ones_figures_stay(tmp_path: Path) -> None:
    (tmp_path / "counter_999999999.db").touch()
    (tmp_path / f"counter_{os.getpid()}.db").touch()
    assert not metrics.forget_dead(tmp_path)
    assert len(list(tmp_path.iterdir())) == 2
