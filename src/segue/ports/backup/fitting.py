"""Whether a backup fits this program and this server."""

from __future__ import annotations

from django.db.migrations.loader import MigrationLoader

from segue.ports.backup.manifest import BackupRefused, Manifest
from segue.ports.backup.server import connect, our_database


def refuse_unfit(manifest: Manifest) -> None:
    """Raise BackupRefused for a backup of a newer Segue or PostgreSQL; older ones are brought up to date."""
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    unknown = [name for name in manifest.migrations if name not in known]
    if unknown:
        raise BackupRefused(
            f"This backup was made by a newer Segue ({manifest.segue}): {unknown[0]} is not known here.",
            field="backup",
            remedy="Install that version of Segue or a newer one, then restore.",
        )
    with connect(our_database()) as connection:
        row = connection.execute("SELECT current_setting('server_version_num')::int").fetchone()
    ours = row[0] if row else 0
    if ours // 10_000 < manifest.postgres // 10_000:
        raise BackupRefused(
            f"This backup is of PostgreSQL {manifest.postgres // 10_000}, this server is {ours // 10_000}.",
            field="backup",
            remedy="Restore to a server at least as new.",
        )
