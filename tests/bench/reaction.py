"""From a skip to the next card, inside the server: one action, in process, on a real company.

    ./run bench reaction [--people 5000] [--jobs 200] [--skips 200] [--data-dir KEEP]

Durable PostgreSQL, one process, warm. "Next card" is the whole of `take_stance`: the lock, the ledger, the
new taste, every job scored anew, the hand, the decision and the exposure, committed. "Home after it" is the
`open_home` that follows, with the shelves the skip has made stale dealt again.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

from segue.ports.postgres import Cluster


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=5_000)
    parser.add_argument("--jobs", type=int, default=200)
    parser.add_argument("--skips", type=int, default=200)
    parser.add_argument("--data-dir", type=Path, help="keep the company here and use it again")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="segue-bench-") as folder:
        data_dir = args.data_dir or Path(folder)
        (data_dir / "static").mkdir(parents=True, exist_ok=True)
        with Cluster(data_dir) as cluster:
            os.environ |= {
                "SEGUE_DATA_DIR": str(data_dir),
                "SEGUE_DATABASE_URL": cluster.ensure_running(),
                "SEGUE_LOG_LEVEL": "ERROR",
                "DJANGO_SETTINGS_MODULE": "segue.settings",
            }
            measure(args)


def measure(args: argparse.Namespace) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from segue.kit.actor import Actor
    from segue.measure.actions.world import found_company
    from segue.measure.queries.world import company_exists

    call_command("migrate", verbosity=0)
    if not company_exists():
        found_company(people=args.people, jobs=args.jobs, seed=1, by=Actor.machine("bench"))
    skips, homes = react(args.skips)
    connections.close_all()
    print(
        f"{args.people:,} people, {args.jobs} open jobs, {args.skips} skips, load {os.getloadavg()[0]:.1f}.\n"
    )
    print("| step | p50 ms | p95 ms | goal |\n|---|---|---|---|")
    print(f"| skip → next card | {_cells(skips)} | < 100 |")
    print(f"| home after it | {_cells(homes)} | < 150 |")


def react(count: int) -> tuple[list[float], list[float]]:
    """Let people who allow everything skip their first card in turn; milliseconds of both steps."""
    from segue.kit.actor import Actor
    from segue.learn.models import PersonFeatures
    from segue.recommend.actions.mixes import open_home
    from segue.recommend.actions.stances import take_stance

    by = Actor.machine("bench")
    people = list(PersonFeatures.objects.order_by("pk").values_list("person_id", flat=True)[: count // 4])
    homes = {person_id: open_home(person_id, by=by) for person_id in people}
    people = [person_id for person_id in people if len(homes[person_id].shelves) > 1]
    skips_ms, homes_ms = [], []
    for number in range(count):
        person_id = people[number % len(people)]
        card = next(card for shelf in homes[person_id].shelves for card in shelf.cards)
        began_s = time.perf_counter()
        take_stance(person_id, job_id=card.job.pk, stance="skipped", exposure_id=card.exposure_id, by=by)
        then_s = time.perf_counter()
        homes[person_id] = open_home(person_id, by=by)
        skips_ms.append((then_s - began_s) * 1000)
        homes_ms.append((time.perf_counter() - then_s) * 1000)
    return skips_ms, homes_ms


def _cells(values: list[float]) -> str:
    cuts = statistics.quantiles(values, n=20, method="inclusive")
    return f"{cuts[9]:.1f} | {cuts[18]:.1f}"


if __name__ == "__main__":
    main()
