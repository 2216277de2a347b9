"""What each kind of fault costs our own matching, measured by doing it on purpose and ranking again.

    ./run bench quality [--people 2000] [--jobs 300] [--seed 1] [--data-dir KEEP] [--json]

Founds a company, or uses the one in KEEP. People who let their profile be read and their behaviour be learnt
from have lists ranked by the content score; what they said yes to is the truth. Then one thing is spoilt for
each of them, or for three in ten of those jobs, and the list is ranked again. The loss is nDCG@10 of a person
(for jobs: of its place in the lists of those who said yes), with a 95 % bootstrap interval over the rows.
`segue audit --effects` does the same on an employer's own data.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from segue.ports.postgres import Cluster


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--jobs", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data-dir", type=Path, help="keep the company here and use it again")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="segue-bench-") as folder:
        data_dir = args.data_dir or Path(folder)
        crowd = ["-m", "tests.bench.rig.crowd", str(data_dir), str(args.people), str(args.jobs)]
        subprocess.run([sys.executable, *crowd], check=True)
        with Cluster(data_dir) as cluster:
            os.environ |= {
                "SEGUE_DATA_DIR": str(data_dir),
                "SEGUE_DATABASE_URL": cluster.ensure_running(),
                "SEGUE_LOG_LEVEL": "ERROR",
                "DJANGO_SETTINGS_MODULE": "segue.settings",
            }
            import django

            django.setup()
            print(report(args.seed, as_json=args.json))
            from django.db import connections

            connections.close_all()


def report(seed: int, *, as_json: bool) -> str:
    from segue.learn.actions.effects import measure

    began_s = time.process_time()
    measured = measure(seed)
    cpu_s = time.process_time() - began_s
    if as_json:
        return json.dumps(measured.card(seed) | {"cpu_s": round(cpu_s, 1)})
    lines = [
        f"{measured.people} people, {measured.jobs} jobs: nDCG@10 {measured.ndcg:.3f}, P@5 {measured.p5:.3f}"
        f" with everything right; {cpu_s:.0f} CPU-s.",
        "",
        "| spoilt | loss of nDCG@10 | 95 % interval | rows |",
        "|---|---|---|---|",
    ]
    for name, one in sorted(measured.effects.items(), key=lambda pair: -pair[1].loss):
        said = f"{one.loss:+.3f} | {one.low:+.3f} … {one.high:+.3f}" if one.measured else "too few to say | –"
        lines.append(f"| {name} | {said} | {one.rows} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
