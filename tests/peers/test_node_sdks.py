"""The two Node libraries, as npm publishes them."""

from __future__ import annotations

import pytest

from segue.trust.models import Account
from tests.peers import sdks
from tests.peers.conftest import MakeSource
from tests.peers.visits import (
    EACH_CALL,
    assert_each_call_once,
    assert_steps_once,
    assert_whose,
    seconds_before_received,
    steps,
    stored,
)

pytestmark = pytest.mark.peer
WAYS = {
    "segment, single": ("segment_node.cjs", {"batch": 1}),
    "segment, batched": ("segment_node.cjs", {"batch": 20}),
    "rudder, single": ("rudder_node.cjs", {"batch": 1, "gzip": False}),
    "rudder, batched, gzip": ("rudder_node.cjs", {"batch": 20, "gzip": True}),
}
VERSIONS = {
    "@segment/analytics-node": "3.1.0",
    "@segment/analytics-next": "1.84.3",
    "@rudderstack/rudder-sdk-node": "3.0.13",
    "@rudderstack/analytics-js": "3.34.1",
}


def test_the_versions_are_those_the_contract_was_captured_from() -> None:
    assert {name: sdks.version_of(name) for name in VERSIONS} == VERSIONS


@pytest.mark.parametrize("way", WAYS)
def test_every_call_arrives_once(
    way: str, collector: str, source: MakeSource, nothing_rejected: None, ada: Account
) -> None:
    place, key = source()
    script, settings = WAYS[way]
    calls = EACH_CALL + steps()

    said = sdks.drive(script, key=key, host=collector, calls=calls, **settings)

    assert said["errors"] == []
    assert (said["requests"] == len(calls)) == (settings["batch"] == 1)
    rows = stored(place)
    assert_each_call_once(rows)
    assert_steps_once(rows)
    assert_whose(rows, ada.person)


def test_a_clock_an_hour_fast_is_set_right(
    collector: str, source: MakeSource, nothing_rejected: None
) -> None:
    place, key = source()

    sdks.drive("segment_node.cjs", key=key, host=collector, calls=steps(2), batch=20, clock_off_s=3600)

    rows = stored(place)
    assert [seconds_before_received(row) for row in rows] == pytest.approx([0, 0], abs=60)
    assert [row.flags for row in rows] == [[], []]


@pytest.mark.parametrize("script", ["segment_node.cjs", "rudder_node.cjs"])
def test_a_wrong_key_stores_nothing_and_is_told(script: str, collector: str, source: MakeSource) -> None:
    place, _ = source()

    said = sdks.drive(
        script, key="sgs_guessed", host=collector, calls=steps(1), batch=1, gzip=True, retries=0
    )

    assert said["errors"]
    assert stored(place) == []
