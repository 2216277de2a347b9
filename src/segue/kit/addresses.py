"""Where a running site is reached, for commands in another terminal. Read before Django is set up."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

FILE = "addresses.json"


@contextlib.contextmanager
def announced(data_dir: Path, addresses: dict[str, str]) -> Iterator[None]:
    """Say where this process's site is reached, for as long as it runs."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = data_dir / FILE
    said = {"pid": os.getpid(), "since": _began(os.getpid()), **addresses}
    fresh = path.with_name(f"{FILE}.{os.getpid()}")
    fresh.write_text(json.dumps(said), encoding="utf-8")
    fresh.replace(path)
    try:
        yield
    finally:
        if _read(path).get("pid") == os.getpid():
            path.unlink(missing_ok=True)


def served(data_dir: Path, name: str) -> str:
    """Return an address of the site that runs on this data directory, or "" where none does."""
    said = _read(data_dir / FILE)
    pid = said.get("pid")
    lives = isinstance(pid, int) and bool(began := _began(pid)) and began == said.get("since")
    return str(said.get(name, "")) if lives else ""


def _read(path: Path) -> dict[str, object]:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def _began(pid: int) -> str:
    """Return what tells a process from a later one of the same number; "" for one that is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        pass
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return ""
    except PermissionError:
        pass
    return "" if Path("/proc/self").exists() else "running"
