"""Everybody's mix as the product writes it: from the database to the file, with time and memory.

    ./run bench mixes [--people 50000] [--jobs 10000] [--data-dir PATH]

Founds a company (a large one by multiplying a smaller one, see tests/bench/rig/crowd.py) and runs
`segue mixes`, texts being read already, as they are by night. Learning is told apart from finding; memory is
that of the command and its workers at their highest, each page they share counted once; the database is not
in it. What a million people would take is reckoned from the finding, which grows with them.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from segue.ports.postgres import Cluster
from tests.bench.rig.footprint import footprints

LOOK_EVERY_S = 0.25


@dataclass(frozen=True)
class Run:
    """What one `segue mixes` took: until its plan was there, and in all."""

    told: dict[str, Any]
    learnt_s: float
    seconds: float
    cpu_s: float
    peak_mb: float


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=50_000)
    parser.add_argument("--jobs", type=int, default=10_000)
    parser.add_argument("--data-dir", type=Path, help="keep the company here and use it again")
    args = parser.parse_args()
    print(f"load before: {' '.join(f'{one:.1f}' for one in os.getloadavg())}", flush=True)
    with tempfile.TemporaryDirectory(prefix="segue-bench-") as folder:
        data_dir = args.data_dir or Path(folder)
        crowd = [sys.executable, "-m", "tests.bench.rig.crowd", str(data_dir)]
        subprocess.run([*crowd, str(args.people), str(args.jobs)], check=True)
        with Cluster(data_dir) as cluster:
            cluster.ensure_running()
            show(args, mixes(data_dir), (data_dir / "mixes" / "mixes.parquet").stat().st_size)


def mixes(data_dir: Path) -> Run:
    """Run the command afresh, looking at its memory as it goes."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SEGUE_")}
    command = [sys.executable, "-m", "segue", "mixes", "--afresh", "--as-read", "--json"]
    command += ["--data-dir", str(data_dir)]
    (data_dir / "mixes" / "run" / "plan.npz").unlink(missing_ok=True)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began, learnt_s, peak_mb = time.monotonic(), 0.0, 0.0
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as running:
        while running.poll() is None:
            held = [one for one in footprints(os.getpid(), serving="python") if "postgres" not in one.command]
            peak_mb = max(peak_mb, sum(one.own for one in held))
            if not learnt_s and (data_dir / "mixes" / "run" / "plan.npz").exists():
                learnt_s = time.monotonic() - began
            time.sleep(LOOK_EVERY_S)
        assert running.stdout is not None
        said = running.stdout.read()
    if running.returncode:
        raise SystemExit(f"segue mixes failed ({running.returncode})")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    told = json.loads(said.strip().splitlines()[-1])
    return Run(told, learnt_s, time.monotonic() - began, cpu_s, peak_mb)


def show(args: argparse.Namespace, run: Run, file_bytes: int) -> None:
    finding_s = run.seconds - run.learnt_s
    people = int(run.told["people"])
    print("| people × jobs | with a mix | learning s | finding s | CPU-s in all | peak MB | file MB |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    print(
        f"| {args.people:,} × {args.jobs:,} | {people:,} | {run.learnt_s:.0f} | {finding_s:.0f} "
        f"| {run.cpu_s:.0f} | {run.peak_mb:,.0f} | {file_bytes / 1e6:.1f} |"
    )
    minutes = finding_s * 1e6 / args.people / 60
    print(f"\nFinding for 1,000,000 people at this pace: {minutes:.0f} min (reckoned)")


if __name__ == "__main__":
    main()
