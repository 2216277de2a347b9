"""The passphrase of a backup: from a file or the environment, never the command line, which `ps` shows."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from segue.kit.errors import Invalid

SHORTEST = 12


def add_passphrase(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--passphrase-file",
        type=Path,
        metavar="FILE",
        help="where the passphrase stands (else SEGUE_BACKUP_PASSPHRASE; neither: not sealed)",
    )


def passphrase_of(args: argparse.Namespace) -> str:
    """Return the passphrase, or nothing. Raises Invalid for one too short to keep anything."""
    try:
        said = args.passphrase_file.read_text("utf-8") if args.passphrase_file else None
    except OSError as error:
        raise Invalid(f"{args.passphrase_file} cannot be read: {error}", field="passphrase-file") from error
    words = (said if said is not None else os.environ.get("SEGUE_BACKUP_PASSPHRASE", "")).strip()
    if words and len(words) < SHORTEST:
        raise Invalid(
            "This passphrase is too short.", field="passphrase", remedy=f"Use {SHORTEST} characters or more."
        )
    return words
