"""`segue search`: make the index people are found by anew, and look what a query finds."""

from __future__ import annotations

import argparse
import os

from segue.cli.deeds import deeds_of
from segue.cli.tables import say_aside, say_json, say_table
from segue.kit.actor import Actor

_EXAMPLE = """
examples:
  segue search rebuild
  segue search rebuild --all
  segue search find 'nurse (icu OR "intensive care") -agency near:Berlin within:50km'
  segue search find 'nurse -status:rejected job:"Ward nurse"'
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = deeds_of(parser, _EXAMPLE)
    rebuild = add("rebuild", "bring the index of people up to date")
    rebuild.add_argument("--all", action="store_true", help="make every row anew, not only what changed")
    find = add("find", "look for people as the desk does")
    find.add_argument("query", help="words, phrases, AND OR NOT, fields")
    find.add_argument("--limit", type=int, default=20, metavar="N", help="rows (20)")


def main(args: argparse.Namespace) -> int:
    by = Actor.machine(f"segue search ({os.environ.get('USER') or 'console'})")
    return {"rebuild": rebuild, "find": find}[args.deed](args, by)


def rebuild(args: argparse.Namespace, by: Actor) -> int:
    from segue.learn.actions.searching import index_people

    counts = index_people(by=by, anew=args.all)
    if args.json:
        say_json(counts)
    else:
        say_table(("written", "taken away", "people"), [list(counts.values())])
    return 0


def find(args: argparse.Namespace, by: Actor) -> int:
    from segue.learn.queries.search.asking import understand
    from segue.learn.queries.search.finding import find_people

    found = find_people(by, understand(args.query), size=max(1, args.limit))
    if args.json:
        hits = [{"person": str(hit.person_id), "score": hit.score} for hit in found.hits]
        say_json({"total": found.total, "more_than": found.more_than, "people": hits})
        return 0
    say_table(("person", "score"), [(str(hit.person_id), hit.score) for hit in found.hits])
    say_aside(f"{'More than ' if found.more_than else ''}{found.total} in all.")
    return 0
