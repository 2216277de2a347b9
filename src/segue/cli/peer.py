"""`segue peer`: hold the product against a real peer, on a stage of its own, and count what went wrong."""

from __future__ import annotations

import argparse
import json
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("trial", choices=["crash-collect"], help="which trial to hold")
    parser.add_argument("--events", type=int, default=20_000, help="events the library sends (20000)")
    parser.add_argument("--kills", type=int, default=20, help="times the collector is killed (20)")
    parser.add_argument("--stops", type=int, default=20, help="times PostgreSQL stops at once (20)")
    parser.add_argument("--seed", type=int, default=1, help="draws the order and the instants (1)")
    parser.add_argument("--json", action="store_true", help="print the counts as JSON")


def main(args: argparse.Namespace) -> int:
    """Hold the trial; 0 only where nothing was lost, doubled or given up. Raises TrialFailed."""
    from segue.cli.crash_collect import crash_collect
    from segue.cli.supervisor import Stopped, stop_on_signals

    def say(words: str) -> None:
        print(words, file=sys.stderr, flush=True)

    with stop_on_signals():
        try:
            report = crash_collect(
                events=max(1, args.events),
                kills=max(0, args.kills),
                stops=max(0, args.stops),
                seed=args.seed,
                say=say,
            )
        except (Stopped, KeyboardInterrupt):
            return 130
    counts = report.as_dict()
    print(
        json.dumps(counts) if args.json else "\n".join(f"{name:12}{value}" for name, value in counts.items())
    )
    return 0 if report.is_clean else 1
