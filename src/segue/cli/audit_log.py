"""`segue audit-log`: who did what. Seal it, see that nobody changed it, take it along."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from segue.cli.deeds import deeds_of
from segue.cli.tables import say_aside, say_json
from segue.kit.actor import Actor
from segue.kit.errors import Invalid

_EXAMPLE = """
examples:
  segue audit-log verify --head 81234:9f2c…     the head an earlier run printed must still be in the chain
  segue audit-log export /safe/audit-2026-11
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = deeds_of(parser, _EXAMPLE)
    add("seal", "seal what waits now, instead of within half a minute")
    verify = add("verify", "read the whole chain; names the first line that does not hold, and returns 1")
    verify.add_argument("--head", action="append", default=[], metavar="POSITION:HASH", help="noted before")
    export = add("export", "write lines.jsonl, lines.csv and head.json into a new folder")
    export.add_argument("folder", type=Path)
    export.add_argument("--reason", default="", help="what for; it is written down")


def main(args: argparse.Namespace) -> int:
    return DEEDS[args.deed](args, Actor.machine(f"segue audit-log ({os.environ.get('USER') or 'console'})"))


def seal(args: argparse.Namespace, by: Actor) -> int:
    from segue.trust.actions.chain import seal_lines
    from segue.trust.queries.chain import chain_state

    sealed = seal_lines()
    state = chain_state()
    if args.json:
        say_json({"sealed": sealed, "position": state.length, "head": state.head, "waiting": state.waiting})
    else:
        print(f"{sealed} sealed. {state.length}:{state.head}")
    return 0


def verify(args: argparse.Namespace, by: Actor) -> int:
    from segue.trust.queries.chain import chain_state, verify_chain

    reading = verify_chain(known=dict(_noted(said) for said in args.head))
    state = chain_state()
    broken = reading.broken
    if args.json:
        say_json(
            {
                "holds": broken is None,
                "position": reading.length,
                "head": reading.head,
                "struck": reading.struck,
                "waiting": state.waiting,
                "oldest_waiting_s": round(state.oldest_s, 1),
                "broken_at": broken.position if broken else None,
                "why": broken.why if broken else None,
            }
        )
    elif broken:
        print(f"Broken at line {broken.position}: {broken.why}.")
    else:
        print(f"The chain holds. {reading.length}:{reading.head}")
        say_aside(
            f"{reading.struck} lines had words struck by an erasure; {state.waiting} wait to be sealed."
        )
        say_aside("Keep that head where the database's owner cannot change it, for the next --head.")
    return 1 if broken else 0


def export(args: argparse.Namespace, by: Actor) -> int:
    from segue.trust.actions.audit_export import export_chain

    count, head = export_chain(args.folder, reason=args.reason, by=by)
    if args.json:
        say_json({"lines": count, "head": head})
    else:
        print(f"{count} lines. {head}")
    return 0


def _noted(said: str) -> tuple[int, str]:
    position, _, hashed = said.partition(":")
    if not position.isdecimal() or len(hashed) != 64:
        raise Invalid(
            "A head reads POSITION:HASH.", field="head", remedy="Copy it whole from an earlier run."
        )
    return int(position), hashed


DEEDS = {"seal": seal, "verify": verify, "export": export}
