"""The k best jobs, exactly: the same as sorting every score, whatever is struck out and however it is cut."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import sparse

from segue.engine import blas, selection, topk
from segue.engine.topk import JobMatrix, TopK, top_k

Array = NDArray[np.float32]


def naive(
    people: Array,
    jobs: Array,
    k: int,
    eligible: NDArray[np.bool_] | None = None,
    excluded: Any = None,
    bias: Array | None = None,
    barred: NDArray[np.bool_] | None = None,
) -> TopK:
    """Score everything, sort everything."""
    scores = people @ jobs.T + (0.0 if bias is None else bias)
    if eligible is not None:
        scores[:, ~eligible] = -np.inf
    if excluded is not None:
        scores[excluded.toarray() != 0] = -np.inf
    if barred is not None:
        scores[barred] = -np.inf
    order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    best = np.take_along_axis(scores, order, axis=1)
    order[best == -np.inf] = -1
    missing = ((0, 0), (0, k - order.shape[1]))
    return TopK(np.pad(order, missing, constant_values=-1), np.pad(best, missing, constant_values=-np.inf))


def whole(rng: np.random.Generator, *shape: int, most: int = 2) -> Array:
    """Whole numbers: every product is exact, and many are equal."""
    return rng.integers(-most, most + 1, shape).astype(np.float32)


def assert_same(found: TopK, expected: TopK) -> None:
    np.testing.assert_array_equal(found.scores, expected.scores)
    np.testing.assert_array_equal(found.jobs, expected.jobs)
    assert found.jobs.dtype == np.int64
    assert found.scores.dtype == np.float32


@settings(deadline=None)  # the first example waits for the compiler
@given(
    seed=st.integers(0, 2**32 - 1),
    people=st.integers(0, 9),
    jobs=st.integers(0, 300),
    dimensions=st.integers(1, 5),
    k=st.integers(1, 40),
    share=st.sampled_from([None, 0.0, 0.1, 0.5, 0.9, 1.0]),
    density=st.sampled_from([None, 0.0, 0.2, 1.0]),
    barred=st.sampled_from([None, 0.3, 1.0]),
    has_bias=st.booleans(),
)
def test_it_is_what_sorting_every_score_gives(
    seed: int,
    people: int,
    jobs: int,
    dimensions: int,
    k: int,
    share: float | None,
    density: float | None,
    barred: float | None,
    has_bias: bool,
) -> None:
    rng = np.random.default_rng(seed)
    p, j = whole(rng, people, dimensions), whole(rng, jobs, dimensions)
    bias = whole(rng, jobs) if has_bias else None
    eligible = None if share is None else rng.random(jobs) < share
    excluded = None if density is None else sparse.csr_array(rng.random((people, jobs)) < density)
    pairs = None if barred is None else rng.random((people, jobs)) < barred
    expected = naive(p, j, k, eligible, excluded, bias, pairs)
    for is_compiled in (True, False):
        found = top_k(
            p,
            JobMatrix.of(j, bias),
            k,
            eligible=eligible,
            excluded=excluded,
            barred=pairs,
            is_compiled=is_compiled,
        )
        assert_same(found, expected)


@pytest.fixture
def small_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many tiles, parts and threads, of few people and jobs."""
    for name, value in (("PEOPLE", 3), ("STRIDE", 70), ("CELLS", 70), ("WIDEST", 140), ("LIGHT", 0)):
        monkeypatch.setattr(topk, name, value)


@pytest.mark.usefixtures("small_tiles")
@pytest.mark.parametrize("people", [1, 2, 3, 8])
@pytest.mark.parametrize("threads", [1, 2, 5])
def test_cutting_the_work_changes_nothing(people: int, threads: int) -> None:
    rng = np.random.default_rng(people)
    p, j = whole(rng, people, 4), whole(rng, 500, 4)
    bias, eligible = whole(rng, 500), rng.random(500) < 0.7
    excluded = sparse.csr_array(rng.random((people, 500)) < 0.1)
    barred = rng.random((people, 500)) < 0.4
    for is_compiled in (True, False):
        found = top_k(
            p,
            JobMatrix.of(j, bias),
            25,
            eligible=eligible,
            excluded=excluded,
            barred=barred,
            threads=threads,
            is_compiled=is_compiled,
        )
        assert_same(found, naive(p, j, 25, eligible, excluded, bias, barred))


def test_threads_and_compiler_do_not_change_a_bit_of_real_numbers() -> None:
    rng = np.random.default_rng(4)
    p = rng.normal(size=(300, 16)).astype(np.float32)
    j = rng.normal(size=(5000, 16)).astype(np.float32)
    one = top_k(p, j, 20, threads=1)
    assert_same(top_k(p, j, 20, threads=3), one)
    assert_same(top_k(p, j, 20, threads=3, is_compiled=False), one)
    assert_same(top_k(p[:1], j, 20, threads=1), top_k(p[:1], j, 20, threads=3))


@pytest.mark.usefixtures("small_tiles")
def test_of_equals_the_lower_job_wins_across_tiles() -> None:
    p, j = np.ones((2, 1), dtype=np.float32), np.ones((400, 1), dtype=np.float32)
    j[[399, 71]] = 2.0
    for is_compiled in (True, False):
        found = top_k(p, j, 6, is_compiled=is_compiled, threads=4)
        assert found.jobs.tolist() == [[71, 399, 0, 1, 2, 3]] * 2


def test_who_may_see_little_gets_places_left_empty() -> None:
    p, j = np.ones((2, 1), dtype=np.float32), np.arange(4, dtype=np.float32)[:, None]
    excluded = sparse.csr_array(([1, 1, 1], ([0, 0, 0], [0, 3, 1])), shape=(2, 4))
    found = top_k(p, j, 5, excluded=excluded)
    assert found.jobs.tolist() == [[2, -1, -1, -1, -1], [3, 2, 1, 0, -1]]
    assert found.scores[0].tolist() == [2.0, *[-np.inf] * 4]
    nobody = top_k(p, j, 2, eligible=np.zeros(4, dtype=np.bool_))
    assert nobody.jobs.tolist() == [[-1, -1]] * 2


def test_rows_that_lie_apart_in_memory_are_read_right() -> None:
    rng = np.random.default_rng(0)
    p, j = whole(rng, 8, 3), whole(rng, 60, 3)
    spread = top_k(p[::2], np.asfortranarray(j), 5)
    assert_same(spread, naive(p[::2], j, 5))


ONE = np.ones((2, 3), dtype=np.float32)
NAN, HUGE = ONE.copy(), ONE * np.float32(3e19)
NAN[1, 1] = np.nan


@pytest.mark.parametrize(
    ("people", "jobs", "options", "says"),
    [
        (NAN, ONE, {}, "people factors must be finite"),
        (ONE, NAN, {}, "job factors must be finite"),
        (ONE, ONE * np.float32(np.inf), {}, "job factors must be finite"),
        (HUGE, HUGE, {}, "overflow"),
        (ONE.astype(np.float64), ONE, {}, "float32 array, not float64"),
        (ONE, ONE.tolist(), {}, "float32 array, not list"),
        (ONE[0], ONE, {}, "2 dimensions, not 1"),
        (ONE, ONE[:, :2], {}, "people have 3 factors, jobs 2"),
        (ONE, ONE, {"k": 0}, "at least 1"),
        (ONE, ONE, {"eligible": np.ones(3, dtype=np.bool_)}, r"bool\[2\]"),
        (ONE, ONE, {"eligible": np.ones(2)}, r"bool\[2\]"),
        (ONE, ONE, {"excluded": sparse.csr_array((2, 3))}, "2 people × 2 jobs"),
        (ONE, ONE, {"excluded": np.zeros((2, 2))}, "sparse"),
        (ONE, ONE, {"barred": np.zeros((2, 3), dtype=np.bool_)}, r"bool\[2, 2\]"),
        (ONE, ONE, {"barred": np.zeros((2, 2))}, r"bool\[2, 2\]"),
    ],
)
def test_nonsense_is_refused(people: Any, jobs: Any, options: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        top_k(people, jobs, **{"k": 1, **options})


@pytest.mark.parametrize(
    ("bias", "says"),
    [
        (np.ones(3, dtype=np.float32), "3 rows for 2 jobs"),
        (np.ones(2), "float32 array"),
        (np.array([np.nan, 1.0], dtype=np.float32), "bias must be finite"),
    ],
)
def test_a_bias_is_one_finite_number_a_job(bias: Any, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        JobMatrix.of(ONE, bias)


def test_blas_has_its_threads_back_when_the_last_caller_leaves() -> None:
    before = blas.blas_threads()
    if before is None:
        pytest.skip("numpy's BLAS is not OpenBLAS here")
    with blas.single_blas_thread():
        with pytest.raises(KeyError), blas.single_blas_thread():
            raise KeyError
        assert blas.blas_threads() == 1
    assert blas.blas_threads() == before


def test_without_the_compiler_numpy_picks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "segue.engine.heaps", None)
    selection.compiled.cache_clear()
    assert selection.compiled() is selection.absorb_plainly
    selection.compiled.cache_clear()


def test_where_nothing_may_be_written_it_compiles_all_the_same(tmp_path: Path) -> None:
    source = Path(selection.__file__).parents[1]
    site = tmp_path / "segue" / "engine"
    site.mkdir(parents=True)
    for name in ("__init__.py", "engine/__init__.py", *(f"engine/{n}.py" for n in MODULES)):
        shutil.copy(source / name, tmp_path / "segue" / name)
    (site / "__pycache__").write_text("no folder: nobody, not even root, can keep a file in it\n")
    (tmp_path / "home").write_text("as little")
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path / "home"), "PYTHONPATH": str(tmp_path)}
    said = subprocess.run(
        [sys.executable, "-B", "-c", PICK],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.split() == [str(site), "[[1,", "0]]"]


MODULES = ("topk", "blas", "selection", "heaps")
PICK = """
import numpy as np
from pathlib import Path
from segue.engine.topk import top_k, __file__ as file
one = np.array([[1.0], [2.0]], dtype=np.float32)
print(Path(file).parent, top_k(one[:1], one, 2).jobs.tolist())
"""
