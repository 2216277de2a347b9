"""`segue replay`: make one past decision again from its record, and say whether it is the same."""

from __future__ import annotations

import argparse
import uuid

from segue.cli.tables import say_json
from segue.kit.actor import Actor
from segue.kit.errors import Invalid


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("decision", metavar="DECISION_ID")
    parser.add_argument("--json", action="store_true", help="print JSON")


def main(args: argparse.Namespace) -> int:
    """Return 0 for the same to the bit, 1 for a difference, 3 where nothing was recorded."""
    from segue.recommend.queries.replay import Outcome, replay_decision

    try:
        decision_id = uuid.UUID(args.decision)
    except ValueError:
        raise Invalid("A decision's id is a UUID.", field="DECISION_ID", remedy="Copy it whole.") from None
    found = replay_decision(decision_id, by=Actor.machine("segue replay"))
    if args.json:
        say_json(found.as_dict())
    else:
        print(
            f"{found.outcome.value}: {found.kind} of {found.at:%Y-%m-%d %H:%M:%S}, {len(found.cards)} cards"
        )
        if found.difference is not None:
            one = found.difference
            print(f"first at {one.where}: written {one.stored}, replayed {one.replayed}")
        if not found.models_kept:
            print("The bytes of its models are not kept any more.")
    return {Outcome.IDENTICAL: 0, Outcome.DIFFERENT: 1, Outcome.UNRECORDED: 3}[found.outcome]
