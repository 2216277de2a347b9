"""One BLAS thread a caller, for as long as we spread the work over threads ourselves.

OpenBLAS shares one product among its own threads, which then wait for the next by spinning: processor time
spent on nothing while we sift the scores. Several products side by side, one thread each, waste none of it.
"""

from __future__ import annotations

import ctypes
import importlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache

# OpenBLAS as numpy's wheels build it, then as distributions do.
_NAMES = ("scipy_openblas_{}64_", "scipy_openblas_{}", "openblas_{}64_", "openblas_{}")

_lock = threading.Lock()
_inside = [0, 0]  # how many callers are inside, and the number of threads the first of them found


@contextmanager
def single_blas_thread() -> Iterator[None]:
    """Hold numpy's BLAS to one thread a product, in this whole process, until the last caller has left.

    A BLAS that is not OpenBLAS is left as it is: results are the same, only slower.

    >>> with single_blas_thread():
    ...     blas_threads() in (None, 1)
    True
    """
    found = _openblas()
    if found is None:
        yield
        return
    get, put = found
    with _lock:
        if not _inside[0]:
            _inside[1] = get()
            put(1)
        _inside[0] += 1
    try:
        yield
    finally:
        with _lock:
            _inside[0] -= 1
            if not _inside[0]:
                put(_inside[1])


def blas_threads() -> int | None:
    """How many threads numpy's BLAS may use now; None where it does not say."""
    found = _openblas()
    return found[0]() if found else None


@lru_cache(maxsize=1)
def _openblas() -> tuple[Callable[[], int], Callable[[int], None]] | None:
    """Read and write the number of threads. A symbol is looked up in numpy and in all that numpy links."""
    numpy_itself = ctypes.CDLL(importlib.import_module("numpy._core._multiarray_umath").__file__)
    for name in _NAMES:
        get = getattr(numpy_itself, name.format("get_num_threads"), None)
        put = getattr(numpy_itself, name.format("set_num_threads"), None)
        if get is not None and put is not None:
            put.restype = None
            return get, put
    return None
