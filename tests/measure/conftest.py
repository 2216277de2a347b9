"""Nothing held in memory from the test before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from segue.learn.queries.catalogue import forget_catalogue
from segue.learn.queries.pool import forget_pool


@pytest.fixture(autouse=True)
def _fresh_memory() -> Iterator[None]:
    forget_catalogue()
    forget_pool()
    yield
    forget_catalogue()
    forget_pool()
