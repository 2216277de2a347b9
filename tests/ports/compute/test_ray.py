"""The same shards on one process, on several, and on real Ray workers: the same counts, whoever is killed."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from segue.listen.queries.funnel import Step, question_of
from segue.listen.queries.funnel_parts import parts_of
from segue.listen.shards import count_shard
from segue.ports.compute import SerialEngine
from tests.listen.funnel_stage import CLICKED, SAVED, SHOWN, Stage, random_history

ROOT = Path(__file__).parents[3]
STEPS = [Step(SHOWN), Step(CLICKED), Step(SAVED)]


@pytest.mark.peer
@pytest.mark.django_db
def test_counts_are_identical_on_serial_pool_and_ray_with_a_worker_killed(
    tmp_path: Path, settings: Any
) -> None:
    pytest.importorskip("ray")
    settings.STORAGE = str(tmp_path / "cold")
    random_history(Stage(), seed=6)
    question = question_of(STEPS, timedelta(days=14))
    tasks = parts_of(question, ["", "", ""], is_local=True).tasks
    (tmp_path / "tasks.pickle").write_bytes(pickle.dumps(tasks))
    serial = SerialEngine().map(count_shard, tasks)
    assert sum(one.reached for one in serial)[2] > 0

    said = on_engines(tmp_path)
    for name in ("pool", "ray"):
        found = pickle.loads((tmp_path / name / "counted.pickle").read_bytes())
        assert len(found) == len(serial)
        for here, there in zip(serial, found, strict=True):
            assert here.reached.tolist() == there.reached.tolist()
            assert np.array_equal(np.sort(here.apart.id), np.sort(there.apart.id))
        assert len(said[name]["killed"]) == 1
        # a quick one may finish all the rest alone; with the fallen they are several
        assert len({*said[name]["workers"], *said[name]["killed"]}) >= 2
        assert said[name]["killed"][0] not in said[name]["workers"]
    assert said["ray"]["addresses"] == ["127.0.0.1"]
    assert said["ray"]["auth"] == "token"
    assert said["ray"]["reports_usage"] is False
    assert not said["ray"]["dashboard"]


def on_engines(folder: Path) -> dict[str, Any]:
    return on_stage("ray_on_stage", folder)


def on_stage(script: str, folder: Path, **settings: str) -> dict[str, Any]:
    """Run a script where Ray may open sockets and warn as it likes; its home, with its token, is ours.

    Ray starts half a dozen Pythons: compiled once, they start in a third of the time.
    """
    environment = os.environ | {
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "HOME": str(folder),
        "PYTHONWARNINGS": "ignore",
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
        **settings,
    }
    environment.pop("RAY_ADDRESS", None)
    done = subprocess.run(
        [sys.executable, "-m", f"tests.ports.compute.{script}", str(folder)],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    said: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return said
