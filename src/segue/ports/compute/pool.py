"""Processes of this machine, one a core, kept between calls."""

from __future__ import annotations

import atexit
import contextlib
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait as wait_for

from segue.listen.compute import EngineBroken, Result, Task

ATTEMPTS = 4
WAITS_FOR_THE_DEAD = sys.version_info[:3] < (3, 11, 5)  # CPython issue 94777


class PoolEngine:
    """Worker processes begun afresh (spawned), so that no connection, lock or thread of ours is copied."""

    name = "pool"
    shares_files = True

    def __init__(self, workers: int = 0) -> None:
        """`workers`: processes; 0 takes as many as this process may use cores."""
        self.workers = workers or len(os.sched_getaffinity(0))
        self._pool: ProcessPoolExecutor | None = None

    def map(self, function: Callable[[Task], Result], tasks: Sequence[Task]) -> list[Result]:
        done: dict[int, Result] = {}
        for _ in range(ATTEMPTS):
            try:
                self._do(function, tasks, done)
            except BrokenProcessPool:  # one worker's death ends the pool; what is done stays done
                self._take_what_the_dead_were_sent()
                self.close()
            else:
                return [done[i] for i in range(len(tasks))]
        raise EngineBroken(
            f"Workers died {ATTEMPTS} times over the same {len(tasks) - len(done)} tasks.",
            remedy="Look for a lack of memory in the system's log, or set SEGUE_COMPUTE=serial.",
        )

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None
            atexit.unregister(self.close)

    def _take_what_the_dead_were_sent(self) -> None:
        """Read what was on its way to dead workers: old Pythons wait until somebody does."""
        manager = getattr(self._pool, "_executor_manager_thread", None)
        sent = getattr(self._pool, "_call_queue", None)
        if not WAITS_FOR_THE_DEAD or manager is None or sent is None:
            return
        with contextlib.suppress(OSError):  # the sender is done and has closed its pipe
            while manager.is_alive():
                if sent._reader.poll(0.02):
                    os.read(sent._reader.fileno(), 1 << 20)

    def worker_pids(self) -> list[int]:
        """Return the processes at work, for those who watch them."""
        return sorted(self._pool._processes) if self._pool is not None else []

    def _do(self, function: Callable[[Task], Result], tasks: Sequence[Task], done: dict[int, Result]) -> None:
        """Do what is not done yet, noting every result as it comes."""
        pool = self._started()
        futures: dict[Future[Result], int] = {}
        try:
            for i, task in enumerate(tasks):
                if i not in done:
                    futures[pool.submit(function, task)] = i
            wait(futures, return_when=FIRST_EXCEPTION)
        finally:
            for future, i in futures.items():
                future.cancel()
                if future.done() and not future.cancelled() and future.exception() is None:
                    done[i] = future.result()
        for future in futures:
            if not future.cancelled():
                future.result()

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            atexit.register(self.close)  # while the modules that closing needs are still there
            self._pool = ProcessPoolExecutor(
                self.workers, mp_context=multiprocessing.get_context("spawn"), initializer=leave_with_parent
            )
        return self._pool


def leave_with_parent() -> None:
    """In a worker: end when whoever started it has ended, however that was."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_leave_after, args=(parent.sentinel,), daemon=True).start()


def _leave_after(sentinel: int) -> None:
    wait_for([sentinel])
    os._exit(1)
