"""Making a backup: everything as one moment saw it, while the product goes on."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings

import segue
from segue.kit import clock
from segue.listen.cold.storage import storage
from segue.ports.backup import programs
from segue.ports.backup.manifest import COLD_FOLDER, DATABASE_FILE, KEYS_FILE, BackupRefused, Manifest
from segue.ports.backup.places import Draft, drafted
from segue.ports.backup.sealing import PIECE, key_of, new_salt
from segue.ports.backup.server import address, connect, our_database
from segue.ports.backup.tables import LEFT_OUT, table_sums

_SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
_HEAD = "SELECT position, hash FROM trust_auditline WHERE position IS NOT NULL ORDER BY position DESC LIMIT 1"

_COLD = "SELECT path, sha256 FROM listen_coldfile ORDER BY path"


def make_backup(target: Path, *, passphrase: str = "", include_keys: bool = False) -> Manifest:
    """Write a backup to a folder, or to one file where the name ends in .tar; returns its manifest.

    The database is dumped by pg_dump from a snapshot; counts and hashes are taken from the same one, so they
    are of exactly what was dumped. The cold tier's files are those that the snapshot lists. Keys come along
    only if asked for, and only under a passphrase: else whoever finds the backup can sign as us.
    Raises BackupRefused; then nothing is left at `target`.
    """
    if include_keys and not passphrase:
        raise BackupRefused(
            "Keys go into a backup only under a passphrase.",
            field="include-keys",
            remedy="Set SEGUE_BACKUP_PASSPHRASE, or keep a copy of the folder secrets/ elsewhere.",
        )
    salt = new_salt() if passphrase else ""
    key = key_of(passphrase, salt) if passphrase else b""
    with drafted(target.absolute(), key) as draft, connect(our_database()) as connection:
        manifest = _of_one_moment(draft, connection)
        manifest.salt, manifest.key_mark = salt, key_mark()
        if include_keys:
            draft.write(KEYS_FILE, [json.dumps(_secrets()).encode()])
            manifest.has_keys = True
        draft.finish(manifest)
    return manifest


def _of_one_moment(draft: Draft, connection: psycopg.Connection[Any]) -> Manifest:
    connection.execute(_SNAPSHOT)
    (snapshot, version) = _row(
        connection, "SELECT pg_export_snapshot(), current_setting('server_version_num')::int"
    )
    programs.check_fit(version)
    position, head = _row(connection, _HEAD) or (0, "")
    made = Manifest(
        made_at=clock.now().isoformat(timespec="seconds"),
        segue=segue.__version__,
        postgres=version,
        migrations=applied(connection),
        tables=table_sums(connection),
        left_out=list(LEFT_OUT),
        audit_position=position,
        audit_head=head,
    )
    for path, sha256 in connection.execute(
        "SELECT path, sha256 FROM listen_coldfile ORDER BY path"
    ).fetchall():
        draft.write(f"{COLD_FOLDER}/{path}", _pieces(storage().fetch(path, sha256=sha256)))
        made.cold[path] = sha256
    dumped = programs.dump(address(our_database()), snapshot=snapshot, leave_out=LEFT_OUT)
    draft.write(DATABASE_FILE, dumped)
    return made


def applied(connection: psycopg.Connection[Any]) -> list[str]:
    """Return the migrations a database has."""
    rows = connection.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1").fetchall()
    return [name for (name,) in rows]


def key_mark() -> str:
    """Return a mark by which the site's key is known again; it does not tell the key."""
    return hmac.digest(settings.SECRET_KEY.encode(), b"segue backup", "sha256").hex()[:16]


def _secrets() -> dict[str, str]:
    folder = settings.DATA_DIR / "secrets"
    kept = {path.name: path.read_text(encoding="ascii") for path in folder.glob("[!.]*")}
    return kept | {"secret_key": settings.SECRET_KEY}


def _row(connection: psycopg.Connection[Any], query: str) -> Any:
    return connection.execute(query.encode()).fetchone()


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece
