"""`segue audit`: look for what cannot be right in people and jobs, and what each source says."""

from __future__ import annotations

import argparse
import os
from dataclasses import asdict
from typing import TYPE_CHECKING

from segue.cli.tables import say_aside, say_json, say_table
from segue.kit.actor import Actor

if TYPE_CHECKING:
    from segue.catalog.actions.auditing.faults import Work


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--effects",
        action="store_true",
        help="first measure, on our own replies, what each kind of fault costs matching",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def main(args: argparse.Namespace) -> int:
    """Audit now; return 0 whatever was found."""
    from segue.catalog.actions.auditing.faults import by_worth
    from segue.catalog.actions.auditing.run import audit
    from segue.catalog.queries.quality import findings_by_fault
    from segue.learn.queries.effects import effects_in_force

    by = Actor.machine(f"segue audit ({os.environ.get('USER') or 'console'})")
    if args.effects:
        _measure(by, tell=not args.json)
    made = audit(by=by)
    found = findings_by_fault(by)
    effects = effects_in_force()
    if args.json:
        costs = {name: asdict(one) for name, one in effects.of.items()}
        counts = {"people": made.people, "jobs": made.jobs, "faults": found, "filled": made.filled}
        say_json(counts | {"effects": costs})
        return 0
    say_aside(f"{made.people} people, {made.jobs} jobs.")
    rows = [
        (work.fault.code, work.count, _cost(work), str(work.fault.title), str(work.fault.remedy))
        for work in by_worth(found, effects.costs)
    ]
    if rows:
        say_table(("fault", "found", "costs one", "what it is", "what mends it"), rows)
    else:
        say_aside("Nothing wrong was found.")
    return 0


def _measure(by: Actor, *, tell: bool) -> None:
    from segue.engine.spoilt import LEAST
    from segue.learn.actions.effects import measure_effects

    measured = measure_effects(by=by)
    if not tell:
        return
    if not measured.effects:
        say_aside(f"{measured.people} people replied, {LEAST} are needed: no effect is measured here yet.")
        return
    said = (
        f"{measured.people} people who replied, {measured.jobs} jobs; nDCG@10 {measured.ndcg:.3f} unspoilt."
    )
    say_aside(said)
    say_table(
        ("spoilt", "loss of nDCG@10", "from", "to", "rows"),
        [
            (name, *(f"{n:+.3f}" for n in (one.loss, one.low, one.high)), one.rows)
            for name, one in sorted(measured.effects.items(), key=lambda pair: -pair[1].loss)
            if one.measured
        ],
    )


def _cost(work: Work) -> str:
    if not work.fault.damage:
        return "not read"
    return "not measured" if work.cost is None else f"{work.cost:.3f}"
