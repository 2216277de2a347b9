"""One database server per data directory, shared by all who need it; the last one out turns it off."""

from __future__ import annotations

import time
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg

from segue.ports.postgres import initialise, server
from segue.ports.postgres.account import ServerAccount, choose_account, hand_over, make_enterable
from segue.ports.postgres.binaries import Binaries, copy_binaries, find_binaries
from segue.ports.postgres.database import ensure_database
from segue.ports.postgres.errors import PostgresUnavailable
from segue.ports.postgres.locks import UserClaim, one_at_a_time
from segue.ports.postgres.pidfile import running_server

ANSWER_TIMEOUT_S = 60


class Cluster:
    """The embedded server of a data directory.

    Whoever uses it holds a claim that the kernel drops with the process. Starting finds a running server and
    joins it, or starts one (recovering it after a crash); stopping leaves it to the others, if there are any.
    """

    def __init__(self, data_dir: Path, *, tuned_for_tests: bool = False) -> None:
        self.data_dir = data_dir.absolute()
        self._tuned_for_tests = tuned_for_tests
        self._claim = UserClaim(self.data_dir / "postgres.users")
        self._url: str | None = None

    def ensure_running(self) -> str:
        """Return the address of our database, on a server that answers; cheap to call again and again.

        Raises PostgresUnavailable, with the remedy, when there can be none.
        """
        if self._url is not None and self.is_running():
            return self._url
        self._make_data_dir()
        with one_at_a_time(self._lock_path) as lock:
            self._claim.take()
            try:
                self._url = self._start_or_join(lock)
            except BaseException:
                self._leave()
                raise
            return self._url

    def stop(self) -> None:
        """Give up our claim; the server stops when it was the last."""
        if self._claim.is_taken():
            with one_at_a_time(self._lock_path):
                self._leave()

    def is_running(self) -> bool:
        return any(running_server(path) for path in self.data_dir.glob("postgres-[0-9]*"))

    def __enter__(self) -> Self:
        self.ensure_running()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def _lock_path(self) -> Path:
        return self.data_dir / "postgres.lock"

    def _leave(self) -> None:
        self._url = None
        if self._claim.is_last():
            for path in self.data_dir.glob("postgres-[0-9]*"):
                server.stop(path)
        self._claim.release()

    def _make_data_dir(self) -> None:
        try:
            self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            (self.data_dir / "postgres.users").touch(mode=0o600)
        except OSError as error:
            raise PostgresUnavailable(
                f"The data directory {self.data_dir} cannot be written: {error.strerror}.",
                "Make it writable, or choose another with --data-dir or SEGUE_DATA_DIR.",
            ) from error

    def _start_or_join(self, lock: int) -> str:
        binaries = find_binaries()
        cluster_dir = self.data_dir / f"postgres-{binaries.major}"
        deadline = time.monotonic() + ANSWER_TIMEOUT_S
        while True:
            found = running_server(cluster_dir)
            if found is None:
                self._start(cluster_dir, binaries, lock)
                continue
            try:
                return ensure_database(found.socket_dir)
            except psycopg.OperationalError as error:  # recovering, or about to stop
                if time.monotonic() > deadline:
                    raise PostgresUnavailable(
                        f"PostgreSQL (process {found.pid}) does not answer: {error}.",
                        f"Look into {cluster_dir / 'server.log'}; kill -INT {found.pid} stops it.",
                    ) from error
                time.sleep(0.05)

    def _start(self, cluster_dir: Path, binaries: Binaries, lock: int) -> None:
        account, binaries = self._account_for(binaries)
        if not cluster_dir.exists():
            initialise.initialise(cluster_dir, binaries, account, lock=lock, sync=not self._tuned_for_tests)
        initialise.refuse_wrong_version(cluster_dir, binaries)
        hand_over(cluster_dir, account)
        server.start(cluster_dir, binaries, account, tuned_for_tests=self._tuned_for_tests)

    def _account_for(self, binaries: Binaries) -> tuple[ServerAccount, Binaries]:
        account = choose_account()
        make_enterable(self.data_dir, account)
        if account.mode != "self" and not account.can_run(binaries.path("postgres")):
            binaries = copy_binaries(binaries, self.data_dir)
        return account, binaries
