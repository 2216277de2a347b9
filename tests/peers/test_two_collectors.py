"""Collectors know nothing of each other: the database decides what was heard before."""

from __future__ import annotations

import threading

import pytest

from tests.peers.conftest import MakeSource, running_collector
from tests.peers.test_python_sdks import Sender
from tests.peers.visits import assert_steps_once, steps, stored

pytestmark = pytest.mark.peer


def test_the_same_messages_to_both_at_once_are_stored_once(
    collector: str, source: MakeSource, nothing_rejected: None
) -> None:
    place, key = source()
    calls = [{**said, "message_id": f"m-{number}"} for number, said in enumerate(steps(600))]

    with running_collector() as another:
        senders = [Sender("segment", key, address, upload_size=10) for address in (collector, another)]
        threads = [threading.Thread(target=sender.send, args=[calls]) for sender in senders]
        for thread in threads:
            thread.start()
        for thread, sender in zip(threads, senders, strict=True):
            thread.join()
            sender.close()

    assert [sender.errors for sender in senders] == [[], []]
    rows = stored(place)
    assert_steps_once(rows, 600)
    assert {row.message_id for row in rows} == {f"m-{number}" for number in range(600)}
