"""The same mixes, to the bit, from one process, several, and real Ray workers chosen by SEGUE_CLUSTER."""

from __future__ import annotations

import os
import pickle
import runpy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from segue import settings as segue_settings
from segue.engine.batch import BlockTask, blocks_of
from segue.engine.columns import JobColumns, PersonColumns
from segue.engine.topk import JobMatrix
from segue.engine.veto import Terms
from segue.ports.compute import SerialEngine
from tests.ports.compute.mixes_on_stage import TOGETHER, mix_block
from tests.ports.compute.test_ray import on_stage

BLOCKS = 9


def tasks() -> list[BlockTask]:
    rng = np.random.default_rng(11)
    people = rng.normal(size=(BLOCKS * 300, 24)).astype(np.float32)
    jobs = JobMatrix.of(
        rng.normal(size=(6000, 24)).astype(np.float32), rng.normal(size=6000).astype(np.float32)
    )
    seen = sparse.csr_array(sparse.random_array((len(people), 6000), density=0.002, rng=rng))
    eligible = rng.random(6000) < 0.9
    asked, limits = JobColumns.blank(np.arange(6000)), PersonColumns.blank(np.arange(len(people)))
    asked.pay_max_year[:] = rng.choice([np.nan, 30_000.0, 50_000.0], 6000)
    limits.pay_floor_year[:] = rng.choice([np.nan, 40_000.0, 60_000.0], len(people))
    blocks = [
        replace(block, limits=limits.pick(block.rows)) for block in blocks_of(people, seen, block_rows=300)
    ]
    terms = Terms.of(asked)
    return [BlockTask(block, jobs, 20, eligible, threads=1, terms=terms) for block in blocks]


@pytest.mark.peer
def test_mixes_are_identical_on_serial_pool_and_ray_with_a_worker_killed(tmp_path: Path) -> None:
    pytest.importorskip("ray")
    asked = tasks()
    (tmp_path / "tasks.pickle").write_bytes(pickle.dumps(asked))
    here = SerialEngine().map(mix_block, asked)
    said = on_stage("mixes_on_stage", tmp_path, SEGUE_CLUSTER="local")
    assert said["ray"]["kind"] == "RayEngine"
    for name in ("pool", "ray"):
        assert len(said[name]["seats"]) >= TOGETHER
        assert len(said[name]["killed"]) == 1
        assert said[name]["killed"][0] in said[name]["seats"]
        assert not {said[name]["killed"][0], os.getpid()} & set(said[name]["workers"])
        there = pickle.loads((tmp_path / f"{name}.pickle").read_bytes())
        for one, other in zip(here, there, strict=True):
            assert one.rows.tobytes() == other.rows.tobytes()
            assert one.jobs.tobytes() == other.jobs.tobytes()
            assert one.scores.tobytes() == other.scores.tobytes()


@pytest.mark.parametrize(
    ("environment", "compute", "address"),
    [
        ({}, "pool", ""),
        ({"SEGUE_CLUSTER": "local"}, "ray", ""),
        ({"SEGUE_CLUSTER": "head:6379"}, "ray", "head:6379"),
        ({"SEGUE_CLUSTER": "head:6379", "SEGUE_COMPUTE": "serial"}, "serial", "head:6379"),
        ({"SEGUE_COMPUTE": "ray", "SEGUE_RAY_ADDRESS": "other:6379"}, "ray", "other:6379"),
    ],
)
def test_a_cluster_is_named_in_one_word(
    environment: dict[str, str], compute: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CLUSTER", "COMPUTE", "RAY_ADDRESS"):
        monkeypatch.delenv(f"SEGUE_{name}", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    read = runpy.run_path(str(segue_settings.__file__))
    assert (read["COMPUTE"], read["RAY_ADDRESS"]) == (compute, address)
