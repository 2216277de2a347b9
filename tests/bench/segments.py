"""Thirty nested rules over a large company: does each hold of exactly whom it says, and how fast is a count.

    ./run bench segments [--people 100000] [--jobs 200] [--turns 3] [--patience 120] [--data-dir KEEP]
                         [--peer-limit 10]

Founds a company, or uses the one in KEEP (see tests/bench/rig/crowd.py), and brings what rules read up to
date. Whom each rule must hold of is worked out beside it in plain Python over the catalog's and the ledger's
own rows (tests/bench/rig/plain_segments.py), and the two sets must be equal. Times are of the whole count as
the editor asks for it: read, look up, compile, ask. The peer is the same rule as one would first write it in
Django: a Q with an EXISTS or a counting subquery a condition, given up after --peer-limit seconds; rules with
years, degrees, wishes or languages it cannot say are asked of ours alone.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from segue.ports.postgres import Cluster
from tests.bench.pages import await_quiet

Rule = dict[str, Any]


def near(place: str, km: float) -> Rule:
    return {"kind": "place", "near": place, "km": km}


def knows(which: str, *skills: str) -> Rule:
    return {"kind": "skills", "which": which, "skills": list(skills)}


def did(signal: str, days: int | None = None, **times: int) -> Rule:
    return {"kind": "did", "signal": f"card.{signal}", **times} | ({"days": days} if days else {})


def every(*parts: Rule) -> Rule:
    return {"all": list(parts)}


def some(*parts: Rule) -> Rule:
    return {"any": list(parts)}


def no(part: Rule) -> Rule:
    return {"not": part}


def titled(*titles: str) -> Rule:
    return {"kind": "title", "titles": list(titles)}


def years(**bounds: float) -> Rule:
    return {"kind": "years", **bounds}


CONTACT: Rule = {"kind": "consent", "purpose": "contact"}
SEEN: Rule = {"kind": "seen", "days": 30}
APPLIED: Rule = {"kind": "applied", "at_least": 1, "days": 180}
REMOTE: Rule = {"kind": "remote", "mode": "remote"}
MASTER: Rule = {"kind": "education", "level": "master"}
GERMAN: Rule = {"kind": "language", "languages": ["de"]}

RULES: tuple[Rule, ...] = (
    every(near("Berlin", 50), knows("all", "python"), did("saved", 30, at_least=2)),
    every(some(near("Berlin", 50), near("London", 50)), knows("any", "python", "sql"), CONTACT),
    every(knows("none", "python", "sql"), {"kind": "country", "countries": ["DE", "FR"]}),
    every(SEEN, no(APPLIED), CONTACT),
    every(no(SEEN), APPLIED),
    some(did("saved", 60, at_least=3), did("liked", 60, at_least=3), did("clicked", 30, at_least=5)),
    every(did("skipped", at_most=0), did("clicked", at_least=1)),
    every(titled("nurse", "carer"), near("Leeds", 100)),
    every(titled("engineer"), no(titled("data engineer")), REMOTE),
    every(years(at_least=5), MASTER, no(near("Paris", 200))),
    some(every(years(at_least=2, at_most=6), knows("any", "python")), every(years(at_least=15), CONTACT)),
    every(GERMAN, no(knows("any", "python")), SEEN),
    no(some(near("Berlin", 100), near("London", 100), near("Paris", 100))),
    every(no(every(knows("all", "sql"), knows("all", "python"))), did("clicked", 90, at_least=2)),
    every({"kind": "source", "sources": ["referral", "agency"]}, CONTACT, no(APPLIED)),
    every({"kind": "known", "days": 365}, {"kind": "fresh", "days": 365}, some(SEEN, APPLIED)),
    every(did("saved", at_least=1), no(did("hidden", at_least=1)), no({"kind": "applied", "at_least": 3})),
    some(every(near("London", 25), titled("developer", "engineer")), every(near("Paris", 25), GERMAN)),
    every(no(no(knows("all", "python"))), some(no(SEEN), did("saved", at_most=0))),
    every({"kind": "education", "level": "vocational"}, no(MASTER), years(at_most=10)),
    every(APPLIED, {"kind": "applied", "at_most": 2}, no(CONTACT)),
    every(some(REMOTE, {"kind": "remote", "mode": "hybrid"}), knows("any", "python", "sql"), no(SEEN)),
    every(did("clicked", 7, at_least=1), some(titled("manager"), titled("lead"), years(at_least=10))),
    every({"kind": "country", "countries": ["GB"]}, some(did("liked", 365, at_least=1), APPLIED), CONTACT),
    no(every(CONTACT, some(SEEN, APPLIED, knows("any", "python")))),
    every(some(*(titled(word) for word in ("cook", "driver", "welder", "teacher", "accountant"))), CONTACT),
    every(near("Berlin", 500), near("Paris", 900), no(near("London", 600)), SEEN),
    every({"kind": "consent", "purpose": "behaviour"}, did("clicked", at_most=0), did("saved", at_most=0)),
    every(knows("any", "python", "sql"), some(did("skipped", 30, at_least=2), did("less", 90, at_least=1))),
    every(
        some(every(SEEN, no(APPLIED)), every(APPLIED, no(SEEN))),
        some(near("Berlin", 300), CONTACT),
        no(MASTER),
    ),
)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--jobs", type=int, default=200)
    parser.add_argument("--turns", type=int, default=3, help="times each rule is counted (3)")
    parser.add_argument(
        "--patience", type=float, default=120, help="seconds to wait for a quiet machine (120)"
    )
    parser.add_argument("--peer-limit", type=float, default=10, help="seconds a peer's count may take (10)")
    parser.add_argument("--data-dir", type=Path, help="keep the company here and use it again")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="segue-bench-") as folder:
        data_dir = args.data_dir or Path(folder)
        crowd = [
            sys.executable,
            "-m",
            "tests.bench.rig.crowd",
            str(data_dir),
            str(args.people),
            str(args.jobs),
        ]
        subprocess.run(crowd, check=True)
        with Cluster(data_dir) as cluster:
            os.environ |= {
                "SEGUE_DATA_DIR": str(data_dir),
                "SEGUE_DATABASE_URL": cluster.ensure_running(),
                "SEGUE_LOG_LEVEL": "ERROR",
                "DJANGO_SETTINGS_MODULE": "segue.settings",
            }
            import django

            django.setup()
            print(measure(args.turns, args.patience, args.peer_limit))
            from django.db import connections

            connections.close_all()


@dataclass(slots=True)
class Figures:
    """What one way of counting came to."""

    exact: int = 0
    asked: int = 0
    given_up: int = 0
    wrong: list[str] = field(default_factory=list)
    ms: list[float] = field(default_factory=list)


def measure(turns: int, patience_s: float, peer_limit_s: float) -> str:
    """Bring up to date, work out what must come, ask, compare; returns the table."""
    from django.db import connection

    from segue.kit import clock
    from segue.kit.actor import Actor
    from segue.learn.actions.segments.rebuilding import rebuild_segments
    from tests.bench.rig import plain_segments

    by = Actor.machine("bench")
    began_s = time.perf_counter()
    counts = rebuild_segments(by=by)
    rebuilt_s = time.perf_counter() - began_s
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) learn_segmentrow, learn_engagement, learn_searchrow")
    today = clock.now().date()
    people = plain_segments.everybody()
    wanted = [plain_segments.answer(rule, people, today) for rule in RULES]
    del people
    ours, peer = Figures(), Figures()
    for rule, must in zip(RULES, wanted, strict=True):
        compare(ours, rule, found_by_us(rule), must)
    busy = await_quiet(patience_s)
    time_counts(ours, turns)
    for rule, must in zip(RULES, wanted, strict=True):
        if set(plain_segments.kinds_in(rule)) <= plain_segments.IN_DJANGO:
            time_peer(peer, rule, len(must), peer_limit_s)
    return as_markdown(ours, peer, counts, [len(must) for must in wanted], rebuilt_s, busy)


def found_by_us(rule: Rule) -> set[object]:
    from segue.kit.actor import Actor
    from segue.learn.queries.segments.counting import matching
    from segue.learn.queries.segments.rules import understand_rule

    return set(matching(understand_rule({"version": 1, "rule": rule}), by=Actor.machine("bench")))


def compare(figures: Figures, rule: Rule, found: set[object], must: set[Any]) -> None:
    figures.asked += 1
    figures.exact += found == must
    if found != must:
        figures.wrong.append(f"{rule}: {len(found - must)} too many, {len(must - found)} too few")


def time_counts(figures: Figures, turns: int) -> None:
    """Count each rule as the editor does, once to warm up and then in turns."""
    from segue.kit.actor import Actor
    from segue.learn.queries.segments.counting import count_rule
    from segue.learn.queries.segments.rules import understand_rule

    by = Actor.machine("bench")
    for turn in range(turns + 1):
        for rule in RULES:
            began_s = time.perf_counter()
            count_rule(understand_rule({"version": 1, "rule": rule}), by=by)
            if turn:
                figures.ms.append((time.perf_counter() - began_s) * 1000)


def time_peer(figures: Figures, rule: Rule, must: int, limit_s: float) -> None:
    from django.db import OperationalError, connection, transaction

    from segue.catalog.models import Person
    from segue.kit import clock
    from tests.bench.rig import plain_segments

    asked = plain_segments.in_django(rule, clock.now().date())
    people = Person.objects.filter(erased_at=None, merged_into=None).filter(asked)
    figures.asked += 1
    began_s = time.perf_counter()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, TRUE)", [f"{limit_s * 1000:.0f}"])
            found = people.count()
        figures.exact += found == must
    except OperationalError:
        figures.given_up += 1
    figures.ms.append((time.perf_counter() - began_s) * 1000)


def as_markdown(
    ours: Figures,
    peer: Figures,
    counts: dict[str, int],
    sizes: Sequence[int],
    rebuilt_s: float,
    busy: float,
) -> str:
    lines = [
        f"{counts['people']:,} people, {counts['days']:,} rows of days, up to date in {rebuilt_s:.0f} s;"
        f" rules hold of {min(sizes):,} to {max(sizes):,} (median {statistics.median(sizes):,.0f});"
        f" {os.cpu_count()} cores, others used {busy:.0%} just before.",
        "",
        "| count | exactly right | given up | p50 ms | p95 ms | max ms |",
        "|---|---|---|---|---|---|",
    ]
    for title, one in (("Segue", ours), ("peer: Django Q with EXISTS and counting subqueries", peer)):
        cuts = statistics.quantiles(one.ms, n=20, method="inclusive")
        cells = [title, f"{one.exact} of {one.asked}", str(one.given_up)]
        cells += [f"{ms:.0f}" for ms in (cuts[9], cuts[18], max(one.ms))]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join([*lines, *(f"\nNot right: {wrong}" for wrong in ours.wrong)])


if __name__ == "__main__":
    main()
