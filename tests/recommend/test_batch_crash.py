"""Mixes whose writer is killed anywhere: yesterday's file stays, and the next run makes the very same one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from segue.kit.actor import Actor
from segue.ports.compute import SerialEngine
from segue.recommend.actions.batch import write_mixes
from segue.recommend.mix_files import MixFolder
from tests.conftest import address_of_test_database
from tests.recommend.crowd_stage import crowd
from tests.recommend.stage import market

pytestmark = [pytest.mark.peer, pytest.mark.django_db(transaction=True)]

POINTS = {  # where it is killed: how many parts are done, whether a file is there
    "the plan half there": (0, False),
    "a part half there": (2, False),
    "some parts there": (2, False),
    "all parts there": (4, False),
    "the file half there": (4, False),
    "published": (4, True),
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> MixFolder:
    settings.MIXES_DIR = str(tmp_path / "mixes")
    return MixFolder.of_settings()


def kill_at(point: str, folder: MixFolder) -> None:
    environment = os.environ | {
        "SEGUE_DATABASE_URL": address_of_test_database(),
        "SEGUE_MIXES_DIR": str(folder.path),
        "PYTHONPATH": os.pathsep.join([".", "src"]),
    }
    command = [sys.executable, "-m", "tests.recommend.mixer_on_stage", point]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr[-2000:]


@pytest.mark.parametrize("point", POINTS)
def test_killed(point: str, folder: MixFolder, tmp_path: Path, settings: Any) -> None:
    crowd(market(12), 16)
    kill_at(point, folder)
    assert (len(folder.parts()), folder.mixes.exists()) == POINTS[point]
    done = write_mixes(by=Actor.machine("nightly"), k=5, stretch=4, engine=SerialEngine())
    assert (done.is_done, done.people) == (True, 16)
    found = pq.read_table(folder.mixes)
    assert not list(folder.path.rglob("*.half"))

    settings.MIXES_DIR = str(tmp_path / "unbroken")
    write_mixes(by=Actor.machine("nightly"), k=5, stretch=4, engine=SerialEngine())
    assert found.equals(pq.read_table(MixFolder.of_settings().mixes))
