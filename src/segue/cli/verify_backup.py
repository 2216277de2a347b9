"""`segue verify-backup`: read a backup and say whether it is whole. Needs no database."""

from __future__ import annotations

import argparse
from pathlib import Path

from segue.cli.backup import as_dict
from segue.cli.database import set_up_django
from segue.cli.passphrase import add_passphrase, passphrase_of
from segue.cli.tables import say_aside, say_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("backup", type=Path, help="a file or folder that `segue backup` wrote")
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_passphrase(parser)


def main(args: argparse.Namespace) -> int:
    set_up_django()
    from segue.ports.backup import verify_backup

    found = verify_backup(args.backup, passphrase=passphrase_of(args))
    if args.json:
        say_json(as_dict(found))
        return 0
    print(f"Whole: {found.rows:,} rows of {len(found.tables)} tables, from {found.made_at}.")
    say_aside("Whether PostgreSQL takes it, a drill tells: segue backup drill BACKUP")
    return 0
