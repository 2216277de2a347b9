"""Children are kept up, given up on in time, and never left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import segue
from segue.cli.supervisor import Child, ChildFailed, Supervisor

pytestmark = pytest.mark.peer

# Says who it is, has a child of its own by fork, and waits.
STAYER = """
import os, time
child = os.fork()
if child:
    open("pids", "a").write(f"{os.getpid()} {child}\\n")
while True:
    time.sleep(1)
"""
FALLER = "raise SystemExit('no bread in the house')\n"
PARENT = """
import os, time
from segue.cli.supervisor import Child
child = Child("stayer", "stayer", [], dict(os.environ))
child.start()
time.sleep(60)
"""


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    (tmp_path / "stayer.py").write_text(STAYER)
    (tmp_path / "faller.py").write_text(FALLER)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{Path(segue.__file__).parent.parent}")
    yield tmp_path
    for pid in pids(tmp_path):
        if is_alive(pid):
            os.kill(pid, signal.SIGKILL)


def child(name: str, stage: Path) -> Child:
    return Child(name, name, [], dict(os.environ), log=stage / f"{name}.log")


def pids(stage: Path) -> list[int]:
    try:
        return [int(word) for word in (stage / "pids").read_text().split()]
    except FileNotFoundError:
        return []


def is_alive(pid: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", maxsplit=1)[1][:3]
    except OSError:
        return False


def wait_until_gone(found: list[int]) -> None:
    while any(is_alive(pid) for pid in found):
        time.sleep(0.02)


def test_all_are_gone_at_the_end_grandchildren_too(stage: Path) -> None:
    with Supervisor() as supervisor:
        supervisor.add(child("stayer", stage))
        supervisor.look_after(until=lambda: len(pids(stage)) == 2)
        assert all(is_alive(pid) for pid in pids(stage))
    wait_until_gone(pids(stage))


def test_a_fallen_child_is_started_again_and_leaves_nothing_behind(stage: Path) -> None:
    with Supervisor() as supervisor:
        supervisor.add(child("stayer", stage))
        supervisor.look_after(until=lambda: len(pids(stage)) == 2)
        first = pids(stage)
        os.kill(first[0], signal.SIGKILL)
        supervisor.look_after(until=lambda: len(pids(stage)) == 4)
        wait_until_gone(first)


def test_one_that_keeps_falling_is_given_up_with_its_last_words(stage: Path) -> None:
    with Supervisor() as supervisor:
        supervisor.add(child("faller", stage))
        with pytest.raises(ChildFailed, match="no bread in the house"):
            supervisor.look_after(until=lambda: False, falls_at_most=1)


def test_a_gated_child_waits_for_the_gate(stage: Path) -> None:
    with Supervisor() as supervisor:
        gated = supervisor.add(child("faller", stage))
        gated.start(gated=True)
        time.sleep(0.5)
        assert not gated.has_fallen()
        gated.open_gate()
        assert gated.process is not None
        assert gated.process.wait() == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")
def test_when_the_parent_is_killed_without_a_word_its_children_end(stage: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT]) as parent:
        while len(pids(stage)) < 2:
            time.sleep(0.02)
        parent.kill()
    wait_until_gone(pids(stage))
