"""`segue audit`: look for what cannot be right in people and jobs, and what each source says."""

from __future__ import annotations

import argparse
import os

from segue.cli.tables import say_aside, say_json, say_table
from segue.kit.actor import Actor


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")


def main(args: argparse.Namespace) -> int:
    """Audit now; return 0 whatever was found."""
    from segue.catalog.actions.auditing.faults import by_worth
    from segue.catalog.actions.auditing.run import audit
    from segue.catalog.queries.quality import findings_by_fault

    by = Actor.machine(f"segue audit ({os.environ.get('USER') or 'console'})")
    made = audit(by=by)
    found = findings_by_fault(by)
    if args.json:
        say_json({"people": made.people, "jobs": made.jobs, "faults": found, "filled": made.filled})
        return 0
    say_aside(f"{made.people} people, {made.jobs} jobs.")
    rows = [(fault.code, count, str(fault.title), str(fault.remedy)) for fault, count in by_worth(found)]
    if rows:
        say_table(("fault", "found", "what it is", "what mends it"), rows)
    else:
        say_aside("Nothing wrong was found.")
    return 0
