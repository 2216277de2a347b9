"""Under whose account the server runs. PostgreSQL refuses root, so root steps aside for it."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from segue.ports.postgres.errors import PostgresUnavailable

UNPRIVILEGED = ("postgres", "nobody", "daemon")  # the first that exists; initdb wants a name for its uid


@dataclass(frozen=True, slots=True)
class ServerAccount:
    """How to run a program so that PostgreSQL accepts its uid.

    Modes: `self` runs it as we are; `unshare` shows it another uid inside a user namespace while files stay
    ours; `setuid` really becomes `uid`, which then has to own the data.
    """

    mode: str
    uid: int
    shown_uid: int

    def run(
        self, command: Sequence[str], *, timeout_s: float = 120, keep_open: Sequence[int] = ()
    ) -> subprocess.CompletedProcess[str]:
        """Run to the end with output captured; `keep_open` are descriptors it shall hold (a lock)."""
        prefix = ["unshare", "--user", f"--map-user={self.shown_uid}", "--"] if self.mode == "unshare" else []
        become: dict[str, object] = {}
        if self.mode == "setuid":
            become = {"user": self.uid, "group": pwd.getpwuid(self.uid).pw_gid, "extra_groups": []}
        return subprocess.run(  # type: ignore[call-overload,no-any-return]
            [*prefix, *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            cwd="/",
            umask=0o077,
            timeout=timeout_s,
            pass_fds=tuple(keep_open),
            check=False,
            **become,
        )

    def can_run(self, program: str) -> bool:
        try:
            return self.run([program, "--version"]).returncode == 0
        except OSError:
            return False

    def can_enter(self, folder: Path) -> bool:
        return self.run(["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)]).returncode == 0


def choose_account() -> ServerAccount:
    """Pick the mode for whoever we are; SEGUE_PG_ROOT_MODE=unshare|setuid decides for root.

    Raises PostgresUnavailable when root has no account to step aside to.
    """
    uid = os.geteuid()
    if uid != 0:
        return ServerAccount(mode="self", uid=uid, shown_uid=uid)
    other = _unprivileged_uid()
    unshared = ServerAccount(mode="unshare", uid=0, shown_uid=other)
    wanted = os.environ.get("SEGUE_PG_ROOT_MODE", "")
    if wanted == "unshare" or (wanted != "setuid" and unshared.can_run("/usr/bin/env")):
        return unshared
    return ServerAccount(mode="setuid", uid=other, shown_uid=other)


def hand_over(folder: Path, account: ServerAccount) -> None:
    """Give the data to the account that serves it, where a former run had another one.

    Raises PostgresUnavailable when the data is another user's and we may not change that.
    """
    if folder.stat().st_uid == account.uid:
        return
    if os.geteuid() != 0:
        raise PostgresUnavailable(
            f"{folder} belongs to another user.",
            "Run as that user, or choose another folder with --data-dir or SEGUE_DATA_DIR.",
        )
    for path in (folder, *folder.rglob("*")):
        os.chown(path, account.uid, -1, follow_symlinks=False)


def make_enterable(data_dir: Path, account: ServerAccount) -> None:
    """Let the server's account pass through the data directory; the folders above are not ours to change.

    Raises PostgresUnavailable when a folder above keeps it out.
    """
    if account.mode == "setuid":
        data_dir.chmod(data_dir.stat().st_mode | 0o011)
    if account.mode == "self" or account.can_enter(data_dir):
        return
    name = pwd.getpwuid(account.shown_uid).pw_name
    raise PostgresUnavailable(
        f"PostgreSQL does not run as root, and the account it would run as ({name}) cannot enter {data_dir}.",
        "Choose a folder it can reach with --data-dir or SEGUE_DATA_DIR (for example /var/lib/segue), "
        "or start Segue as an ordinary user.",
    )


def _unprivileged_uid() -> int:
    for name in UNPRIVILEGED:
        try:
            uid = pwd.getpwnam(name).pw_uid
        except KeyError:
            continue
        if uid != 0:
            return uid
    raise PostgresUnavailable(
        "PostgreSQL does not run as root, and this system has no account to run it as.",
        "Start Segue as an ordinary user, or make an account: useradd --system postgres.",
    )
