"""Nothing held in memory from the test before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from segue.catalog.models import Person
from segue.learn.queries.catalogue import forget_catalogue
from segue.learn.queries.pool import forget_pool
from segue.recommend.queries.policies import forget_policy
from segue.trust.models import Account


@pytest.fixture(autouse=True)
def _fresh_memory() -> Iterator[None]:
    forget_catalogue()
    forget_pool()
    forget_policy()
    yield
    forget_catalogue()
    forget_pool()
    forget_policy()


@pytest.fixture
def lina(ada: Account) -> Person:
    """Ada as the models know her."""
    assert ada.person is not None
    return ada.person
