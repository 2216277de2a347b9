from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.kit import queue_stage


@pytest.fixture
def stage(db: None) -> Iterator[None]:
    """The stage's jobs and their table."""
    queue_stage.make_table()
    with queue_stage.staged_jobs():
        yield
    queue_stage.drop_table()
