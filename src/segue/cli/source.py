"""`segue source`: who may send events, and with which key."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING, Any

from segue.cli.deeds import deeds_of
from segue.cli.tables import iso, say_aside, say_json, say_table
from segue.kit.actor import Actor

if TYPE_CHECKING:
    from segue.listen.models import Source

_EXAMPLE = """
examples:
  segue source create career-site --origin https://careers.example.com
  segue source create hr-server --kind server --json
  segue source rotate career-site --grace-hours 48
  segue source token career-site 8f14e45f
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = deeds_of(parser, _EXAMPLE)
    _add_create(add("create", "make a source and print its key, once"))
    add("list", "the sources there are")
    rotate = add("rotate", "make a new key; the old one lives a while longer")
    rotate.add_argument(
        "--grace-hours", type=float, default=24, metavar="N", help="how long (24; 0 ends it now)"
    )
    revoke = add("revoke", "end keys at once: all of them, or the one that ends with HINT")
    revoke.add_argument("--key", default="", metavar="HINT", help="the last four characters of the key")
    retire = add("retire", "hear nothing more from a source; what it said stays")
    restore = add("restore", "hear a retired source again")
    token = add("token", "print what a signed-in person's page sends as userToken")
    for deed in (rotate, revoke, retire, restore, token):
        deed.add_argument("name", help="the source's name")
    token.add_argument("user_id", help="the user's id, as the page sends it")


def _add_create(create: argparse.ArgumentParser) -> None:
    create.add_argument("name", help="where the events come from, like career-site")
    create.add_argument(
        "--kind",
        choices=["browser", "server"],
        default="browser",
        help="browser: the key is public (browser)",
    )
    create.add_argument(
        "--origin",
        action="append",
        default=[],
        metavar="URL",
        help="pages it may send from (any); repeatable",
    )
    create.add_argument(
        "--consent",
        choices=["carried", "assured"],
        default="carried",
        help="carried: each event says what its visitor agreed to; assured: whoever runs it asked (carried)",
    )
    create.add_argument("--limit", type=int, default=10_000, metavar="N", help="events a second (10000)")


def main(args: argparse.Namespace) -> int:
    by = Actor.machine(f"segue source ({os.environ.get('USER') or 'console'})")
    return DEEDS[args.deed](args, by)


def create(args: argparse.Namespace, by: Actor) -> int:
    from segue.listen.actions.sources import create_source

    source, key = create_source(
        name=args.name,
        kind=args.kind,
        origins=args.origin,
        consent=args.consent,
        limit_per_s=args.limit,
        by=by,
    )
    _say_key(args, source, key, "The key is shown this once: keep it where the sender finds it.")
    return 0


def rotate(args: argparse.Namespace, by: Actor) -> int:
    from segue.listen.actions.sources import rotate_key

    key = rotate_key(_source(args.name, by), grace_h=args.grace_hours, by=by)
    source = _source(args.name, by)
    _say_key(
        args,
        source,
        key,
        f"The new key is shown this once. The old one lives {args.grace_hours:g} hours more.",
    )
    return 0


def list_sources(args: argparse.Namespace, by: Actor) -> int:
    from segue.listen.queries.sources import sources_visible_to

    rows = [_as_dict(source) for source in sources_visible_to(by)]
    if args.json:
        say_json(rows)
    elif not rows:
        say_aside("No sources yet. Make one: segue source create NAME")
    else:
        heads = ("name", "kind", "state", "keys", "origins", "consent", "limit/s")
        say_table(heads, [_table_row(row) for row in rows])
    return 0


def revoke(args: argparse.Namespace, by: Actor) -> int:
    from segue.kit.errors import NotFound
    from segue.listen.actions.sources import revoke_key

    source = _source(args.name, by)
    live = [key for key in source.keys.all() if key.is_alive and key.hint.endswith(args.key)]
    if not live:
        raise NotFound("No such key lives.", field="--key", remedy="See: segue source list")
    ended = [revoke_key(key, by=by).hint for key in live]
    if args.json:
        say_json(_as_dict(_source(args.name, by)) | {"ended": ended})
    else:
        print(f"Ended: {', '.join(ended)}. Collectors know within seconds.")
    return 0


def retire(args: argparse.Namespace, by: Actor) -> int:
    from segue.listen.actions.sources import retire_source

    return _say_state(
        args, by, retire_source(_source(args.name, by), by=by), "is retired: its keys open nothing."
    )


def restore(args: argparse.Namespace, by: Actor) -> int:
    from segue.listen.actions.sources import restore_source

    return _say_state(args, by, restore_source(_source(args.name, by), by=by), "is heard again.")


def token(args: argparse.Namespace, by: Actor) -> int:
    from segue.listen.page_token import user_token

    source = _source(args.name, by)
    said = user_token(source.pk, args.user_id)
    if args.json:
        say_json({"name": source.name, "user_id": args.user_id, "user_token": said})
    else:
        print(said)
    return 0


DEEDS = {
    "create": create,
    "list": list_sources,
    "rotate": rotate,
    "revoke": revoke,
    "retire": retire,
    "restore": restore,
    "token": token,
}


def _source(name: str, by: Actor) -> Source:
    from segue.listen.queries.sources import source_for

    return source_for(by, name)


def _say_key(args: argparse.Namespace, source: Source, key: str, words: str) -> None:
    from django.conf import settings

    if args.json:
        say_json(_as_dict(source) | {"write_key": key, "endpoint": settings.COLLECT_URL})
        return
    print(f"write key  {key}\nendpoint   {settings.COLLECT_URL}")
    say_aside(words)


def _say_state(args: argparse.Namespace, by: Actor, source: Source, words: str) -> int:
    if args.json:
        say_json(_as_dict(_source(source.name, by)))
    else:
        print(f"{source.name} {words}")
    return 0


def _as_dict(source: Source) -> dict[str, Any]:
    return {
        "name": source.name,
        "id": source.pk,
        "kind": str(source.kind),
        "origins": list(source.origins),
        "consent": str(source.consent),
        "limit_per_s": source.limit_per_s,
        "created_at": iso(source.created_at),
        "retired_at": iso(source.retired_at),
        "keys": [
            {"hint": key.hint, "created_at": iso(key.created_at), "expires_at": iso(key.expires_at)}
            for key in source.keys.all()
            if key.is_alive
        ],
    }


def _table_row(row: dict[str, Any]) -> tuple[object, ...]:
    hints = " ".join(key["hint"] + ("*" if key["expires_at"] else "") for key in row["keys"])
    state = "retired" if row["retired_at"] else "heard"
    origins = " ".join(row["origins"]) or "any"
    return row["name"], row["kind"], state, hints, origins, row["consent"], row["limit_per_s"]
