"""One server for all who need it: started by the first, stopped by the last, whole after any crash."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

import segue
from segue.ports.postgres import Cluster, PostgresUnavailable
from segue.ports.postgres.binaries import find_binaries
from segue.ports.postgres.pidfile import running_server

pytestmark = pytest.mark.peer

USER = """
import sys
from pathlib import Path
from segue.ports.postgres import Cluster
with Cluster(Path(sys.argv[1]), tuned_for_tests=True) as cluster:
    print(cluster.ensure_running(), flush=True)
    sys.stdin.readline()
"""


class AnotherProcess:
    """Somebody else who uses the database of the same data directory."""

    def __init__(self, data_dir: Path) -> None:
        environment = {**os.environ, "PYTHONPATH": str(Path(segue.__file__).parent.parent)}
        self.process = subprocess.Popen(
            [sys.executable, "-c", USER, str(data_dir)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )

    def url(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def leaves(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()

    def is_killed(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def empty_folder() -> Iterator[Path]:
    """A short path, as sockets want one."""
    with tempfile.TemporaryDirectory(prefix="segue-pg-", ignore_cleanup_errors=True) as path:
        yield Path(path)
        for cluster_dir in Path(path).glob("postgres-[0-9]*"):
            if (server := running_server(cluster_dir)) is not None:
                os.kill(server.pid, signal.SIGQUIT)


@pytest.fixture(scope="module")
def made_once() -> Iterator[Path]:
    """A cluster to copy: making one takes most of a second."""
    with tempfile.TemporaryDirectory(prefix="segue-pg-", ignore_cleanup_errors=True) as path:
        with Cluster(Path(path), tuned_for_tests=True):
            pass
        yield cluster_dir_in(Path(path))


@pytest.fixture
def folder(empty_folder: Path, made_once: Path) -> Path:
    """A data directory whose database has been used before."""
    shutil.copytree(made_once, cluster_dir_in(empty_folder), copy_function=shutil.copyfile)
    cluster_dir_in(empty_folder).chmod(0o700)
    return empty_folder


@pytest.fixture
def cluster(folder: Path) -> Iterator[Cluster]:
    with Cluster(folder, tuned_for_tests=True) as running:
        yield running


@pytest.fixture
def another(folder: Path) -> Iterator[Callable[[], AnotherProcess]]:
    made: list[AnotherProcess] = []

    def start() -> AnotherProcess:
        made.append(AnotherProcess(folder))
        return made[-1]

    yield start
    for other in made:
        other.is_killed()


def server_pid(folder: Path) -> int:
    server = running_server(cluster_dir_in(folder))
    assert server is not None
    return server.pid


def cluster_dir_in(folder: Path) -> Path:
    return folder / f"postgres-{find_binaries().major}"


def test_the_database_is_ours_and_listens_to_no_network(cluster: Cluster) -> None:
    with psycopg.connect(cluster.ensure_running()) as connection:
        assert connection.execute("show listen_addresses").fetchone() == ("",)
        assert connection.execute("select current_user, current_database()").fetchone() == ("segue", "segue")
        extensions = {name for (name,) in connection.execute("select extname from pg_extension")}
        assert {"pg_trgm", "unaccent", "btree_gist"} <= extensions
        assert connection.execute("select upper('é'), lower('Ж'), 'Я' ~ '\\w'").fetchone() == ("É", "ж", True)


def test_two_processes_share_it_and_the_last_one_turns_it_off(
    folder: Path, another: Callable[[], AnotherProcess]
) -> None:
    first, second = another(), another()
    assert first.url() == second.url() != ""
    pid = server_pid(folder)
    first.leaves()
    first.process.wait()
    assert server_pid(folder) == pid
    second.leaves()
    second.process.wait()
    assert not Cluster(folder).is_running()


def test_when_all_leave_at_once_somebody_turns_it_off(
    folder: Path, another: Callable[[], AnotherProcess]
) -> None:
    others = [another() for _ in range(3)]
    assert len({other.url() for other in others}) == 1
    for other in others:
        other.leaves()
    assert [other.process.wait() for other in others] == [0, 0, 0]
    assert not Cluster(folder).is_running()


def test_what_was_committed_survives_the_killing_of_everything(
    folder: Path, another: Callable[[], AnotherProcess]
) -> None:
    user = another()
    with psycopg.connect(user.url(), autocommit=True) as connection:
        connection.execute("create table kept (word text)")
        connection.execute("insert into kept values ('still here')")
        connection.execute("set synchronous_commit = on")
        connection.execute("insert into kept values ('this too')")
    user.is_killed()
    os.kill(server_pid(folder), signal.SIGKILL)
    with Cluster(folder) as again, psycopg.connect(again.ensure_running()) as connection:
        rows = connection.execute("select word from kept order by word").fetchall()
    assert rows == [("still here",), ("this too",)]


def test_a_server_that_outlived_its_users_is_used_again(
    folder: Path, another: Callable[[], AnotherProcess]
) -> None:
    user = another()
    user.url()
    pid = server_pid(folder)
    user.is_killed()
    with Cluster(folder):
        assert server_pid(folder) == pid
    assert not Cluster(folder).is_running()


def test_a_server_that_died_under_us_is_started_again(folder: Path, cluster: Cluster) -> None:
    pid = server_pid(folder)
    os.kill(pid, signal.SIGKILL)
    while Cluster(folder).is_running():
        time.sleep(0.01)
    with psycopg.connect(cluster.ensure_running()) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    assert server_pid(folder) != pid


def test_a_pid_given_away_to_a_stranger_does_not_keep_it_down(folder: Path, cluster: Cluster) -> None:
    pid_file = cluster_dir_in(folder) / "postmaster.pid"
    ours = pid_file.read_text()
    cluster.stop()
    with subprocess.Popen(["sleep", "60"]) as stranger:
        pid_file.write_text(ours.replace(ours.splitlines()[0], str(stranger.pid), 1))
        cluster.ensure_running()
        assert stranger.poll() is None
        stranger.kill()


def test_a_pid_file_cut_short_does_not_keep_it_down(folder: Path, cluster: Cluster) -> None:
    cluster.stop()
    (cluster_dir_in(folder) / "postmaster.pid").write_text("")
    cluster.ensure_running()
    assert cluster.is_running()


def test_a_kill_while_it_is_being_made_leaves_nothing_half_made(empty_folder: Path) -> None:
    folder = empty_folder
    maker = AnotherProcess(folder)
    while not list(folder.glob("postgres-*.new-*/PG_VERSION")):
        time.sleep(0.005)
    maker.is_killed()
    assert not cluster_dir_in(folder).exists()
    with Cluster(folder, tuned_for_tests=True) as cluster:
        cluster.ensure_running()
    assert list(folder.glob("*.new-*")) == []


def test_a_path_too_long_for_a_socket_gets_a_private_stand_in(empty_folder: Path) -> None:
    deep = empty_folder / ("a long name with spaces " * 6).strip()
    with Cluster(deep, tuned_for_tests=True) as cluster:
        with psycopg.connect(cluster.ensure_running()) as connection:
            place = Path(connection.execute("show unix_socket_directories").fetchone()[0])  # type: ignore[index]
        assert not place.is_relative_to(empty_folder)
        assert place.stat().st_mode & 0o077 == 0


def test_data_of_another_version_is_not_passed_over_in_silence(empty_folder: Path) -> None:
    (empty_folder / "postgres-9").mkdir()
    (empty_folder / "postgres-9" / "PG_VERSION").write_text("9\n")
    with pytest.raises(PostgresUnavailable, match="data of PostgreSQL 9") as refused:
        Cluster(empty_folder).ensure_running()
    assert "SEGUE_PG_BIN" in refused.value.remedy


def test_without_programs_the_remedy_is_a_server_of_ones_own(
    empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEGUE_PG_BIN", str(empty_folder))
    with pytest.raises(PostgresUnavailable) as refused:
        Cluster(empty_folder).ensure_running()
    assert "SEGUE_DATABASE_URL" in refused.value.remedy


def test_a_data_directory_that_cannot_be_one_is_named(empty_folder: Path) -> None:
    (empty_folder / "file").write_text("")
    with pytest.raises(PostgresUnavailable, match="cannot be written") as refused:
        Cluster(empty_folder / "file").ensure_running()
    assert "--data-dir" in refused.value.remedy


def test_a_server_that_will_not_start_is_quoted(folder: Path, cluster: Cluster) -> None:
    cluster.stop()
    with (cluster_dir_in(folder) / "postgresql.conf").open("a") as configuration:
        configuration.write("no_such_setting = 1\n")
    with pytest.raises(PostgresUnavailable, match="no_such_setting"):
        cluster.ensure_running()
