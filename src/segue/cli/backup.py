"""`segue backup`: keep everything in one place, or rehearse bringing it back."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from segue.cli.passphrase import add_passphrase, passphrase_of
from segue.cli.tables import say_aside, say_json
from segue.kit.errors import Invalid

if TYPE_CHECKING:
    from segue.ports.backup.manifest import Manifest

_EXAMPLE = """
examples:
  segue backup /backups/monday.tar
  segue backup drill /backups/monday.tar    restore it beside, compare every table, drop it again
  segue backup drill                        the same with a backup made for it, which is then thrown away
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EXAMPLE
    parser.add_argument(
        "where",
        nargs="+",
        metavar="FILE_OR_FOLDER",
        help="what to write (.tar: one file), or drill [BACKUP]",
    )
    parser.add_argument("--include-keys", action="store_true", help="the keys too (only with a passphrase)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_passphrase(parser)


def main(args: argparse.Namespace) -> int:
    if args.where[0] == "drill" and len(args.where) <= 2:
        return _drill(args, Path(args.where[1]) if len(args.where) == 2 else None)
    if len(args.where) != 1:
        raise Invalid("Name one file or folder.", field="where")
    from segue.ports.backup import make_backup

    target = Path(args.where[0])
    made = make_backup(target, passphrase=passphrase_of(args), include_keys=args.include_keys)
    if args.json:
        say_json(as_dict(made) | {"backup": str(target.absolute())})
        return 0
    print(target.absolute())
    say_aside(f"{made.rows:,} rows of {len(made.tables)} tables, {len(made.cold)} files of the cold tier.")
    if not made.salt:
        say_aside("It is not sealed: whoever can read it can read everybody's data.")
    if not made.has_keys:
        say_aside("The keys are not in it. Keep a copy of the folder secrets/ elsewhere.")
    say_aside(f"Head of the audit: {made.audit_position} {made.audit_head or '(nothing sealed yet)'}")
    return 0


def _drill(args: argparse.Namespace, backup: Path | None) -> int:
    from segue.ports.backup import drill, make_backup

    words = passphrase_of(args)
    if backup is not None:
        checked = drill(backup, passphrase=words)
    else:
        with tempfile.TemporaryDirectory(prefix="segue-drill-") as folder:
            make_backup(Path(folder) / "drill", passphrase=words)
            checked = drill(Path(folder) / "drill", passphrase=words)
    if args.json:
        say_json(as_dict(checked))
    else:
        print(f"Restored beside and compared: {len(checked.tables)} tables, {checked.rows:,} rows, equal.")
    return 0


def as_dict(manifest: Manifest) -> dict[str, Any]:
    """Return what a program wants to know of a backup."""
    return {
        "made_at": manifest.made_at,
        "segue": manifest.segue,
        "postgres": manifest.postgres,
        "rows": manifest.rows,
        "tables": {name: one.rows for name, one in sorted(manifest.tables.items())},
        "cold_files": len(manifest.cold),
        "sealed": bool(manifest.salt),
        "has_keys": manifest.has_keys,
        "audit": {"position": manifest.audit_position, "head": manifest.audit_head},
    }
