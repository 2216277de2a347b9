"""Sixty searches with known answers over a large company: are they right, in which order, how long they take.

    ./run bench search [--people 100000] [--jobs 200] [--turns 3] [--patience 120] [--data-dir KEEP]

Founds a company, or uses the one in KEEP (see tests/bench/rig/crowd.py), and brings its index up to date.
Fifty-four searches are Boolean: words, phrases, NOT, fields, skills by their other names, circles on the map,
and what became of people's applications. They are asked as a recruiter; asked as an analyst, a hiring manager
of no job and an interviewer, none of these may tell them anything.
What they must find is worked out beside them in plain Python over the same rows, with a tokeniser of its own
(tests/bench/rig/plain_search.py), and the two sets must be equal. Eighteen look for one planted person, by a
name with its accents left out or by title and skills, among decoys whose résumés hold the same words; their
figure is the mean of 1 / rank (MRR). What is planted is taken back. Times are of the whole page as the server
makes it. The peer is the search as it was before: every word in name, e-mail or headline, newest first, asked
with the same words.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from segue.ports.postgres import Cluster
from tests.bench.pages import await_quiet

SLOWEST = 8  # as many searches are named


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--jobs", type=int, default=200)
    parser.add_argument("--turns", type=int, default=3, help="times each search is asked (3)")
    parser.add_argument(
        "--patience", type=float, default=120, help="seconds to wait for a quiet machine (120)"
    )
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
            print(measure(args.turns, args.patience))
            from django.db import connections

            connections.close_all()


@dataclass(slots=True)
class Figures:
    """What one of the two searches came to."""

    exact: int = 0
    asked: int = 0
    wrong: list[str] = field(default_factory=list)
    ranks: list[float] = field(default_factory=list)
    ms: list[float] = field(default_factory=list)
    each: dict[str, list[float]] = field(default_factory=dict)  # ms by what was typed
    cpu_ms: list[float] = field(default_factory=list)  # of the process that serves, without the database's


def measure(turns: int, patience_s: float) -> str:
    """Plant, ask, compare, take back; returns the tables."""
    from django.db import transaction

    from segue.kit.actor import Actor
    from segue.learn.actions.searching import index_people
    from tests.bench.rig import plain_search

    by = Actor.machine("bench")
    began_s = time.perf_counter()
    counts = index_people(by=by)
    indexed_s = time.perf_counter() - began_s
    with transaction.atomic():
        targets = plain_search.plant()
        index_people(by=by)
        people = plain_search.everybody()
        ours, peer = Figures(), Figures()
        leaks = told_to_others(plain_search.APPLIED)
        for typed, wanted in plain_search.boolean(people).items():
            compare(ours, typed, found_by_us(typed), wanted)
            compare(peer, typed, found_before(plain_search.words_in(typed)), wanted)
        for typed, target in targets.items():
            ours.ranks.append(reciprocal(first_by_us(typed), target))
            peer.ranks.append(reciprocal(first_before(plain_search.words_in(typed)), target))
        every = [*plain_search.boolean({}), *targets]
        busy = await_quiet(patience_s)
        time_pages(ours, every, turns, lambda typed: {"q": typed})
        time_pages(peer, every, turns, lambda typed: {"text": plain_search.words_in(typed)})
        transaction.set_rollback(True)
    return as_markdown(ours, peer, counts, indexed_s, busy) + leaks


def found_by_us(typed: str) -> set[object]:
    from segue.kit.actor import Actor
    from segue.learn.queries.search.asking import understand
    from segue.learn.queries.search.finding import matching_ids

    return set(matching_ids(Actor.machine("bench"), understand(typed)))


def told_to_others(asked: Sequence[str]) -> str:
    """Ask what became of applications as those who may see none; every such term must hold for nobody."""
    from segue.kit.actor import Actor, Role
    from segue.learn.queries.search.asking import understand
    from segue.learn.queries.search.finding import matching_ids
    from segue.learn.queries.search.statement import where

    told = []
    for role in (Role.ANALYST, Role.HIRING_MANAGER, Role.INTERVIEWER, Role.AUDITOR):
        for typed in asked:
            ask = understand(typed.lstrip("-"))
            sql, _values = where(ask, Actor(role))
            if "hire_application" in sql or matching_ids(Actor(role), ask):
                told.append(f"{role}: {typed}")
    return f"\n\nTold to who may see no application: {', '.join(told) or 'nothing'}."


def found_before(words: str) -> set[object]:
    from segue.catalog.queries.people import search_people
    from segue.kit.actor import Actor

    return set(search_people(Actor.machine("bench"), text=words).order_by().values_list("pk", flat=True))


def first_by_us(typed: str) -> list[object]:
    from segue.kit.actor import Actor
    from segue.learn.queries.search.asking import understand
    from segue.learn.queries.search.finding import find_people

    return [hit.person_id for hit in find_people(Actor.machine("bench"), understand(typed)).hits]


def first_before(words: str) -> list[object]:
    from segue.catalog.queries.people import search_people
    from segue.kit.actor import Actor

    return list(search_people(Actor.machine("bench"), text=words).values_list("pk", flat=True)[:50])


def compare(figures: Figures, typed: str, found: set[object], wanted: set[object]) -> None:
    figures.asked += 1
    figures.exact += found == wanted
    if found != wanted:
        figures.wrong.append(f"{typed}: {len(found - wanted)} too many, {len(wanted - found)} too few")


def reciprocal(order: Sequence[object], target: object) -> float:
    return 1.0 / (order.index(target) + 1) if target in order else 0.0


def time_pages(
    figures: Figures, every: Sequence[str], turns: int, asked: Callable[[str], dict[str, str]]
) -> None:
    """Ask for the whole page as a recruiter, once to warm up and then in turns."""
    from django.test import Client
    from django.urls import reverse

    from segue.trust.models import Account

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(Account.objects.filter(role="recruiter").order_by("pk")[0])
    page = reverse("desk:people")
    for turn in range(turns + 1):
        for typed in every:
            began_s, began_cpu_s = time.perf_counter(), time.thread_time()
            answer = client.get(page, asked(typed))
            took_ms = (time.perf_counter() - began_s) * 1000
            cpu_ms = (time.thread_time() - began_cpu_s) * 1000
            if answer.status_code != 200:
                raise SystemExit(f"{typed!r} was answered with {answer.status_code}.")
            if turn:
                figures.ms.append(took_ms)
                figures.each.setdefault(typed, []).append(took_ms)
                figures.cpu_ms.append(cpu_ms)


def as_markdown(ours: Figures, peer: Figures, counts: dict[str, int], indexed_s: float, busy: float) -> str:
    lines = [
        f"{counts['people']:,} people; index: {counts['written']:,} rows written in {indexed_s:.0f} s;"
        f" {os.cpu_count()} cores, others used {busy:.0%} just before.",
        "",
        "| search | sets exactly right | MRR of planted people | page p50 ms | p95 ms | max ms | CPU ms |",
        "|---|---|---|---|---|---|---|",
    ]
    for title, one in (("Segue", ours), ("peer: words in name, e-mail, headline", peer)):
        cuts = statistics.quantiles(one.ms, n=20, method="inclusive")
        cells = [title, f"{one.exact} of {one.asked}", f"{statistics.fmean(one.ranks):.3f}"]
        cells += [f"{cuts[9]:.0f}", f"{cuts[18]:.0f}", f"{max(one.ms):.0f}"]
        cells.append(f"{statistics.median(one.cpu_ms):.0f}")
        lines.append("| " + " | ".join(cells) + " |")
    medians = {typed: statistics.median(took) for typed, took in ours.each.items()}
    slow = sorted(medians, key=lambda typed: -medians[typed])[:SLOWEST]
    lines += ["", "Slowest, the median of its pages:", ""]
    lines += [f"* {medians[typed]:.0f} ms: `{typed}`" for typed in slow]
    return "\n".join([*lines, *(f"\nNot right: {wrong}" for wrong in ours.wrong)])


if __name__ == "__main__":
    main()
