"""Keeping a few child processes alive, and ending them all together."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Self

from segue.kit.errors import SegueError

LOOK_EVERY_S = 0.1
STOP_TIMEOUT_S = 10
FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 30.0
SETTLED_AFTER_S = 30.0  # a child that lived so long has started well: its next fall counts as its first
FALLS_AT_MOST = 5
LOG_MAX_BYTES = 10 * 2**20


class ChildFailed(SegueError):
    """A part of the product does not stay up."""

    code = "child_failed"
    http_status = 503


class Stopped(BaseException):
    """Somebody asked us to stop. No Exception, so that nothing in between takes it for a mishap."""


@dataclass
class Child:
    """One process to keep alive. Without a log file it writes to our own output.

    `preload` names modules it imports before all else; see segue.cli.launch.
    """

    name: str
    module: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    log: Path | None = None
    preload: str = ""
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    falls: int = field(default=0, init=False)
    started_at_s: float = field(default=0.0, init=False)
    due_at_s: float = field(default=0.0, init=False)
    gate: int | None = field(default=None, init=False)

    def start(self, *, gated: bool = False) -> None:
        """Start the process; a gated one loads what it needs, then waits for `open_gate`."""
        inner, self.gate = os.pipe() if gated else (None, None)
        launch = [sys.executable, "-m", "segue.cli.launch", str(os.getpid()), self.preload, str(inner or "")]
        with _output(self.log) as output:
            # Its own session: Ctrl-C reaches us alone, and what it leaves behind can be found by its group.
            self.process = subprocess.Popen(
                [*launch, self.module, *self.arguments],
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                pass_fds=() if inner is None else (inner,),
            )
        if inner is not None:
            os.close(inner)
        self.started_at_s = time.monotonic()

    def open_gate(self) -> None:
        if self.gate is not None:
            with contextlib.suppress(BrokenPipeError):  # it has fallen: whoever looks after it will see
                os.write(self.gate, b"!")
            os.close(self.gate)
            self.gate = None

    def has_fallen(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def ask_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def make_sure_it_is_gone(self, within_s: float) -> None:
        """Wait for the process, then end whatever of its group is left."""
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=max(0.0, within_s))
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def last_lines(self, count: int = 15) -> str:
        if self.log is None or not self.log.exists():
            return ""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-count:]
        return "\n" + "\n".join(f"    {line}" for line in lines) + "\n"


class Supervisor:
    """Starts children, revives the fallen with growing patience, and stops them all at the end."""

    def __init__(self) -> None:
        self.children: list[Child] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with deaf_to_signals():
            deadline = time.monotonic() + STOP_TIMEOUT_S
            for child in self.children:
                child.ask_to_stop()
            for child in self.children:
                child.make_sure_it_is_gone(deadline - time.monotonic())

    def add(self, child: Child) -> Child:
        """Take a child in; one not started yet is started when next looked after."""
        self.children.append(child)
        return child

    def look_after(self, *, until: Callable[[], bool], falls_at_most: int = FALLS_AT_MOST) -> None:
        """Keep all children up until told that it is enough.

        Raises ChildFailed, with its last words, when one falls more often than `falls_at_most` in a row.
        """
        while not until():
            for child in self.children:
                self._look_at(child, falls_at_most)
            time.sleep(LOOK_EVERY_S)

    def _look_at(self, child: Child, falls_at_most: int) -> None:
        at_s = time.monotonic()
        if child.has_fallen():
            child.falls = 1 if at_s - child.started_at_s > SETTLED_AFTER_S else child.falls + 1
            child.make_sure_it_is_gone(0)
            if child.falls > falls_at_most:
                where = f"Its log is {child.log}." if child.log else "Its last words are above."
                raise ChildFailed(
                    f"The {child.name} does not stay up.{child.last_lines()}", field=child.name, remedy=where
                )
            child.due_at_s = at_s + min(FIRST_WAIT_S * 2 ** (child.falls - 1), LONGEST_WAIT_S)
        elif child.process is None and at_s >= child.due_at_s:
            child.start()


@contextlib.contextmanager
def stop_on_signals() -> Iterator[None]:
    """Turn Ctrl-C, a polite kill and a closed terminal into Stopped; under nohup the terminal may close."""

    def raise_stopped(number: int, frame: FrameType | None) -> None:
        raise Stopped

    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        numbers.append(signal.SIGHUP)
    before = {number: signal.signal(number, raise_stopped) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def deaf_to_signals() -> Iterator[None]:
    """Let nothing interrupt the cleaning up: a second Ctrl-C must not leave half of it running."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def _output(log: Path | None) -> Iterator[int | None]:
    if log is None:
        yield None
        return
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_MAX_BYTES:
        log.replace(log.with_name(f"{log.name}.1"))
    with log.open("ab") as handle:
        yield handle.fileno()
