"""What every engine promises: answers in order, errors as raised, and a remedy where it cannot start."""

from __future__ import annotations

import builtins
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from segue.kit.errors import Invalid
from segue.listen.compute import Engine, EngineBroken, EngineMissing, engine
from segue.ports.compute import PoolEngine, RayEngine, SerialEngine
from tests.ports.compute.fire import die, fall_once, refuse_three, square


@pytest.fixture(scope="module", params=["serial", "pool"])  # Ray has a test of its own
def working(request: pytest.FixtureRequest) -> Iterator[Engine]:
    made: Engine = SerialEngine() if request.param == "serial" else PoolEngine(workers=2)
    yield made
    made.close()


def test_answers_come_in_the_order_of_the_tasks(working: Engine) -> None:
    assert working.map(square, range(20)) == [n * n for n in range(20)]
    assert working.map(square, []) == []


def test_what_a_task_raises_is_raised_here(working: Engine) -> None:
    with pytest.raises(ValueError, match="three"):
        working.map(refuse_three, range(6))
    assert working.map(square, [7]) == [49]


def test_a_pool_gives_up_on_what_kills_every_worker() -> None:
    pool = PoolEngine(workers=1)
    with pytest.raises(EngineBroken) as broken:
        pool.map(die, [1])
    assert "SEGUE_COMPUTE=serial" in broken.value.remedy
    assert pool.worker_pids() == []


def test_a_death_with_much_on_its_way_is_got_over(tmp_path: Path) -> None:
    """More than a pipe holds is on its way to the worker that falls; nobody may wait for it to be read."""
    pool = PoolEngine(workers=2)
    parcels = [(str(tmp_path), bytes(4_000_000)) for _ in range(8)]
    assert pool.map(fall_once, parcels) == [4_000_000] * 8
    pool.close()


def test_workers_are_kept_until_they_are_let_go() -> None:
    pool = PoolEngine(workers=1)
    pool.map(square, [1])
    workers = pool.worker_pids()
    pool.map(square, [1])
    assert pool.worker_pids() == workers != []
    pool.close()
    with pytest.raises(ProcessLookupError):
        os.kill(workers[0], 0)


def test_settings_choose_by_name(settings: Any) -> None:
    for name, kind in (("serial", SerialEngine), ("pool", PoolEngine), ("ray", RayEngine)):
        settings.COMPUTE = name
        assert isinstance(engine(), kind)
        assert engine() is engine()
        assert engine().name == name
    settings.COMPUTE = "abacus"
    with pytest.raises(Invalid, match="serial, pool, ray"):
        engine()


def test_without_ray_the_remedy_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    import_really = builtins.__import__

    def importer(name: str, *args: Any, **options: Any) -> Any:
        if name == "ray":
            raise ImportError(name)
        return import_really(name, *args, **options)

    monkeypatch.setattr(builtins, "__import__", importer)
    with pytest.raises(EngineMissing) as missing:
        RayEngine().map(square, [1])
    assert missing.value.remedy == 'pip install "segue[ray]"'
    RayEngine().close()  # nobody to let go, and no error


def test_a_named_cluster_does_not_share_our_files() -> None:
    assert RayEngine("ray.example:6379").shares_files is False
    assert RayEngine("").shares_files is True
