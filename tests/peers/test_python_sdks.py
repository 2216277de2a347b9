"""The two Python libraries, from the test lock, unmodified."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import Any

import pytest
import rudderstack.analytics.client as rudder
import segment.analytics.client as segment

from segue.trust.models import Account
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
CLIENTS = {"segment": segment.Client, "rudder": rudder.Client}
ARGUMENTS = {
    "anonymousId": "anonymous_id",
    "userId": "user_id",
    "groupId": "group_id",
    "previousId": "previous_id",
}
WAYS = {"single": {"upload_size": 1, "gzip": False}, "batched, gzip": {"upload_size": 20, "gzip": True}}


class Sender:
    """One client of a library, that tells what the library gave up."""

    def __init__(self, sdk: str, key: str, host: str, **settings: Any) -> None:
        self.errors: list[object] = []
        settings = {"upload_interval": 0.05, "timeout": 10, **settings}
        self.client = CLIENTS[sdk](
            key, host=host, on_error=lambda error, _: self.errors.append(error), **settings
        )

    def send(self, calls: list[dict[str, Any]], **more: Any) -> None:
        for said in calls:
            arguments = {ARGUMENTS.get(name, name): value for name, value in said.items() if name != "call"}
            getattr(self.client, said["call"])(**arguments, **more)
        self.client.flush()

    def close(self) -> None:
        self.client.join()


def test_the_versions_are_those_the_contract_was_captured_from() -> None:
    assert version("segment-analytics-python") == "2.4.0"
    assert version("rudder-sdk-python") == "2.1.9"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("sdk", CLIENTS)
def test_every_call_arrives_once(
    sdk: str, way: str, collector: str, source: MakeSource, nothing_rejected: None, ada: Account
) -> None:
    place, key = source()
    sender = Sender(sdk, key, collector, **WAYS[way])

    sender.send(EACH_CALL + steps())
    sender.close()

    assert sender.errors == []
    rows = stored(place)
    assert_each_call_once(rows)
    assert_steps_once(rows)
    assert_whose(rows, ada.person)
    assert {row.tier for row in rows} == {"A"}


@pytest.mark.parametrize("sdk", CLIENTS)
def test_an_event_of_two_hours_ago_keeps_its_hour(
    sdk: str, collector: str, source: MakeSource, nothing_rejected: None
) -> None:
    place, key = source()
    sender = Sender(sdk, key, collector)
    then = datetime.now(UTC) - timedelta(hours=2)

    sender.send(steps(1), timestamp=then)
    sender.close()

    (row,) = stored(place)
    assert seconds_before_received(row) == pytest.approx(7200, abs=60)
    assert row.flags == []


@pytest.mark.parametrize("sdk", CLIENTS)
def test_the_same_message_twice_is_stored_once(
    sdk: str, collector: str, source: MakeSource, nothing_rejected: None
) -> None:
    place, key = source()
    sender = Sender(sdk, key, collector)

    sender.send(steps(3) * 2, message_id="m-1")
    sender.close()

    assert [row.message_id for row in stored(place)] == ["m-1"]


@pytest.mark.parametrize("sdk", CLIENTS)
def test_a_wrong_key_is_told_and_not_tried_for_ever(sdk: str, collector: str, source: MakeSource) -> None:
    place, _ = source()
    sender = Sender(sdk, "sgs_guessed", collector)

    sender.send(steps(1))
    sender.close()

    (error,) = sender.errors
    assert "wrong_key" in str(error)
    assert stored(place) == []
