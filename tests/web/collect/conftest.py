"""A collector as it is served in life, and one in this process whose parts can be held."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from segue.kit.actor import Actor
from segue.listen.actions.intake import Intake
from segue.listen.actions.sources import create_source
from segue.listen.models import Source
from tests.peers.conftest import running_collector
from tests.web.collect.caller import Caller

MakeSource = Callable[..., tuple[Source, str]]


@pytest.fixture(scope="session")
def served_collector(django_db_setup: None) -> Iterator[Caller]:
    with running_collector() as address:
        yield Caller(int(address.rpartition(":")[2]))


@pytest.fixture
def caller(served_collector: Caller, transactional_db: None) -> Caller:
    """Somebody who calls the served collector; what it stores is gone after the test."""
    return served_collector


@pytest.fixture
def make_source(transactional_db: None) -> MakeSource:
    """Make a source and its key; unless told otherwise a server whose visitors have said yes."""

    def make(**settings: object) -> tuple[Source, str]:
        wanted = {"name": "career site", "kind": "server", "consent": "assured", **settings}
        return create_source(**wanted, by=Actor.machine("tests"))  # type: ignore[arg-type]

    return make


@pytest.fixture
def key(make_source: MakeSource) -> str:
    return make_source()[1]


@pytest.fixture
def intake(transactional_db: None) -> Iterator[Intake]:
    """A writer of its own, on this test's database."""
    one = Intake(buffer_bytes=2**20)
    one.start()
    yield one
    one.stop()
