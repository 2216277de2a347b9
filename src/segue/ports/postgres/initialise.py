"""Making a new, empty cluster so that a crash half-way leaves none."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from segue.ports.postgres.account import ServerAccount
from segue.ports.postgres.binaries import Binaries
from segue.ports.postgres.errors import PostgresUnavailable

OWNER = "segue"
NEEDED_MB = 200
BUILTIN_LOCALES_SINCE = 17


def initialise(
    cluster_dir: Path, binaries: Binaries, account: ServerAccount, *, lock: int, sync: bool = True
) -> None:
    """Build the cluster beside its place and rename it there when whole.

    `lock` is lent to initdb: should we be killed, the next starter waits until the orphan is done.
    Raises PostgresUnavailable when the disk is full or initdb fails.
    """
    _refuse_other_versions(cluster_dir)
    _refuse_full_disk(cluster_dir.parent)
    for stale in cluster_dir.parent.glob(f"{cluster_dir.name}.new-*"):
        shutil.rmtree(stale, ignore_errors=True)
    draft = cluster_dir.with_name(f"{cluster_dir.name}.new-{os.getpid()}")
    draft.mkdir(mode=0o700)
    os.chown(draft, account.uid, -1)
    done = account.run(_command(draft, binaries, sync=sync), keep_open=(lock,))
    if done.returncode != 0:
        shutil.rmtree(draft, ignore_errors=True)
        raise PostgresUnavailable(
            f"The database could not be made in {cluster_dir}: {_last_lines(done.stdout)}",
            "Check the space and the permissions there, or choose another folder with --data-dir.",
        )
    draft.rename(cluster_dir)
    _sync_folder(cluster_dir.parent)


def refuse_wrong_version(cluster_dir: Path, binaries: Binaries) -> None:
    """Raise PostgresUnavailable when the files are of another major version than the programs."""
    found = (cluster_dir / "PG_VERSION").read_text().strip()
    if found != str(binaries.major):
        raise _version_error(cluster_dir, found, binaries.major)


def _command(draft: Path, binaries: Binaries, *, sync: bool) -> list[str]:
    locale = ["--no-locale"]
    if binaries.major >= BUILTIN_LOCALES_SINCE:
        locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return [
        binaries.path("initdb"),
        f"--pgdata={draft}",
        f"--username={OWNER}",
        "--encoding=UTF8",
        *locale,
        "--text-search-config=english",
        "--auth-local=trust",  # the socket lies in a folder only its owner can enter
        "--auth-host=reject",
        "--no-instructions",
        *([] if sync else ["--no-sync"]),
    ]


def _refuse_other_versions(cluster_dir: Path) -> None:
    prefix, major = cluster_dir.name.rsplit("-", maxsplit=1)
    for other in sorted(cluster_dir.parent.glob(f"{prefix}-*/PG_VERSION")):
        version = other.read_text().strip()
        if other.parent.name == f"{prefix}-{version}" and version != major:
            raise _version_error(other.parent, version, int(major))


def _version_error(folder: Path, found: str, ours: int) -> PostgresUnavailable:
    return PostgresUnavailable(
        f"{folder} holds data of PostgreSQL {found}, and these programs are PostgreSQL {ours}.",
        f"Point SEGUE_PG_BIN to the programs of PostgreSQL {found} to go on using it (or to dump it), "
        "or choose another folder with --data-dir to start afresh.",
    )


def _refuse_full_disk(folder: Path) -> None:
    free_mb = shutil.disk_usage(folder).free // 2**20
    if free_mb < NEEDED_MB:
        raise PostgresUnavailable(
            f"{folder} has {free_mb} MB free; a new database needs {NEEDED_MB} MB.",
            "Make room there, or choose another folder with --data-dir or SEGUE_DATA_DIR.",
        )


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _last_lines(text: str, count: int = 4) -> str:
    return " / ".join(line.strip() for line in text.strip().splitlines()[-count:])
