"""`segue restore`: bring a backup back. Nothing is sent until somebody lets it."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from segue.cli.backup import as_dict
from segue.cli.database import migrate
from segue.cli.passphrase import add_passphrase, passphrase_of
from segue.cli.tables import say_aside, say_json
from segue.kit.actor import Actor


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("backup", type=Path, help="a file or folder that `segue backup` wrote")
    parser.add_argument("--replace", action="store_true", help="also where there is something already")
    parser.add_argument("--include-keys", action="store_true", help="put the keys of the backup in place too")
    parser.add_argument(
        "--erasures",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="a list of who was erased",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_passphrase(parser)


def main(args: argparse.Namespace) -> int:
    from segue.ports.backup import restore

    done = restore(
        args.backup,
        by=Actor.machine(f"segue restore ({os.environ.get('USER') or 'console'})"),
        migrate=migrate,
        passphrase=passphrase_of(args),
        replace=args.replace,
        include_keys=args.include_keys,
        erasures=args.erasures,
    )
    if args.json:
        say_json(
            as_dict(done.manifest)
            | {"held": done.held, "erased_again": done.erased_again, "cold_files_brought": done.cold_files}
            | {"old_database": done.old_database, "remarks": done.remarks}
        )
        return 0
    print(f"{done.manifest.rows:,} rows are back, as of {done.manifest.made_at}.")
    print(
        f"{done.held} jobs are held, and no mail or webhook goes out. Look at them, then: segue release-held"
    )
    if done.erased_again:
        print(f"{done.erased_again} people were erased again.")
    for remark in done.remarks:
        say_aside(remark)
    if done.old_database:
        say_aside(
            f"What was here lies in the database {done.old_database}. It holds people's data:"
            " drop it when you are sure."
        )
    return 0
