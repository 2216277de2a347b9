"""`segue webhooks`: where events are sent, what was given up, and another chance for it."""

from __future__ import annotations

import argparse
import os

from segue.cli.deeds import deeds_of
from segue.cli.tables import say_aside, say_json, say_table
from segue.kit.actor import Actor

_EXAMPLE = """
examples:
  segue webhooks list
  segue webhooks replay 0199c0de-0000-7000-8000-000000000000
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = deeds_of(parser, _EXAMPLE)
    add("list", "the endpoints, with what waits and what was given up")
    for name, text in (
        ("test", "send an endpoint a test event"),
        ("replay", "send again all that was given up at an endpoint"),
    ):
        add(name, text).add_argument("endpoint", help="its id, from the list")


def main(args: argparse.Namespace) -> int:
    return DEEDS[args.deed](args, Actor.machine(f"segue webhooks ({os.environ.get('USER') or 'console'})"))


def list_endpoints(args: argparse.Namespace, by: Actor) -> int:
    from segue.trust.queries.endpoints import endpoints_visible_to

    rows = [
        {
            "id": str(each.pk),
            "url": each.url,
            "kinds": each.kinds,
            "state": "off" if each.disabled_at else "failing" if each.failing_since else "on",
            "waiting": getattr(each, "waiting", 0),
            "given_up": getattr(each, "dead", 0),
        }
        for each in endpoints_visible_to(by)
    ]
    if args.json:
        say_json(rows)
    elif not rows:
        say_aside("No endpoints yet. Make one at the desk: Settings, Webhooks.")
    else:
        heads = ("id", "url", "state", "waiting", "given_up")
        say_table(heads, [[str(row[name]) for name in heads] for row in rows])
    return 0


def test(args: argparse.Namespace, by: Actor) -> int:
    from segue.engage.actions.webhooks import send_soon
    from segue.trust.actions.endpoints import queue_test_delivery
    from segue.trust.queries.endpoints import endpoint_for

    return _say_count(args, send_soon([queue_test_delivery(endpoint_for(by, args.endpoint), by=by)]))


def replay(args: argparse.Namespace, by: Actor) -> int:
    from segue.engage.actions.webhooks import send_soon
    from segue.trust.actions.endpoints import replay_delivery
    from segue.trust.queries.endpoints import deliveries_of, endpoint_for

    given_up = list(deliveries_of(endpoint_for(by, args.endpoint), "dead"))
    return _say_count(args, send_soon([replay_delivery(each, by=by) for each in given_up]))


def _say_count(args: argparse.Namespace, count: int) -> int:
    say_json({"queued": count}) if args.json else print(f"{count} on the way.")
    return 0


DEEDS = {"list": list_endpoints, "test": test, "replay": replay}
