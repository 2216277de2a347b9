"""`segue events count`: what came in, each event once, hot and cold."""

from __future__ import annotations

import argparse

from segue.cli.tables import iso, moment, say_json, say_table
from segue.kit.actor import Actor


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--source", default="", metavar="NAME", help="one source (all, our own code too)")
    parser.add_argument("--kind", default="", help="one kind of event, as docs/signals.md names it")
    parser.add_argument("--since", default="", metavar="WHEN", help="received since: 2026-11-22, or 6h")
    parser.add_argument("--json", action="store_true", help="print JSON")


def main(args: argparse.Namespace) -> int:
    from segue.kit import clock
    from segue.listen.queries.counting import count_events
    from segue.listen.queries.sources import source_for

    by = Actor.machine("segue events count")
    source = source_for(by, args.source) if args.source else None
    since = moment(args.since, clock.now()) if args.since else None
    counted = count_events(by, source=source, kind=args.kind, since=since)
    name = source.name if source else None
    if args.json:
        say_json(
            {
                "source": name,
                "count": counted.count,
                "rejected": counted.rejected,
                "by_kind": counted.by_kind,
                "since": iso(since),
            }
        )
        return 0
    by_kind = sorted(counted.by_kind.items(), key=lambda row: (-row[1], row[0]))
    say_table(("events", "kind"), [(events, kind) for kind, events in by_kind])
    print(f"\n{counted.count} events accepted, {counted.rejected} refused" + (f" ({name})" if name else ""))
    return 0
