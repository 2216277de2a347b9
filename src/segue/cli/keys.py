"""`segue keys`: which programs may come in, and what each may do."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING, Any

from segue.cli.deeds import deeds_of
from segue.cli.tables import iso, say_aside, say_json, say_table
from segue.kit.actor import Actor

if TYPE_CHECKING:
    from segue.trust.models import ApiKey

_EXAMPLE = """
examples:
  segue keys create payroll --owner mia@employer.example --scope people:read --scope applications:read
  segue keys rotate payroll --grace-hours 48
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = deeds_of(parser, _EXAMPLE)
    create = add("create", "make a key and print its secret, once")
    create.add_argument("--owner", required=True, metavar="EMAIL", help="the colleague who answers for it")
    create.add_argument("--scope", action="append", default=[], metavar="SCOPE", help="repeatable")
    create.add_argument("--days", type=int, default=365, metavar="N", help="its term (365; 0: no end)")
    create.add_argument("--limit", type=int, default=600, metavar="N", help="requests a minute (600)")
    add("list", "the keys there are")
    rotate = add("rotate", "make a new secret; the old one opens a while longer")
    rotate.add_argument("--grace-hours", type=float, default=24, metavar="N", help="how long (24; 0 ends it)")
    revoke = add("revoke", "end a key at once")
    for deed in (create, rotate, revoke):
        deed.add_argument("name", help="the key's name")


def main(args: argparse.Namespace) -> int:
    return DEEDS[args.deed](args, Actor.machine(f"segue keys ({os.environ.get('USER') or 'console'})"))


def create(args: argparse.Namespace, by: Actor) -> int:
    from segue.trust.actions.keys import make_key
    from segue.trust.queries.accounts import colleague_by_email

    key, secret = make_key(
        args.name,
        scopes=args.scope,
        owner=colleague_by_email(by, args.owner),
        days=args.days or None,
        limit_per_min=args.limit,
        by=by,
    )
    return _say_secret(args, key, secret)


def rotate(args: argparse.Namespace, by: Actor) -> int:
    from segue.trust.actions.keys import rotate_key
    from segue.trust.queries.keys import key_by_id

    key = key_by_id(by, args.name)
    return _say_secret(args, key, rotate_key(key, grace_h=args.grace_hours, by=by))


def revoke(args: argparse.Namespace, by: Actor) -> int:
    from segue.trust.actions.keys import revoke_key
    from segue.trust.queries.keys import key_by_id

    key = revoke_key(key_by_id(by, args.name), by=by)
    say_json(_as_dict(key)) if args.json else print(f"{key.name} opens nothing any more.")
    return 0


def list_keys(args: argparse.Namespace, by: Actor) -> int:
    from segue.trust.queries.keys import keys_visible_to

    rows = [_as_dict(key) for key in keys_visible_to(by)]
    if args.json:
        say_json(rows)
    elif not rows:
        say_aside("No keys yet. Make one: segue keys create NAME --owner EMAIL --scope SCOPE")
    else:
        heads = ("name", "scopes", "last used", "ends", "revoked")
        columns = ("name", "scopes", "last_used_at", "expires_at", "revoked_at")
        say_table(heads, [[_plain(row[name]) for name in columns] for row in rows])
    return 0


def _plain(value: Any) -> str:
    return " ".join(value) if isinstance(value, list) else value or "–"


def _as_dict(key: ApiKey) -> dict[str, Any]:
    return {
        "id": str(key.pk),
        "name": key.name,
        "owner": key.owner.email,
        "scopes": key.scopes,
        "hint": key.hint,
        **{name: iso(getattr(key, name)) for name in ("last_used_at", "expires_at", "revoked_at")},
    }


def _say_secret(args: argparse.Namespace, key: ApiKey, secret: str) -> int:
    if args.json:
        say_json(_as_dict(key) | {"secret": secret})
    else:
        print(secret)
        say_aside("The secret is shown this once: keep it where the program finds it.")
    return 0


DEEDS = {"create": create, "list": list_keys, "rotate": rotate, "revoke": revoke}
