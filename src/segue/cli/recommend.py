"""`segue recommend`: one person's mix, with reasons and factors."""

from __future__ import annotations

import argparse
import json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--person", required=True, metavar="EMAIL", help="e-mail, id or source:external-id")
    parser.add_argument("--limit", type=int, default=10, help="how many jobs (10)")
    parser.add_argument("--json", action="store_true", help="print JSON")


def main(args: argparse.Namespace) -> int:
    from segue.catalog.queries.people import find_person
    from segue.kit.actor import Actor
    from segue.kit.errors import Invalid, NotFound
    from segue.learn.actions.fitting import refresh_features
    from segue.recommend.actions.lists import deal_list

    if not 1 <= args.limit <= 100:
        raise Invalid("Ask for 1 to 100 jobs.", field="--limit", remedy="--limit 10")
    by = Actor.machine("segue recommend")
    person = find_person(by, args.person)
    if person is None:
        raise NotFound(f"Nobody is known as {args.person!r}.", field="--person", remedy="Check the address.")
    refresh_features(by=by)
    dealt = deal_list(person.pk, limit=args.limit, by=by)
    if args.json:
        print(json.dumps(dealt.as_dict(), ensure_ascii=False, indent=2))
        return 0
    if not dealt.items:
        print("No open job can be offered yet. Import some: segue import jobs FILE")
    for place, item in enumerate(dealt.items, start=1):
        print(f"{place:>3}. {item.title}  [{item.score:+.3f}]\n     {item.reason}")
    return 0
