"""Find mixes on a pool and on the Ray that SEGUE_CLUSTER names; several workers take part, and one is killed.

python -m tests.ports.compute.mixes_on_stage FOLDER     # FOLDER/tasks.pickle: the blocks
"""

from __future__ import annotations

import json
import os
import pickle
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from segue.engine.batch import BlockTask, MixBlock, mix_block
from segue.listen.compute import Engine
from segue.listen.compute import engine as chosen_engine
from segue.ports.compute import PoolEngine
from tests.ports.compute.fire import gunman
from tests.ports.compute.ray_on_stage import start

WORKERS = 3
TOGETHER = 2  # sign in before anybody begins: on two busy cores a third may come late, or not at all
PATIENCE_S = 120


@dataclass(frozen=True)
class Seat:
    """A task, and a folder where workers sign in and one of them falls."""

    task: BlockTask
    folder: Path


def mix_under_fire(seat: Seat) -> tuple[int, MixBlock]:
    """Find a block's mixes and say which process did.

    Nobody begins alone; then the first to come forward waits for its end.
    """
    seats = seat.folder / "seats"
    (seats / str(os.getpid())).touch()
    late = time.monotonic() + PATIENCE_S
    while len(list(seats.iterdir())) < TOGETHER:
        if time.monotonic() > late:
            raise TimeoutError("no second worker came")
        time.sleep(0.02)
    try:
        with (seat.folder / "victim").open("x") as file:
            file.write(f"{os.getpid()}\n")
    except FileExistsError:
        return os.getpid(), mix_block(seat.task)
    while True:
        signal.pause()


def run(engine: Engine, tasks: list[BlockTask], folder: Path) -> dict[str, object]:
    """Have the blocks done while one worker is killed in the middle of its own."""
    own = folder / engine.name
    (own / "seats").mkdir(parents=True)
    with gunman(own) as killed:
        found = engine.map(mix_under_fire, [Seat(task, own) for task in tasks])
    (folder / f"{engine.name}.pickle").write_bytes(pickle.dumps([mix for _, mix in found]))
    seats = sorted(int(seat.name) for seat in (own / "seats").iterdir())
    workers = sorted({pid for pid, _ in found})
    return {"workers": workers, "seats": seats, "killed": killed, "kind": type(engine).__name__}


def main(folder: Path) -> None:
    tasks = pickle.loads((folder / "tasks.pickle").read_bytes())
    pool, cluster = PoolEngine(workers=WORKERS), chosen_engine()
    cluster.workers = WORKERS  # type: ignore[attr-defined]  # of the machine's cores there may be fewer
    start(cluster)
    said = {"pool": run(pool, tasks, folder)}
    pool.close()
    said["ray"] = run(cluster, tasks, folder)
    cluster.close()
    print(json.dumps(said))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
