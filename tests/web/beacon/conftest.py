"""Fixtures of the beacon's tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from segue.listen.actions.sources import product_source
from tests.web.beacon.stage import Collector, Elsewhere

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture(scope="session")
def collector_process(site_process: str, collect_address: str) -> Iterator[Collector]:
    made = Collector(collect_address)
    yield made
    made.stop()


@pytest.fixture
def collector(site: str, collector_process: Collector) -> Collector:
    """A collector where the site's pages expect one; it runs, unless the test stops it."""
    product_source()
    collector_process.start()
    return collector_process


@pytest.fixture
def elsewhere(site: str, collect_address: str) -> Iterator[Elsewhere]:
    with Elsewhere(site, collect_address) as pages:
        yield pages


@pytest.fixture
def window(page: Page) -> Page:
    """A window as a person has it; it fails the test on any script error or broken security policy."""
    return page
