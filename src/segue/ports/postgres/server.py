"""Starting and stopping the server process."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import signal
import stat
import subprocess
import tempfile
import time
from pathlib import Path

from segue.ports.postgres.account import ServerAccount
from segue.ports.postgres.binaries import Binaries
from segue.ports.postgres.errors import PostgresUnavailable
from segue.ports.postgres.pidfile import drop_recycled, is_server_of, running_server

START_TIMEOUT_S = 120  # recovery after a crash may take a while
STOP_TIMEOUT_S = 60
ORPHANS_TIMEOUT_S = 15
SOCKET_PATH_MAX_BYTES = 100  # the kernel allows 107
LOG_MAX_BYTES = 10 * 2**20
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "random_page_cost": "1.1",
    "jit": "off",
}
TUNED_FOR_TESTS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def start(cluster_dir: Path, binaries: Binaries, account: ServerAccount, *, tuned_for_tests: bool) -> None:
    """Start the server and wait until it answers; it outlives us.

    Raises PostgresUnavailable with the server's last words when it cannot start.
    """
    drop_recycled(cluster_dir)
    log = cluster_dir / "server.log"
    _rotate(log)
    settings = SETTINGS | (TUNED_FOR_TESTS if tuned_for_tests else {})
    options = ["-k", str(socket_dir_for(cluster_dir, account))]
    for name, value in settings.items():
        options += ["-c", f"{name}={value}"]
    command = [binaries.path("pg_ctl"), "start", "--wait", f"--timeout={START_TIMEOUT_S}", "--silent"]
    command += ["-D", str(cluster_dir), "-l", str(log), "-o", shlex.join(options)]
    deadline = time.monotonic() + ORPHANS_TIMEOUT_S
    while True:
        said_before = log.stat().st_size if log.exists() else 0
        output = _run(account, command)
        if output is None:
            return
        words = _read_from(log, said_before) or output
        # After a kill -9 of the postmaster alone its children take a moment to notice and go.
        if "still in use" not in words or time.monotonic() > deadline:
            raise _start_error(words, cluster_dir)
        time.sleep(0.2)


def stop(cluster_dir: Path) -> None:
    """Stop the server at once but cleanly; if it does not go in time, make it (its log recovers all)."""
    server = running_server(cluster_dir)
    if server is None:
        return
    for request in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        try:
            os.kill(server.pid, request)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + STOP_TIMEOUT_S
        while time.monotonic() < deadline:
            if not is_server_of(server.pid, cluster_dir):
                return
            time.sleep(0.01)


def socket_dir_for(cluster_dir: Path, account: ServerAccount) -> Path:
    """The cluster's own folder, unless its path is too long or too strange for a socket.

    Raises PostgresUnavailable when the stand-in is somebody else's.
    """
    plain = re.fullmatch(r"[\w./@+-]+", str(cluster_dir), flags=re.ASCII)
    if plain and len(os.fsencode(cluster_dir / ".s.PGSQL.5432")) < SOCKET_PATH_MAX_BYTES:
        return cluster_dir
    digest = hashlib.sha256(os.fsencode(cluster_dir)).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"segue-{account.uid}-{digest}"
    try:
        folder.mkdir(mode=0o700)
        os.chown(folder, account.uid, -1)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid or found.st_mode & 0o077:
            raise PostgresUnavailable(
                f"{folder} is not a private folder of ours.", "Remove it, or set TMPDIR to another folder."
            ) from None
    return folder


def _run(account: ServerAccount, command: list[str]) -> str | None:
    """Run pg_ctl; None when all went well, else what it said."""
    try:
        done = account.run(command, timeout_s=START_TIMEOUT_S + 30)
    except subprocess.TimeoutExpired:
        return "it took too long"
    return None if done.returncode == 0 else done.stdout


def _start_error(words: str, cluster_dir: Path) -> PostgresUnavailable:
    tail = "\n".join(f"    {line}" for line in words.strip().splitlines()[-8:])
    if "No space left" in words:
        remedy = "Make room on that disk and start again: nothing that was committed is lost."
    elif "Permission denied" in words:
        remedy = "Give the folder back to the user who runs Segue, or choose another with --data-dir."
    else:
        remedy = f"Its whole log is {cluster_dir / 'server.log'}."
    return PostgresUnavailable(f"PostgreSQL did not start. It said:\n{tail}\n", remedy)


def _rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_MAX_BYTES:
        log.replace(log.with_name("server.log.1"))


def _read_from(log: Path, offset: int) -> str:
    try:
        with log.open("rb") as handle:
            handle.seek(offset)
            return handle.read().decode(errors="replace")
    except OSError:
        return ""
