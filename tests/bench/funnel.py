"""An ordered four-step fortnight's funnel over the hot and the cold ledger, beside SQL on the same events.

    ./run bench funnel [--events 10000000] [--rounds 3]

Invents that many events of people and visitors (one in fifty of whom became known) over 26 weeks: 25 lie in
Parquet as compaction leaves them, the last one in PostgreSQL. Then the product's funnel is asked on each
engine, as a new process would ask it and again, and beside it DuckDB on the same files and rows, whose SQL is
the same algorithm written with window functions. PostgreSQL is asked in plain SQL about a sample of the
subjects, copied beside. All counts must be equal, or this fails. The files are removed afterwards.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STEPS = ("card.shown", "card.clicked", "card.saved", "application.submitted")
WINDOW_DAYS = 14
SAMPLE = 100  # one subject in so many


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--ray", action="store_true", help="ask Ray too, on a cluster of this machine")
    args = parser.parse_args()
    from segue.ports.postgres import Cluster

    with tempfile.TemporaryDirectory(prefix="segue-bench-") as folder:
        (Path(folder) / "static").mkdir()
        cluster = Cluster(Path(folder))
        environment = {"SEGUE_DATA_DIR": folder, "SEGUE_LOG_LEVEL": "ERROR", "SEGUE_SECRET_KEY": "bench"}
        os.environ |= environment | {
            "SEGUE_DATABASE_URL": cluster.ensure_running(),
            "DJANGO_SETTINGS_MODULE": "segue.settings",
        }
        try:
            measure(args)
        finally:
            cluster.stop()


@dataclass(frozen=True)
class Asked:
    """One way to ask: what it answered, and what that took, each time."""

    name: str
    counts: list[int]
    wall_s: list[float]
    cpu_s: list[float]  # of this process and the workers it waited for; the database's own is not seen


def measure(args: argparse.Namespace) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from tests.bench.rig.history import invent

    call_command("migrate", verbosity=0)
    started = time.perf_counter()
    truth = invent(args.events)
    print(
        f"{truth.events:,} events invented in {time.perf_counter() - started:.0f} s:", truth.says, flush=True
    )
    asked = [*product(args), with_duckdb(args.rounds)]
    expected = truth.counts(STEPS, WINDOW_DAYS)
    for one in asked:
        assert one.counts == expected, f"{one.name} says {one.counts}, the events themselves {expected}"
    print(f"\nreached: {', '.join(f'{n:,} {step}' for n, step in zip(expected, STEPS, strict=True))}\n")
    print(table(asked))
    print("\n" + on_a_sample(truth))
    connections.close_all()


def product(args: argparse.Namespace) -> list[Asked]:
    from datetime import timedelta

    from segue.kit.actor import Actor
    from segue.listen.queries.funnel import Step, funnel
    from segue.ports.compute import PoolEngine, RayEngine, SerialEngine

    steps = [Step(kind) for kind in STEPS]
    found = []
    for make in (SerialEngine, PoolEngine, *([lambda: RayEngine("")] if args.ray else [])):
        engine = make()

        def ask(engine: Any = engine) -> list[int]:
            window, by = timedelta(days=WINDOW_DAYS), Actor.machine("bench")
            return list(funnel(steps, window=window, by=by, engine=engine).reached)

        if engine.name == "serial":
            found.append(timed(engine.name, ask, args.rounds, after=engine.close))
            continue
        found.append(timed(f"{engine.name}, its workers started for it", ask, 1, after=engine.close))
        ask()
        found.append(
            timed(f"{engine.name}, its workers there", ask, args.rounds, after=engine.close, warmed=1)
        )
    return found


def with_duckdb(rounds: int) -> Asked:
    """The same algorithm in DuckDB's SQL, over the one relation of hot and cold events."""
    import duckdb

    from segue.listen.models import Subject
    from segue.listen.queries.events import relation

    kinds = ", ".join(f"'{kind}'" for kind in STEPS)
    before = "OVER (PARTITION BY who ORDER BY at, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
    sql = f"""WITH c1 AS (
      SELECT COALESCE(same_as, subject) AS who, kind, "at", id,
             CASE WHEN kind = '{STEPS[0]}' THEN "at" END AS s1
      FROM events LEFT JOIN same ON pseudonym = subject WHERE subject IS NOT NULL AND kind IN ({kinds}))"""
    for n, kind in enumerate(STEPS[1:], 2):
        sql += f""", t{n} AS (SELECT *, max(s{n - 1}) {before} AS started FROM c{n - 1}),
      c{n} AS (SELECT * EXCLUDE (started), CASE WHEN kind = '{kind}'
               AND "at" - started <= INTERVAL {WINDOW_DAYS} DAY THEN started END AS s{n} FROM t{n})"""
    sql = sql.replace("ORDER BY at", 'ORDER BY "at"')
    counts = ", ".join(
        f"count(DISTINCT who) FILTER (WHERE s{n} IS NOT NULL)" for n in range(1, len(STEPS) + 1)
    )

    def ask() -> list[int]:
        import pyarrow as pa

        pairs = list(Subject.objects.filter(same_as__isnull=False).values_list("pseudonym", "same_as"))
        with duckdb.connect() as connection:
            events = relation(connection, kinds=STEPS, columns=("subject", "kind", "at", "id"))
            same = pa.table({"pseudonym": [a for a, _ in pairs], "same_as": [b for _, b in pairs]})
            connection.register("same", same)
            events.create_view("events")
            found = connection.execute(f"{sql} SELECT {counts} FROM c{len(STEPS)}").fetchone()
        assert found is not None
        return list(found)

    return timed("DuckDB SQL (window functions)", ask, rounds, after=lambda: None)


def timed(
    name: str, ask: Callable[[], list[int]], rounds: int, *, after: Callable[[], None], warmed: int = 0
) -> Asked:
    """Ask again and again. Workers' CPU time (their start and `warmed` questions before these included) is
    known when they have ended: each question gets its share.
    """
    wall, cpu, counts = [], [], []
    children = cpu_s(resource.RUSAGE_CHILDREN)
    for _ in range(rounds):
        begun, worked = time.perf_counter(), cpu_s(resource.RUSAGE_SELF)
        counts = ask()
        wall.append(time.perf_counter() - begun)
        cpu.append(cpu_s(resource.RUSAGE_SELF) - worked)
    after()
    share = (cpu_s(resource.RUSAGE_CHILDREN) - children) / (rounds + warmed)
    return Asked(name, counts, wall, [one + share for one in cpu])


def cpu_s(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def table(asked: list[Asked]) -> str:
    best = statistics.median(asked[-1].wall_s)
    lines = ["| asked | wall s, median | each time | CPU s | × DuckDB |", "|---|---:|---|---:|---:|"]
    for one in asked:
        wall = statistics.median(one.wall_s)
        rounds = " ".join(f"{s:.2f}" for s in one.wall_s)
        cpu = statistics.median(one.cpu_s)
        lines.append(f"| {one.name} | {wall:.2f} | {rounds} | {cpu:.2f} | {wall / best:.2f} |")
    return "\n".join(lines)


def on_a_sample(truth: Any) -> str:
    """PostgreSQL, plain SQL, on an indexed copy of some subjects' events; the same counts or nothing."""
    from django.db import connection

    from tests.listen.funnel_oracle import plain_sql

    events, expected = truth.copy_sample(SAMPLE, STEPS, WINDOW_DAYS)
    sql = plain_sql(len(STEPS), f"interval '{WINDOW_DAYS} days'", events="sample", serves="{e}.step = {step}")
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(sql)
        found = list(cursor.fetchone())
    took = time.perf_counter() - began
    assert found == expected, f"plain SQL says {found}, the engine {expected}"
    return (
        f"A sample, one subject in {SAMPLE} ({events:,} events that serve a step): plain SQL in PostgreSQL"
        f" {took:.2f} s, the same counts {found}"
    )


if __name__ == "__main__":
    main()
