"""What a backup says of itself: what is in it, from when, of which version, and whether it is whole."""

from __future__ import annotations

import hmac
import json
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from segue.kit.errors import SegueError

FORM = 1  # of the backup; a program reads its own form and older ones
NAME = "manifest.json"
DATABASE_FILE = "database.dump"
COLD_FOLDER = "cold"
KEYS_FILE = "keys.json"


class BackupRefused(SegueError):
    """A backup that cannot be made, read or put back here."""

    code = "backup_refused"


@dataclass(frozen=True, slots=True)
class TableSum:
    """A table's content: how many rows, and the hash of them all in the order of their keys."""

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class FileSum:
    """A file of the backup as it lies there."""

    size_bytes: int
    sha256: str


@dataclass(slots=True)
class Manifest:
    """The backup's own account of itself. It names tables, files and versions, and nobody."""

    made_at: str
    segue: str
    postgres: int  # server_version_num
    migrations: list[str]
    tables: dict[str, TableSum]
    files: dict[str, FileSum] = field(default_factory=dict)
    cold: dict[str, str] = field(default_factory=dict)  # path in the storage, to its SHA-256
    left_out: list[str] = field(default_factory=list)  # tables whose rows are not in it
    audit_position: int = 0
    audit_head: str = ""
    has_keys: bool = False
    key_mark: str = ""  # the site's key is known again by it
    salt: str = ""  # of the passphrase; empty: not encrypted
    form: int = FORM

    @property
    def rows(self) -> int:
        return sum(one.rows for one in self.tables.values())

    def as_bytes(self, key: bytes = b"") -> bytes:
        """Return it as it is written, with a code that only who knows the passphrase can make."""
        said = _plain(asdict(self))
        code = hmac.digest(key, said, "sha256").hex() if key else ""
        return _plain({"manifest": json.loads(said), "code": code}, indent=2)

    @classmethod
    def read(cls, text: bytes) -> tuple[Self, str]:
        """Return a manifest and its code. Raises BackupRefused where it is none, or of an unknown form."""
        try:
            whole = json.loads(text)
            said: dict[str, Any] = whole["manifest"]
            form = int(said["form"])
        except (ValueError, KeyError, TypeError) as wrong:
            raise BackupRefused("This is no backup of Segue.", field="backup") from wrong
        if form > FORM:
            raise BackupRefused(
                f"This backup is of form {form}; this program reads up to {FORM}.",
                field="backup",
                remedy="Restore it with the version of Segue that made it, or a newer one.",
            )
        said["tables"] = {name: TableSum(**one) for name, one in said["tables"].items()}
        said["files"] = {name: FileSum(**one) for name, one in said["files"].items()}
        return cls(**said), str(whole.get("code", ""))

    def check_code(self, code: str, key: bytes) -> None:
        """Raise BackupRefused where the manifest is not what the owner of the passphrase wrote."""
        said = _plain(asdict(self))
        if not hmac.compare_digest(hmac.digest(key, said, "sha256").hex(), code):
            raise BackupRefused(
                "The passphrase is not the one of this backup, or its manifest was changed.",
                field="passphrase",
                remedy="Try the passphrase again.",
            )


def _plain(value: object, indent: int | None = None) -> bytes:
    return json.dumps(value, sort_keys=True, indent=indent).encode()
