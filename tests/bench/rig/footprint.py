"""What a process and its children hold in memory, as the kernel counts it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_KB = re.compile(r"^(Rss|Pss):\s+(\d+) kB", re.MULTILINE)


@dataclass(frozen=True)
class Footprint:
    """Megabytes of one process; `own` shares out what several hold together (PSS)."""

    command: str
    resident: float
    own: float


def footprints(root_pid: int, *, serving: str) -> list[Footprint]:
    """The footprints of all processes below `root_pid` whose command line holds `serving`."""
    found = []
    for pid in _below(root_pid):
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            sizes = dict(_KB.findall(Path(f"/proc/{pid}/smaps_rollup").read_text()))
        except OSError:  # it has just ended
            continue
        if serving in command and sizes:
            found.append(Footprint(command, int(sizes["Rss"]) / 1024, int(sizes["Pss"]) / 1024))
    return found


def _below(pid: int) -> list[int]:
    children: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        children += map(int, task.read_text().split())
    return children + [one for child in children for one in _below(child)]
