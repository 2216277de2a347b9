"""Looking whether a backup is whole, without putting it anywhere."""

from __future__ import annotations

from pathlib import Path

from segue.ports.backup.manifest import BackupRefused, Manifest
from segue.ports.backup.places import Kept


def verify_backup(source: Path, *, passphrase: str = "") -> Manifest:
    """Read every byte of a backup, unseal it, and compare it with the manifest. Raises BackupRefused.

    What this cannot say is whether PostgreSQL takes it: a drill does.
    """
    kept = Kept(source, passphrase)
    refuse_damaged(kept)
    for name in kept.manifest.files:
        for _ in kept.read(name):
            pass
    return kept.manifest


def refuse_damaged(kept: Kept) -> None:
    if wrong := kept.damaged():
        raise BackupRefused("; ".join(wrong), field="backup", remedy="Use another copy of the backup.")
