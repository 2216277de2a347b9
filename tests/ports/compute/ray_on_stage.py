"""Run tasks on all engines, each losing a worker on the way; say what came of it as JSON.

python -m tests.ports.compute.ray_on_stage FOLDER     # FOLDER/tasks.pickle: what to count
"""

from __future__ import annotations

import json
import os
import pickle
import sys
from pathlib import Path
from typing import Any

from segue.listen.compute import Engine, EngineMissing
from segue.listen.shards import Task
from segue.ports.compute import PoolEngine, RayEngine
from tests.ports.compute.fire import Post, count_under_fire, gunman, square

WORKERS = 3


def run(engine: Engine, tasks: list[Task], folder: Path) -> dict[str, Any]:
    folder.mkdir()
    with gunman(folder) as killed:
        found = engine.map(count_under_fire, [Post(task, folder) for task in tasks])
    (folder / "counted.pickle").write_bytes(pickle.dumps([counted for _, counted in found]))
    return {"workers": sorted({pid for pid, _ in found}), "killed": killed}


def start(engine: Engine) -> None:
    """Ray gives itself 30 s to start, which a busy machine may pass."""
    for patience in (2, 1, 0):
        try:
            engine.map(square, [1])
        except EngineMissing:
            if not patience:
                raise
        else:
            return


def cluster() -> dict[str, Any]:
    """What the Ray cluster says of itself."""
    import ray
    from ray._common.usage.usage_lib import usage_stats_enabled

    return {
        "addresses": [node["NodeManagerAddress"] for node in ray.nodes()],
        "auth": os.environ.get("RAY_AUTH_MODE"),
        "reports_usage": usage_stats_enabled(),
        "dashboard": ray._private.worker._global_node.webui_url or "",
    }


def main(folder: Path) -> None:
    tasks = pickle.loads((folder / "tasks.pickle").read_bytes())
    pool, on_ray = PoolEngine(workers=WORKERS), RayEngine("", workers=WORKERS)
    start(on_ray)
    said: dict[str, Any] = {"pool": run(pool, tasks, folder / "pool")}
    pool.close()
    said["ray"] = run(on_ray, tasks, folder / "ray") | cluster()
    on_ray.close()
    print(json.dumps(said))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
