"""The drill: a backup that nobody has restored is a hope."""

from __future__ import annotations

import secrets
from pathlib import Path

from segue.ports.backup import programs
from segue.ports.backup.fitting import refuse_unfit
from segue.ports.backup.manifest import DATABASE_FILE, BackupRefused, Manifest
from segue.ports.backup.places import Kept
from segue.ports.backup.server import address, connect, scratch_database
from segue.ports.backup.tables import differences, table_sums
from segue.ports.backup.verifying import refuse_damaged


def drill(source: Path, *, passphrase: str = "") -> Manifest:
    """Restore a backup into a database that is then dropped, and compare every table. Raises BackupRefused.

    Ours is not touched, and nothing is sent: no worker knows of that database.
    """
    kept = Kept(source, passphrase)
    refuse_damaged(kept)
    refuse_unfit(kept.manifest)
    with scratch_database(f"segue_drill_{secrets.token_hex(4)}") as name:
        load_and_compare(kept, name)
    return kept.manifest


def load_and_compare(kept: Kept, name: str) -> None:
    """Put a backup's rows into an empty database and hold them against the manifest. Raises BackupRefused."""
    programs.load(address(name), kept.read(DATABASE_FILE))
    with connect(name) as connection:
        found = table_sums(connection)
    if wrong := differences(kept.manifest.tables, found):
        raise BackupRefused(
            f"What came back is not what was saved: {'; '.join(wrong[:5])}.",
            field="backup",
            remedy="Use another backup, and keep this one to find out why.",
        )
