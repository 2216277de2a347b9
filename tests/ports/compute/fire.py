"""Work under fire: whoever takes the first task waits to be killed; whoever takes it then, does it."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from segue.listen.shards import Counted, Task, count_shard


@dataclass(frozen=True)
class Post:
    """A task, and a folder where workers leave word."""

    task: Task
    folder: Path


def count_under_fire(post: Post) -> tuple[int, Counted]:
    """Count a shard and say which process did; the first to come here says so and waits for its end."""
    try:
        with (post.folder / "victim").open("x") as file:
            file.write(f"{os.getpid()}\n")
    except FileExistsError:
        return os.getpid(), count_shard(post.task)
    while True:
        signal.pause()


@contextmanager
def gunman(folder: Path) -> Iterator[list[int]]:
    """Kill -9 the process that left its number, once; the list names it afterwards."""
    killed: list[int] = []
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.02):
            said = (folder / "victim").read_text() if (folder / "victim").exists() else ""
            if said.endswith("\n"):
                killed.append(int(said))
                os.kill(killed[0], signal.SIGKILL)
                return

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield killed
    finally:
        over.set()
        thread.join()


def square(n: int) -> int:
    return n * n


def refuse_three(n: int) -> int:
    if n == 3:
        raise ValueError("three")
    return n


def die(_: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def fall_once(parcel: tuple[str, bytes]) -> int:
    """Weigh a parcel; whoever opens the first one falls."""
    folder, content = parcel
    try:
        (Path(folder) / "fallen").touch(exist_ok=False)
    except FileExistsError:
        return len(content)
    os.kill(os.getpid(), signal.SIGKILL)
    return 0
