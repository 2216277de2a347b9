"""Blocks in, blocks out: the same mixes as asking at once, and no more in memory than is on its way."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from segue.engine import batch
from segue.engine.batch import BlockTask, MixBlock, PeopleBlock, blocks_of, mix_block, stream_mixes
from segue.engine.columns import JobColumns, PersonColumns
from segue.engine.topk import JobMatrix, top_k
from segue.engine.veto import Terms

RNG = np.random.default_rng(5)
PEOPLE = RNG.integers(-3, 4, (50, 6)).astype(np.float32)
JOBS = JobMatrix.of(
    RNG.integers(-3, 4, (200, 6)).astype(np.float32), RNG.integers(0, 3, 200).astype(np.float32)
)
SEEN = sparse.csr_array(RNG.random((50, 200)) < 0.1)
OPEN = RNG.random(200) < 0.8


@pytest.mark.parametrize("block_rows", [1, 7, 50, 64])
@pytest.mark.parametrize("wave", [1, 3])
def test_blocks_add_up_to_the_whole(block_rows: int, wave: int) -> None:
    blocks = blocks_of(PEOPLE, SEEN, block_rows=block_rows)
    mixes = list(stream_mixes(blocks, JOBS, 10, eligible=OPEN, wave=wave))
    whole = top_k(PEOPLE, JOBS, 10, eligible=OPEN, excluded=SEEN)
    np.testing.assert_array_equal(np.concatenate([mix.rows for mix in mixes]), np.arange(50))
    np.testing.assert_array_equal(np.concatenate([mix.jobs for mix in mixes]), whole.jobs)
    np.testing.assert_array_equal(np.concatenate([mix.scores for mix in mixes]), whole.scores)


def test_a_persons_limits_bar_jobs_inside_a_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "PEOPLE", 8)
    asked = JobColumns.blank(np.arange(200))
    asked.pay_max_year[:] = RNG.choice([np.nan, 30_000.0, 50_000.0], 200)
    limits = PersonColumns.blank(np.arange(50))
    limits.pay_floor_year[:] = RNG.choice([np.nan, 40_000.0, 60_000.0], 50)
    blocks = [
        replace(block, limits=limits.pick(block.rows)) for block in blocks_of(PEOPLE, SEEN, block_rows=20)
    ]
    mixes = list(stream_mixes(blocks, JOBS, 10, eligible=OPEN, terms=Terms.of(asked), wave=2))
    barred = asked.pay_max_year[None, :] < limits.pay_floor_year[:, None]
    whole = top_k(PEOPLE, JOBS, 10, eligible=OPEN, excluded=SEEN, barred=barred)
    np.testing.assert_array_equal(np.concatenate([mix.jobs for mix in mixes]), whole.jobs)
    np.testing.assert_array_equal(np.concatenate([mix.scores for mix in mixes]), whole.scores)
    lame = replace(blocks[0], limits=limits.pick([0]))
    with pytest.raises(ValueError, match="1 rows of limits for 20 people"):
        list(stream_mixes([lame], JOBS, 10, terms=Terms.of(asked)))


def test_no_block_is_read_before_the_wave_before_it_has_gone_out() -> None:
    read: list[int] = []

    def coming() -> Iterator[PeopleBlock]:
        for block in blocks_of(PEOPLE, block_rows=10):
            read.append(int(block.rows[0]))
            yield block

    mixes = stream_mixes(coming(), JOBS, 3, wave=2)
    assert read == []
    assert [int(next(mixes).rows[0]) for _ in range(2)] == [0, 10]
    assert read == [0, 10]
    next(mixes)
    assert read == [0, 10, 20, 30]


def test_tasks_travel() -> None:
    """What an engine sends to workers and back survives it."""

    def by_post(function: Callable[[BlockTask], MixBlock], tasks: Sequence[BlockTask], /) -> list[MixBlock]:
        sent = [pickle.loads(pickle.dumps((function, task))) for task in tasks]
        return [pickle.loads(pickle.dumps(do(task))) for do, task in sent]

    blocks = list(blocks_of(PEOPLE, SEEN, block_rows=20))
    here = list(stream_mixes(blocks, JOBS, 4, wave=2))
    there = list(stream_mixes(blocks, JOBS, 4, wave=2, spread=by_post))
    for one, other in zip(here, there, strict=True):
        np.testing.assert_array_equal(one.jobs, other.jobs)


def test_nobody_and_nonsense() -> None:
    assert list(stream_mixes(blocks_of(PEOPLE[:0]), JOBS, 3)) == []
    with pytest.raises(ValueError, match="wave"):
        list(stream_mixes(blocks_of(PEOPLE), JOBS, 3, wave=0))
    lame = PeopleBlock(np.arange(3), PEOPLE[:2])
    with pytest.raises(ValueError, match="3 rows name 2 people"):
        mix_block(BlockTask(lame, JOBS, 3, None, 1))
