"""Mixes for everybody in one file: the same whoever computes it, and never half of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from scipy import sparse

from segue.engine.batch import PeopleBlock, blocks_of
from segue.engine.topk import JobMatrix, top_k
from segue.kit.actor import Actor, Role
from segue.kit.errors import NotAllowed
from segue.ports.compute import PoolEngine, SerialEngine
from segue.recommend.actions.batch import write_mixes
from segue.trust.models import AuditLine

pytestmark = pytest.mark.django_db

NIGHTLY = Actor.machine("nightly")
RNG = np.random.default_rng(8)
PEOPLE = RNG.normal(size=(90, 5)).astype(np.float32)
JOBS = JobMatrix.of(RNG.normal(size=(40, 5)).astype(np.float32))
SEEN = sparse.csr_array(RNG.random((90, 40)) < 0.9)  # many have fewer than ten left


def blocks() -> Iterator[PeopleBlock]:
    return blocks_of(PEOPLE, SEEN, block_rows=20)


def test_everybody_has_a_row_and_nothing_struck_out_is_in_it(tmp_path: Path) -> None:
    done = write_mixes(blocks(), JOBS, tmp_path / "mixes.parquet", k=10, by=NIGHTLY, engine=SerialEngine())
    assert (done.path, done.people) == (tmp_path / "mixes.parquet", 90)
    table = pq.read_table(done.path)
    assert table["person"].to_pylist() == list(range(90))
    best = top_k(PEOPLE, JOBS, 10, excluded=SEEN)
    for person, jobs in enumerate(table["jobs"].to_pylist()):
        assert jobs == [job for job in best.jobs[person].tolist() if job >= 0]
        assert not SEEN[[person]].toarray()[0, jobs].any()
    assert AuditLine.objects.filter(verb="recommend.publish_mixes").count() == 1


def test_processes_write_the_same_file_and_settings_choose_who(tmp_path: Path, settings: Any) -> None:
    pool = PoolEngine(workers=2)
    write_mixes(blocks(), JOBS, tmp_path / "pool", k=10, by=NIGHTLY, engine=pool)
    pool.close()
    settings.COMPUTE = "serial"
    write_mixes(blocks(), JOBS, tmp_path / "serial", k=10, by=NIGHTLY)
    assert pq.read_table(tmp_path / "pool").equals(pq.read_table(tmp_path / "serial"))


def test_what_breaks_on_the_way_leaves_yesterdays_file(tmp_path: Path) -> None:
    path = tmp_path / "mixes.parquet"
    write_mixes(blocks(), JOBS, path, k=3, by=NIGHTLY, engine=SerialEngine())
    yesterday = path.read_bytes()

    def broken() -> Iterator[PeopleBlock]:
        yield next(blocks())
        yield PeopleBlock(np.arange(1), np.full((1, 5), np.nan, dtype=np.float32))

    with pytest.raises(ValueError, match="finite"):
        write_mixes(broken(), JOBS, path, k=3, by=NIGHTLY, engine=SerialEngine())
    assert path.read_bytes() == yesterday
    assert [file.name for file in tmp_path.iterdir()] == ["mixes.parquet"]


def test_eve_writes_nothing(tmp_path: Path) -> None:
    for role in set(Role) - {Role.ADMINISTRATOR, Role.MACHINE}:
        with pytest.raises(NotAllowed):
            write_mixes(blocks(), JOBS, tmp_path / "mixes", k=3, by=Actor(role=role), engine=SerialEngine())
    assert list(tmp_path.iterdir()) == []
