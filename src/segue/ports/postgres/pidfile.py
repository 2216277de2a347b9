"""Is the server really running? What its postmaster.pid says, checked against the processes there are."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class RunningServer:
    pid: int
    socket_dir: Path


def running_server(cluster_dir: Path) -> RunningServer | None:
    """Read the pid file and believe it only when that process is a server of this very folder."""
    try:
        lines = (cluster_dir / "postmaster.pid").read_text().splitlines()
        pid, socket_dir = int(lines[0]), lines[4].strip()
    except (OSError, ValueError, IndexError):
        return None
    if not is_server_of(pid, cluster_dir):
        return None
    return RunningServer(pid=pid, socket_dir=Path(socket_dir))


def drop_recycled(cluster_dir: Path) -> None:
    """Remove a pid file whose number now belongs to some other process.

    PostgreSQL itself clears one whose process is gone (with its shared memory, so we leave it that one);
    one whose number was given away it takes for a rival, and refuses to start.
    """
    pid_file = cluster_dir / "postmaster.pid"
    if not pid_file.exists():
        return
    pid = _first_number(pid_file)
    if pid is None:  # cut short by a full disk or a crash: it names nobody
        pid_file.unlink(missing_ok=True)
    elif _is_alive(pid) and not is_server_of(pid, cluster_dir):
        for lock in (_socket_lock(pid_file), pid_file):
            if lock is not None and _first_number(lock) == pid:
                lock.unlink(missing_ok=True)


def is_server_of(pid: int, cluster_dir: Path) -> bool:
    """A server works in its data folder; nothing else that could have got its pid does."""
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == cluster_dir.resolve()
    except OSError:
        return not Path("/proc/self").exists() and _named_postgres(pid)


def _named_postgres(pid: int) -> bool:
    shown = subprocess.run(["ps", "-o", "comm=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return "postgres" in shown.stdout


def _first_number(path: Path) -> int | None:
    try:
        return int(path.read_text().split("\n", maxsplit=1)[0])
    except (OSError, ValueError):
        return None


def _socket_lock(pid_file: Path) -> Path | None:
    lines = pid_file.read_text().splitlines()
    return Path(lines[4].strip()) / ".s.PGSQL.5432.lock" if len(lines) > 4 and lines[4].strip() else None


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
