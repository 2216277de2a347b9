"""Mixes for everybody: people come in blocks, their best jobs go out in blocks, memory stays as it is.

Nothing is kept but the jobs and the blocks on the way, so a million people cost no more memory than ten
thousand. A block is a task of its own, the same wherever it is done: here, in several processes, or on other
machines. Blocks are cut by the caller, never by the number of workers, so the answer does not depend on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from segue.engine.columns import PersonColumns
from segue.engine.topk import PEOPLE, JobMatrix, TopK, top_k
from segue.engine.veto import Terms

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]

BLOCK_ROWS = 8192  # a second or two of work on one core: what a task costs besides is lost in it


@dataclass(frozen=True, eq=False)
class PeopleBlock:
    """Some people: `rows` int64[m] names them, `factors` float32[m, d], `excluded` csr[m, jobs] or None.

    `limits`: m rows of what they will not or may not do, held against the `Terms` of the jobs; or None.
    """

    rows: IntArray
    factors: FloatArray
    excluded: sparse.csr_array[Any] | None = None
    limits: PersonColumns | None = None


@dataclass(frozen=True, eq=False)
class MixBlock:
    """Their best jobs: `rows` int64[m] as they came; `jobs` and `scores` as in TopK."""

    rows: IntArray
    jobs: IntArray
    scores: FloatArray


@dataclass(frozen=True, eq=False)
class BlockTask:
    """All that a worker needs to know for one block."""

    people: PeopleBlock
    jobs: JobMatrix
    k: int
    eligible: NDArray[np.bool_] | None
    threads: int
    terms: Terms | None = None


class Spread(Protocol):
    """Maps a function of a module over tasks, in their order: the `map` of a compute engine."""

    def __call__(
        self, function: Callable[[BlockTask], MixBlock], tasks: Sequence[BlockTask], /
    ) -> list[MixBlock]: ...


def blocks_of(
    factors: FloatArray,
    excluded: sparse.csr_array[Any] | None = None,
    *,
    block_rows: int = BLOCK_ROWS,
) -> Iterator[PeopleBlock]:
    """Cut people who are in memory, or in a memory map: `factors` float32[m, d], `excluded` csr[m, n].

    >>> [block.rows.tolist() for block in blocks_of(np.zeros((5, 2), dtype=np.float32), block_rows=2)]
    [[0, 1], [2, 3], [4]]
    """
    for start in range(0, len(factors), block_rows):
        end = min(start + block_rows, len(factors))
        theirs = None if excluded is None else excluded[start:end]
        yield PeopleBlock(np.arange(start, end), factors[start:end], theirs)


def mix_block(task: BlockTask) -> MixBlock:
    """Find the best jobs of one block: what runs in a worker. Raises ValueError as `top_k` does."""
    people = task.people
    if len(people.rows) != len(people.factors):
        raise ValueError(f"{len(people.rows)} rows name {len(people.factors)} people")
    if task.terms is None or people.limits is None:
        best = _best(task, slice(None))
        return MixBlock(people.rows, best.jobs, best.scores)
    if len(people.limits) != len(people.rows):
        raise ValueError(f"{len(people.limits)} rows of limits for {len(people.rows)} people")
    # some people at a time: whom nothing but their limits keeps from a job are too many pairs to hold at once
    rows = [slice(start, start + PEOPLE) for start in range(0, len(people.rows), PEOPLE)]
    found = [_best(task, some) for some in rows]
    nothing = np.zeros((0, task.k))
    return MixBlock(
        people.rows,
        np.concatenate([nothing.astype(np.int64), *(one.jobs for one in found)]),
        np.concatenate([nothing.astype(np.float32), *(one.scores for one in found)]),
    )


def _best(task: BlockTask, some: slice) -> TopK:
    people = task.people
    barred = None
    if task.terms is not None and people.limits is not None:
        barred = task.terms.refused(people.limits.pick(np.arange(len(people.rows))[some]))
    return top_k(
        people.factors[some],
        task.jobs,
        task.k,
        eligible=task.eligible,
        excluded=None if people.excluded is None else people.excluded[some],
        barred=barred,
        threads=task.threads,
    )


def one_after_another(
    function: Callable[[BlockTask], MixBlock], tasks: Sequence[BlockTask], /
) -> list[MixBlock]:
    """Do the tasks here."""
    return [function(task) for task in tasks]


def stream_mixes(
    people: Iterable[PeopleBlock],
    jobs: JobMatrix,
    k: int,
    *,
    eligible: NDArray[np.bool_] | None = None,
    terms: Terms | None = None,
    spread: Spread = one_after_another,
    wave: int = 1,
    threads: int = 0,
) -> Iterator[MixBlock]:
    """Find the best k jobs of all people, block by block, in the order they come.

    `terms` of the jobs bar what a block's `limits` speak against.
    `spread` does so many blocks as `wave` at a time; `threads` a block (0: all cores), 1 where several
    workers share a machine. Memory: the jobs, and `wave` blocks with their answers; workers that do not
    share our memory get the jobs with every block, which is why blocks should be large.
    Raises ValueError as `top_k` does, and for wave < 1.

    >>> ada_and_eve = np.array([[1.0, 0.0], [0.0, 1.0]], dtype=np.float32)
    >>> jobs = JobMatrix.of(np.array([[3.0, 1.0], [2.0, 4.0]], dtype=np.float32))
    >>> blocks = blocks_of(ada_and_eve, block_rows=1)
    >>> [(mix.rows.tolist(), mix.jobs.tolist()) for mix in stream_mixes(blocks, jobs, k=1)]
    [([0], [[0]]), ([1], [[1]])]
    """
    if wave < 1:
        raise ValueError("wave must be at least 1")
    coming = iter(people)
    while blocks := list(islice(coming, wave)):
        yield from spread(
            mix_block, [BlockTask(block, jobs, k, eligible, threads, terms) for block in blocks]
        )
