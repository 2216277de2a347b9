"""segue erase: forget a person, everywhere, at their request."""

from __future__ import annotations

import argparse
import sys

from segue.kit.errors import Invalid


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--person", required=True, help="e-mail address, id, or id of an import")
    parser.add_argument("--yes", action="store_true", help="do it without asking")


def main(args: argparse.Namespace) -> int:
    """Erase the person named; without --yes ask, and refuse where nobody can answer."""
    from segue.catalog.actions.erasure import erase_person
    from segue.catalog.queries.people import find_person
    from segue.kit.actor import Actor

    by = Actor.machine("segue erase")
    person = find_person(by, args.person)
    if not args.yes and not _agreed(person.name or args.person):
        return 1
    for label, count in erase_person(person, by=by).items():
        print(f"{label:32} {count}")
    return 0


def _agreed(name: str) -> bool:
    if not sys.stdin.isatty():
        raise Invalid("Erasing cannot be undone.", field="--yes", remedy="Repeat the command with --yes.")
    return input(f"Erase {name} for good? Type yes: ").strip().lower() == "yes"
