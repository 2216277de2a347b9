"""A compaction killed anywhere loses nothing and doubles nothing; the next one finishes the work."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import time_machine
from pytest_django import Settings

from segue.kit import clock
from segue.listen.actions.retention import ORPHAN_AGE, sweep_orphans
from segue.listen.cold.storage import storage
from segue.listen.models import ColdFile
from tests import factories
from tests.conftest import address_of_test_database
from tests.listen.cold_stage import NEXT, a_busy_week, companions, freeze, is_hot, seen

pytestmark = [pytest.mark.peer, pytest.mark.django_db(transaction=True)]

POINTS = {  # where it is killed: is the week hot still?
    "pseudonyms drawn": True,
    "a file half there": True,
    "some files there": True,
    "all files there": True,
    "files on the list": True,
    "about to commit": True,
    "committed": False,
}


@pytest.fixture(autouse=True)
def cold_folder(tmp_path: Path, settings: Settings) -> Path:
    settings.STORAGE = str(tmp_path / "cold")
    return tmp_path / "cold"


def kill_at(point: str, folder: Path) -> None:
    environment = os.environ | {
        "SEGUE_DATABASE_URL": address_of_test_database(),
        "SEGUE_STORAGE": str(folder),
        "PYTHONPATH": os.pathsep.join([".", "src"]),
    }
    command = [sys.executable, "-m", "tests.listen.compactor_on_stage", point, NEXT.isoformat()]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr[-2000:]


@pytest.mark.parametrize("point", POINTS)
def test_killed(point: str, cold_folder: Path) -> None:
    people = [factories.make_person() for _ in range(6)]
    for person in people:
        factories.grant(person, "behaviour")
    a_busy_week(people)
    events, together = seen(), companions()

    kill_at(point, cold_folder)
    assert is_hot() == POINTS[point]
    assert seen() == events
    assert companions() == together

    freeze()
    assert not is_hot()
    assert seen() == events
    assert companions() == together

    sweep_orphans()
    known = set(ColdFile.objects.values_list("path", flat=True))
    assert known <= {file.path for file in storage().listed()}, "what may be under way is left alone"
    with time_machine.travel(clock.now() + 2 * ORPHAN_AGE):
        sweep_orphans()
    assert {file.path for file in storage().listed()} == known
    assert seen() == events
