"""`segue skills`: bring in a classification, look for new skills in our own texts, see what waits."""

from __future__ import annotations

import argparse
import os
from dataclasses import asdict
from pathlib import Path

from segue.cli.deeds import deeds_of
from segue.cli.tables import say_aside, say_json, say_table
from segue.kit.actor import Actor

_EXAMPLE = """
examples:
  segue skills import esco ESCO_dataset_en_csv.zip
  segue skills import onet db_29_2_text/
  segue skills import gazetteer
  segue skills propose
  segue skills list --limit 20
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = deeds_of(parser, _EXAMPLE)
    bring = add("import", "bring in a public classification, or the gazetteer of an installed package")
    bring.add_argument("taxonomy", choices=["esco", "onet", "gazetteer"])
    bring.add_argument(
        "path", type=Path, nargs="?", help="the publisher's zip, or its folder; the gazetteer needs none"
    )
    add("propose", "count the terms of our postings and résumés now, instead of at night")
    listed = add("list", "what waits for a decision")
    listed.add_argument("--limit", type=int, default=50, metavar="N", help="rows (50)")


def main(args: argparse.Namespace) -> int:
    by = Actor.machine(f"segue skills ({os.environ.get('USER') or 'console'})")
    return DEEDS[args.deed](args, by)


def bring_in(args: argparse.Namespace, by: Actor) -> int:
    from segue.catalog.actions.taxonomies import import_taxonomy

    report = import_taxonomy(args.taxonomy, args.path, by=by)
    if args.json:
        say_json(asdict(report))
    else:
        say_table(("read", "new", "changed", "unchanged"), [list(asdict(report).values())])
        say_aside("Look for them in your own postings and résumés: segue skills propose")
    return 0


def propose(args: argparse.Namespace, by: Actor) -> int:
    from segue.learn.actions.vocabulary import propose_skills

    counts = propose_skills(by=by)
    if args.json:
        say_json(counts)
    else:
        say_table(("waiting", "no longer written", "decided"), [list(counts.values())])
        say_aside("Decide on them at the desk, under Skills.")
    return 0


def list_proposals(args: argparse.Namespace, by: Actor) -> int:
    from segue.catalog.queries.skills import proposals_for

    rows = list(proposals_for(by)[: max(args.limit, 0)])
    if args.json:
        keys = ("slug", "label", "taxonomy", "jobs", "people", "near_id", "nearness")
        say_json([{key: getattr(row, key) for key in keys} for row in rows])
    elif not rows:
        say_aside("Nothing waits. Look again: segue skills propose")
    else:
        heads = ("skill", "postings", "résumés", "known to", "nearest of ours")
        say_table(heads, [(r.label, r.jobs, r.people, r.taxonomy, r.near_id or "") for r in rows])
    return 0


DEEDS = {"import": bring_in, "propose": propose, "list": list_proposals}
