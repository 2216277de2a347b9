"""`segue events funnel`: how many went through these steps, in order, within a window; hot and cold."""

from __future__ import annotations

import argparse
import time
from datetime import timedelta

from segue.cli.tables import iso, moment, say_json, say_table
from segue.kit.actor import Actor
from segue.kit.errors import Invalid

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--steps",
        required=True,
        metavar="KIND,KIND",
        help="kinds in order: card.shown,card.clicked; event.tracked:Name asks for events of that name",
    )
    parser.add_argument("--window", default="14d", help="from first step to last: 90s, 6h, 14d, 2w (14d)")
    parser.add_argument("--since", default="", metavar="WHEN", help="happened since: 2026-11-22, or 30d")
    parser.add_argument("--until", default="", metavar="WHEN", help="and before")
    parser.add_argument("--tiers", default="ABC", help="trust tiers that count (ABC: all but robots)")
    parser.add_argument("--json", action="store_true", help="print JSON")


def main(args: argparse.Namespace) -> int:
    from segue.kit import clock
    from segue.listen.queries.funnel import Step, funnel

    started = time.perf_counter()
    steps = [Step(*word.strip().split(":", 1)) for word in args.steps.split(",") if word.strip()]
    counts = funnel(
        steps,
        window=window_of(args.window),
        since=moment(args.since, clock.now()) if args.since else None,
        until=moment(args.until, clock.now()) if args.until else None,
        tiers=args.tiers,
        by=Actor.machine("segue events funnel"),
    )
    took_s = time.perf_counter() - started
    rows = list(zip(counts.steps, counts.reached, counts.shares, strict=True))
    if args.json:
        say_json(
            {
                "steps": [
                    {"step": str(step), "reached": n, "share": round(share, 6)} for step, n, share in rows
                ],
                "window_s": counts.window.total_seconds(),
                "since": iso(counts.since),
                "until": iso(counts.until),
                "as_of": iso(counts.as_of),
                "events": counts.events,
                "engine": counts.engine,
                "took_s": round(took_s, 3),
            }
        )
        return 0
    say_table(("reached", "of first", "step"), [(n, f"{share:.1%}", step) for step, n, share in rows])
    print(f"\n{counts.events} events read in {took_s:.2f} s ({counts.engine})")
    return 0


def window_of(said: str) -> timedelta:
    """Read a length of time: 90s, 15m, 6h, 14d, 2w. Raises Invalid."""
    if said[-1:] not in _UNITS or not said[:-1].isdigit() or len(said) > 8:
        raise Invalid(f"{said!r} is no length of time.", field="--window", remedy="Write 6h, 14d or 2w.")
    return timedelta(seconds=int(said[:-1]) * _UNITS[said[-1]])
