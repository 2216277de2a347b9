"""`segue consumers`: where each consumer stands in the ledger, and moving it."""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from segue.kit.actor import Actor
from segue.kit.errors import Invalid


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    listing = verbs.add_parser("list", help="who reads what, and how far behind")
    listing.add_argument("--json", action="store_true", help="print it as JSON")
    rewind = verbs.add_parser("rewind", help="read again from a place")
    rewind.add_argument("name")
    rewind.add_argument("--to", required=True, help="a signal's id, a time, `beginning` or `present`")
    for verb, text in {"pause": "let it rest", "resume": "let it go on"}.items():
        verbs.add_parser(verb, help=text).add_argument("name")
    parked = verbs.add_parser("parked", help="signals consumers gave up on")
    parked.add_argument("name", nargs="?", default="", help="of this consumer only")
    parked.add_argument("--retry", action="store_true", help="hand them over once more")
    parked.add_argument("--json", action="store_true", help="print it as JSON")


def main(args: argparse.Namespace) -> int:
    return VERBS[args.verb](args)


def show(args: argparse.Namespace) -> int:
    from segue.listen.queries.health import consumer_lag

    found = consumer_lag()
    if args.json:
        print(json.dumps([asdict(lag) for lag in found], default=str, indent=1))
        return 0
    width = max([len(lag.name) for lag in found], default=0)
    for lag in found:
        states = {
            "no place yet": lag.moved_at is None,
            "gone": not lag.registered,
            "paused": lag.paused,
            f"stumbled {lag.stumbles} times": lag.stumbles,
            f"{lag.parked} parked": lag.parked,
        }
        more = ", ".join(words for words, holds in states.items() if holds)
        where = f"at {lag.position:>12,}  {lag.behind:>10,} behind  {lag.age_s:>8.1f} s"
        print(f"{lag.name:<{width}}  {where}  {more}")
    return 0


def rewind(args: argparse.Namespace) -> int:
    from segue.listen.actions.places import rewind_consumer

    place = rewind_consumer(args.name, position=position_of(args.to), by=_by())
    print(f"{place.consumer} reads on after {place.position:,}.")
    return 0


def position_of(text: str) -> int:
    """Read a place as people write it: everything after it will be read. Raises Invalid.

    The present is what may be read by now: an id that is drawn but not written yet must not be passed by.
    """
    from segue.listen.queries.horizon import Horizon
    from segue.listen.queries.unread import first_id_since

    if text in {"beginning", "present"}:
        return 0 if text == "beginning" else Horizon().settle()
    if text.isdecimal():
        return max(int(text) - 1, 0)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(
            f"{text!r} is neither an id nor a time.",
            field="--to",
            remedy="Write 120034, 2026-11-22T09:00, beginning or present.",
        ) from None
    present = Horizon().settle()
    first = first_id_since(at if at.tzinfo else at.replace(tzinfo=UTC))
    return present if first is None else min(present, first - 1)


def pause(args: argparse.Namespace) -> int:
    from segue.listen.actions.places import pause_consumer

    print(f"{pause_consumer(args.name, by=_by()).consumer} rests.")
    return 0


def resume(args: argparse.Namespace) -> int:
    from segue.listen.actions.places import resume_consumer

    print(f"{resume_consumer(args.name, by=_by()).consumer} goes on.")
    return 0


def parked(args: argparse.Namespace) -> int:
    from segue.listen.actions.consuming import retry_parked
    from segue.listen.consuming import consumer_named
    from segue.listen.queries.health import parked_signals

    if args.retry:
        for name in [args.name] if args.name else sorted({row["consumer"] for row in parked_signals()}):
            done, stay = retry_parked(consumer_named(name))
            print(f"{name}: {done} went, {stay} stay.")
        return 0
    rows: list[dict[str, Any]] = parked_signals(args.name)
    if args.json:
        print(json.dumps(rows, default=str, indent=1))
        return 0
    for row in rows:
        print(f"{row['consumer']}  signal {row['signal_id']}  {row['at']:%Y-%m-%d %H:%M}  {row['error']}")
    return 0


def _by() -> Actor:
    return Actor.machine(f"segue consumers ({os.environ.get('USER') or 'console'})")


VERBS = {"list": show, "rewind": rewind, "pause": pause, "resume": resume, "parked": parked}
