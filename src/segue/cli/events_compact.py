"""`segue events compact`: closed weeks become Parquet now, instead of when their time has come."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from datetime import date

from segue.cli.tables import say_json, say_table
from segue.kit.actor import Actor
from segue.kit.errors import Invalid


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--before",
        default="",
        metavar="DATE",
        help="weeks that ended by then (those older than SEGUE_HOT_WEEKS)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def main(args: argparse.Namespace) -> int:
    from segue.listen.actions.compaction import compact_due

    done = compact_due(before=_day(args.before), by=Actor.machine("segue events compact"))
    if args.json:
        say_json([asdict(one) | {"week": one.week.isoformat()} for one in done])
        return 0
    rows = [(one.week, one.rows, one.kept_hot, one.files, f"{one.size_bytes / 1e6:.1f}") for one in done]
    say_table(("week of", "events", "kept hot", "files", "MB"), rows)
    return 0


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said) if said else None
    except ValueError as wrong:
        raise Invalid(f"{said!r} is no day.", field="--before", remedy="Write 2026-05-04.") from wrong
