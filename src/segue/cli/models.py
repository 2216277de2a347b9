"""`segue models`: which artefacts there are, which is in force, and putting another one there."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING, Any

from segue.cli.tables import iso, say_json, say_table
from segue.kit.actor import Actor

if TYPE_CHECKING:
    from segue.learn.models import Model
    from segue.learn.queries.registry import DriftLine


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for verb, text in {
        "list": "every kind with what is in force",
        "show": "one artefact's card, state and drift",
        "challenge": "let a candidate stand beside the champion",
        "promote": "put a challenger in force",
        "rollback": "return to the champion before this one",
        "retire": "take a candidate or challenger out of the running",
    }.items():
        sub = verbs.add_parser(verb, help=text)
        sub.add_argument("--json", action="store_true", help="print JSON")
        if verb == "rollback":
            sub.add_argument("kind", metavar="KIND")
        elif verb != "list":
            sub.add_argument("hash", metavar="HASH", help="or the beginning of one")
        if verb in {"promote", "rollback", "retire"}:
            sub.add_argument("--reason", default="", required=verb == "rollback", help="why, for the record")


def main(args: argparse.Namespace) -> int:
    return VERBS[args.verb](args)


def show_all(args: argparse.Namespace) -> int:
    from segue.learn.queries.registry import registry

    kinds = registry(_by())
    rows = [
        model
        for view in kinds
        for model in [*([view.champion] if view.champion else []), *view.waiting, *view.retired]
    ]
    if args.json:
        say_json([_plain(model) for model in rows])
        return 0
    say_table(
        ("kind", "state", "hash", "made", "owner"),
        [(row.kind, row.state, row.pk[:12], row.made_at, row.owner) for row in rows],
    )
    return 0


def show_one(args: argparse.Namespace) -> int:
    from segue.learn.queries.registry import drift_of, model_named

    model = model_named(_by(), args.hash)
    lines = drift_of(_by(), model.pk)
    if args.json:
        say_json(_plain(model) | {"drift": [_drift(line) for line in lines]})
        return 0
    for name, value in _plain(model).items():
        print(f"{name:<8} {value}")
    if lines:
        say_table(
            ("measure", "index", "chance", "verdict"),
            [(line.measure, line.index, line.noise, line.verdict.value) for line in lines],
        )
    return 0


def settle(args: argparse.Namespace) -> int:
    from segue.learn.actions import registry as verbs
    from segue.learn.queries.registry import model_named

    if args.verb == "rollback":
        model = verbs.roll_back_model(kind=args.kind, reason=args.reason, by=_by())
    else:
        found = model_named(_by(), args.hash)
        if args.verb == "challenge":
            model = verbs.challenge_model(found, by=_by())
        elif args.verb == "promote":
            model = verbs.promote_model(found, reason=args.reason, by=_by())
        else:
            model = verbs.retire_model(found, reason=args.reason, by=_by())
    if args.json:
        say_json(_plain(model))
    else:
        print(f"{model.kind} {model.pk[:12]} is {model.state}.")
    return 0


def _plain(model: Model) -> dict[str, Any]:
    return {
        "hash": model.pk,
        "kind": model.kind,
        "state": model.state,
        "owner": model.owner,
        "made_at": iso(model.made_at),
        "state_at": iso(model.state_at),
        "parent": model.parent_id,
        "swept_at": iso(model.swept_at),
        "card": model.card,
    }


def _drift(line: DriftLine) -> dict[str, Any]:
    return {
        "measure": line.measure,
        "index": line.index,
        "chance": line.noise,
        "verdict": line.verdict.value,
        "reference_at": iso(line.reference_at),
        "measured_at": iso(line.measured_at),
    }


def _by() -> Actor:
    return Actor.machine(f"segue models ({os.environ.get('USER') or 'console'})")


VERBS = {"list": show_all, "show": show_one} | dict.fromkeys(
    ("challenge", "promote", "rollback", "retire"), settle
)
