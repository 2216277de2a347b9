"""The short form of `segue peer crash-collect`: the long one is held before a release."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from segue.cli.crash_collect import Report

pytestmark = pytest.mark.peer


def test_nothing_is_lost_or_doubled_while_collector_and_database_are_struck() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(["src", os.environ.get("PYTHONPATH", "")])}
    command = [sys.executable, "-m", "segue", "peer", "crash-collect", "--json"]
    done = subprocess.run(
        [*command, "--events", "2000", "--kills", "3", "--stops", "3"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    counts = json.loads(done.stdout)
    assert (counts["sent"], counts["stored"], counts["lost"], counts["duplicates"]) == (2000, 2000, 0, 0)
    assert (counts["kills"], counts["stops"], counts["given_up"], counts["fsync"]) == (3, 3, 0, "on")
    assert counts["resent"] > 0  # the strikes fell while it was sending


@pytest.mark.parametrize(
    "wrong", [{"lost": 1}, {"duplicates": 1, "stored": 11}, {"given_up": 1}, {"stored": 9}, {"fsync": "off"}]
)
def test_the_trial_is_not_passed_with_anything_wrong(wrong: dict[str, object]) -> None:
    right = {"sent": 10, "stored": 10, "fsync": "on"}

    assert Report(**right).is_clean  # type: ignore[arg-type]  # one dictionary for many types
    assert not Report(**right | wrong).is_clean  # type: ignore[arg-type]  # as above
