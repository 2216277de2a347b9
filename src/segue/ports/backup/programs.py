"""pg_dump and pg_restore: run beside the server, with one snapshot, through pipes."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryFile

from segue.ports.backup.manifest import BackupRefused
from segue.ports.postgres.binaries import wheel_folder
from segue.ports.postgres.errors import PostgresUnavailable

PIECE = 1 << 20
_MISSING = (
    "Set SEGUE_PG_BIN to a folder with pg_dump and pg_restore (on Debian: apt install postgresql-client)."
)


def program(name: str) -> str:
    """Return the path of one of PostgreSQL's programs: from the operator's folder, else the wheel's."""
    folders = [Path(chosen)] if (chosen := os.environ.get("SEGUE_PG_BIN")) else []
    try:
        folders.append(wheel_folder())
    except PostgresUnavailable:
        if not folders:
            raise BackupRefused(f"There is no {name} here.", remedy=_MISSING) from None
    found = next((folder / name for folder in folders if (folder / name).is_file()), None)
    if found is None:
        raise BackupRefused(f"There is no {name} here.", remedy=_MISSING)
    return str(found)


def check_fit(server_version: int) -> None:
    """Raise BackupRefused where our pg_dump is older than the server it should read."""
    shown = subprocess.run([program("pg_dump"), "--version"], capture_output=True, text=True, check=True)
    found = re.search(r"\d+", shown.stdout)
    ours = int(found.group()) if found else 0
    if ours < server_version // 10_000:
        raise BackupRefused(
            f"pg_dump {ours} cannot read PostgreSQL {server_version // 10_000}.", remedy=_MISSING
        )


def dump(url: str, *, snapshot: str, leave_out: Iterable[str]) -> Iterator[bytes]:
    """Yield a dump of the database as the snapshot sees it. Raises BackupRefused where pg_dump fails."""
    command = [program("pg_dump"), "--format=custom", "--no-owner", "--no-privileges", "--compress=6"]
    command += [f"--snapshot={snapshot}", *(f"--exclude-table-data={name}" for name in leave_out)]
    with TemporaryFile() as errors:
        with subprocess.Popen(
            [*command, f"--dbname={url}"], stdout=subprocess.PIPE, stderr=errors, stdin=subprocess.DEVNULL
        ) as running:
            assert running.stdout is not None
            while piece := running.stdout.read(PIECE):
                yield piece
        _refuse_failure("pg_dump", running.returncode, errors)


def load(url: str, pieces: Iterable[bytes]) -> None:
    """Put a dump into an empty database, all of it or nothing. Raises BackupRefused where that fails."""
    command = [program("pg_restore"), "--no-owner", "--no-privileges", "--exit-on-error"]
    with TemporaryFile() as errors:
        with subprocess.Popen(
            [*command, "--single-transaction", f"--dbname={url}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        ) as running:
            assert running.stdin is not None
            try:
                for piece in pieces:
                    running.stdin.write(piece)
                running.stdin.close()
            except BrokenPipeError:
                pass  # it has failed, and says why below
            except BaseException:
                running.kill()
                raise
        _refuse_failure("pg_restore", running.returncode, errors)


def _refuse_failure(name: str, code: int, errors: object) -> None:
    if code == 0:
        return
    errors.seek(0)  # type: ignore[attr-defined]  # the file given above
    words = errors.read().decode(errors="replace").strip()  # type: ignore[attr-defined]  # the same
    raise BackupRefused(f"{name} failed: {words[-500:] or code}", remedy="Mend what it names, then repeat.")
