"""One world for all the stories here, since founding it is the slow part."""

from __future__ import annotations

from datetime import date

import pytest

from segue.engine.world import World, found_world

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="session")
def world() -> World:
    return found_world(1, people=5000, jobs=200, today=TODAY)
