"""`segue events tail`: the ledger's end, and what is added to it."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from segue.cli.tables import iso, say_aside, say_line
from segue.kit.actor import Actor
from segue.kit.errors import Invalid

if TYPE_CHECKING:
    from segue.listen.models import Signal, Source

POLL_S = 0.3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--source", default="", metavar="NAME", help="one source (all, our own code too)")
    parser.add_argument("--kind", default="", help="one kind of event")
    parser.add_argument(
        "--limit", "-n", type=int, default=20, help="how many of the latest to begin with (20)"
    )
    parser.add_argument("--follow", "-f", action="store_true", help="go on until Ctrl-C")
    parser.add_argument("--json", action="store_true", help="print a JSON object a line")


def main(args: argparse.Namespace) -> int:
    from segue.listen.queries.horizon import Horizon
    from segue.listen.queries.signals import latest_signals
    from segue.listen.queries.sources import source_for

    if not 0 <= args.limit <= 10_000:
        raise Invalid("Begin with 0 to 10,000 events.", field="--limit", remedy="--limit 20")
    by = Actor.machine("segue events tail")
    source = source_for(by, args.source) if args.source else None
    horizon = Horizon()
    reached = horizon.settle()
    latest = latest_signals(by, source=source, kind=args.kind, upto=reached, limit=args.limit)
    if not args.json:
        print(_HEADS, flush=True)
    if not latest and not args.follow:
        say_aside("Nothing among the latest 200,000 events.")
    _say(latest, args.json)
    if args.follow:
        for more in _following(by, horizon, reached, source, args.kind):
            _say(more, args.json)
    return 0


def _following(
    by: Actor, horizon: Any, reached: int, source: Source | None, kind: str
) -> Iterator[list[Signal]]:
    """Yield what was added, in the order of ids, none left out: never past what may still be committed."""
    from segue.listen.queries.signals import signals_between

    limit = 500
    while True:
        upto = horizon.look()
        rows = (
            signals_between(by, reached, upto, source=source, kind=kind, limit=limit)
            if upto > reached
            else []
        )
        yield rows
        reached = rows[-1].pk if len(rows) == limit else max(reached, upto)
        if len(rows) < limit:
            time.sleep(POLL_S)


_HEADS = f"{'received':<21} {'source':<16} {'tier':<4} {'whose':<8} {'kind':<22} event"


def _say(signals: Iterable[Signal], as_json: bool) -> None:
    for signal in signals:
        if as_json:
            say_line(_as_dict(signal))
        else:
            print(_line(signal), flush=True)


def _line(signal: Signal) -> str:
    received = signal.received_at.strftime("%Y-%m-%d %H:%M:%SZ")
    name = signal.source.name if signal.source else "(our code)"
    event = "".join(char if char.isprintable() else "·" for char in signal.event)
    flags = f"  [{' '.join(signal.flags)}]" if signal.flags else ""
    return f"{received:<21} {name:<16} {signal.tier:<4} {_whose(signal):<8} {signal.kind:<22} {event}{flags}"


def _whose(signal: Signal) -> str:
    return "person" if signal.person_id else "visitor" if signal.anonymous_id else "nobody"


def _as_dict(signal: Signal) -> dict[str, Any]:
    return {
        "id": signal.pk,
        "source": signal.source.name if signal.source else None,
        "kind": signal.kind,
        "event": signal.event,
        "at": iso(signal.at),
        "received_at": iso(signal.received_at),
        "tier": signal.tier,
        "flags": signal.flags,
        "purposes": signal.purposes,
        "person_id": str(signal.person_id) if signal.person_id else None,
        "anonymous_id": signal.anonymous_id or None,
        "job_id": str(signal.job_id) if signal.job_id else None,
        "message_id": signal.message_id or None,
        "props": signal.props,
    }
