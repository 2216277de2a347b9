"""Who uses the server: kept by the kernel, so a killed process never leaves a stale claim."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def one_at_a_time(path: Path) -> Iterator[int]:
    """Hold the lock that serialises starting and stopping; yields its descriptor, to lend to a child."""
    descriptor = _open(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


class UserClaim:
    """A shared claim on the server, for the life of this process or until released.

    Take and release it only within `one_at_a_time`: turning a shared lock into an exclusive one is not
    atomic, and two leavers at once would each find the other and both walk away.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def take(self) -> None:
        if self._descriptor is None:
            self._descriptor = _open(self._path)
            fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def is_taken(self) -> bool:
        return self._descriptor is not None

    def is_last(self) -> bool:
        """Tell whether nobody else holds a claim; ours may be gone after asking, so leave next."""
        if self._descriptor is None:
            return False
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
