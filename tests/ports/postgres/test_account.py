"""PostgreSQL refuses root; root's Segue runs all the same, either way it can be had."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from segue.ports.postgres import Cluster, PostgresUnavailable
from segue.ports.postgres.account import choose_account
from segue.ports.postgres.binaries import LIBRARIES, find_binaries

pytestmark = [
    pytest.mark.peer,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root has to step aside for PostgreSQL"),
]
MODES = ("unshare", "setuid")


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="segue-pg-", ignore_cleanup_errors=True) as path:
        Path(path).chmod(0o755)
        yield Path(path)


@pytest.fixture(params=MODES)
def mode(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("SEGUE_PG_ROOT_MODE", request.param)
    if not choose_account().can_run("/usr/bin/env"):
        pytest.skip("this kernel grants no user namespaces")
    return str(request.param)


def test_root_gets_a_database(folder: Path, mode: str) -> None:
    with Cluster(folder, tuned_for_tests=True) as cluster:
        with psycopg.connect(cluster.ensure_running()) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
        owner = (folder / f"postgres-{find_binaries().major}").stat().st_uid
        assert (owner == 0) == (mode == "unshare")
    assert not cluster.is_running()


def test_data_moves_from_one_way_to_the_other(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for turn, mode in enumerate(("setuid", "unshare", "setuid")):
        monkeypatch.setenv("SEGUE_PG_ROOT_MODE", mode)
        if not choose_account().can_run("/usr/bin/env"):
            pytest.skip("this kernel grants no user namespaces")
        cluster = Cluster(folder, tuned_for_tests=True)
        with cluster, psycopg.connect(cluster.ensure_running()) as connection:
            connection.execute("create table if not exists turns (number int)")
            connection.execute("insert into turns values (%s)", [turn])
            assert connection.execute("select count(*) from turns").fetchone() == (turn + 1,)


def test_programs_that_account_cannot_reach_are_copied(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    private = folder / "private"
    private.mkdir(mode=0o700)
    package = find_binaries().folder.parent.parent
    shutil.copytree(package / "pginstall", private / package.name / "pginstall")
    shutil.copytree(package.parent / LIBRARIES, private / LIBRARIES)
    monkeypatch.setenv("SEGUE_PG_BIN", str(private / package.name / "pginstall" / "bin"))
    monkeypatch.setenv("SEGUE_PG_ROOT_MODE", "setuid")
    with Cluster(folder / "data", tuned_for_tests=True) as cluster:
        cluster.ensure_running()
    assert list((folder / "data").glob("postgres-programs-*"))
    assert private.stat().st_mode & 0o777 == 0o700


def test_folders_above_are_not_opened_behind_the_owners_back(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEGUE_PG_ROOT_MODE", "setuid")
    home = folder / "home"
    home.mkdir(mode=0o700)
    with pytest.raises(PostgresUnavailable, match="cannot enter") as refused:
        Cluster(home / "data").ensure_running()
    assert "--data-dir" in refused.value.remedy
    assert home.stat().st_mode & 0o777 == 0o700
