"""`segue release-held`: let out, or drop, what a restore holds back."""

from __future__ import annotations

import argparse
import os

from segue.cli.tables import iso, say_json, say_table
from segue.kit.actor import Actor

KINDS = ("mail", "webhooks", "jobs")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--kind", choices=KINDS, action="append", help="only this (repeatable; else all)")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--show", action="store_true", help="say what is held, and leave it")
    what.add_argument(
        "--drop", action="store_true", help="do not send: it went out before; mails are marked as taken back"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def main(args: argparse.Namespace) -> int:
    from segue.engage.actions.held import drop_held, release_held
    from segue.engage.queries.held import Held, held

    by = Actor.machine(f"segue release-held ({os.environ.get('USER') or 'console'})")
    if args.show:
        holding = held(by)
        counts = {kind.value: count for kind, count in holding.counts.items()}
        if args.json:
            say_json({"since": iso(holding.since), "held": counts})
        else:
            say_table(("kind", "held"), list(counts.items()))
        return 0
    kinds = [Held(name) for name in dict.fromkeys(args.kind or KINDS)]
    count = drop_held(by=by, kinds=kinds) if args.drop else release_held(by=by, kinds=kinds)
    if args.json:
        say_json({"dropped" if args.drop else "released": count})
    else:
        print(f"{count} dropped: none of it will be sent." if args.drop else f"{count} released.")
    return 0
