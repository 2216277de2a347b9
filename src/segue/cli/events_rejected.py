"""`segue events rejected`: what was refused, why, and what its sender should change."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from segue.cli.tables import iso, say_aside, say_json, say_table
from segue.kit.actor import Actor
from segue.kit.errors import Invalid

if TYPE_CHECKING:
    from segue.listen.models import Rejected


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--source", default="", metavar="NAME", help="one source (all)")
    parser.add_argument("--code", default="", help="one reason, like not_json")
    parser.add_argument("--limit", "-n", type=int, default=20, help="how many, the latest first (20)")
    parser.add_argument("--json", action="store_true", help="print JSON, with the bodies")


def main(args: argparse.Namespace) -> int:
    from segue.listen.queries.rejected import rejected_visible_to
    from segue.listen.queries.sources import source_for

    if not 1 <= args.limit <= 10_000:
        raise Invalid("Ask for 1 to 10,000 refused events.", field="--limit", remedy="--limit 20")
    by = Actor.machine("segue events rejected")
    source = source_for(by, args.source) if args.source else None
    found = rejected_visible_to(by, source=source, code=args.code).order_by("-pk")
    rows = list((found.defer(None) if args.json else found)[: args.limit])
    if args.json:
        say_json([_as_dict(row) for row in rows])
    elif not rows:
        say_aside("Nothing was refused.")
    else:
        heads = ("received", "source", "code", "field", "message", "remedy")
        say_table(heads, [_table_row(row) for row in rows])
    return 0


def _table_row(row: Rejected) -> tuple[object, ...]:
    name = row.source.name if row.source else None
    return row.received_at, name, row.code, row.field, row.message[:80], row.remedy[:80]


def _as_dict(row: Rejected) -> dict[str, Any]:
    return {
        "id": row.pk,
        "source": row.source.name if row.source else None,
        "received_at": iso(row.received_at),
        "code": row.code,
        "field": row.field,
        "message": row.message,
        "remedy": row.remedy,
        "origin": row.origin,
        "body": row.body,
    }
