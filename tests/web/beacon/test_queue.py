"""What waits to be sent survives outages, crowds and closed pages, and arrives once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from segue.listen import page_token
from segue.listen.actions.sources import create_source, product_key
from segue.listen.models import Signal
from tests import factories
from tests.web.beacon.stage import Collector, Elsewhere, deliver, freeze, heard, pass_time, told, until

if TYPE_CHECKING:
    from playwright.sync_api import Page, Request

pytestmark = pytest.mark.browser


@pytest.fixture
def ours(site: str) -> dict[str, str]:
    """What the portal writes on the script for Ada, who has said yes."""
    token = page_token.issue(person_id=factories.ada().person_id, granted=["behaviour"])
    return {"key": product_key(), "token": token, "consent": "yes", "page": "test"}


def _sent(window: Page) -> list[Request]:
    """Collect the requests a window sends to the collector from now on."""
    found: list[Request] = []
    window.on("request", lambda one: found.append(one) if one.url.endswith("/v1/batch") else None)
    return found


def _say(window: Page, *stories: str) -> None:
    for story in stories:
        window.evaluate("id => segueBeacon.track('story.opened', { story_id: id })", story)


def _stories() -> list[str]:
    return sorted(row.props["story_id"] for row in heard("story.opened"))


def test_what_was_said_while_nobody_listened_is_delivered_once(
    window: Page, collector: Collector, elsewhere: Elsewhere, ours: dict[str, str]
) -> None:
    address = elsewhere.put("/", "<p>…</p>", **ours)
    collector.stop()
    window.goto(address)
    tab = window.context.new_page()
    tab.goto(address)
    _say(window, "a", "b")
    _say(tab, "c")
    failed = _sent(window)
    window.evaluate("segueBeacon.flush()")
    until(window, lambda: failed)
    window.goto("about:blank")
    tab.close()
    assert not heard()
    collector.start()
    window.goto(address)
    until(window, lambda: told(window) == [])
    assert _stories() == ["a", "b", "c"]
    assert len(heard("page.viewed")) == 3
    _say(window, "d")
    deliver(window)
    assert len({row.message_id for row in heard()}) == len(heard()) == 7


def test_many_are_sent_in_several_requests_none_too_large_for_a_closing_page(
    window: Page, collector: Collector, elsewhere: Elsewhere, ours: dict[str, str]
) -> None:
    requests = _sent(window)
    window.goto(elsewhere.put("/", "<p>…</p>", **ours))
    window.evaluate(
        "for (let n = 0; n < 30; n++) segueBeacon.track('some.event', { n, text: 'ä'.repeat(4000) })"
    )
    until(window, lambda: Signal.objects.filter(event="some.event").count() == 30)
    until(window, lambda: len(requests) > 3)  # they are told of a little later
    assert max(len(one.post_data_buffer or b"") for one in requests) <= 64 * 1024


def test_a_collector_that_asks_for_patience_gets_it(
    window: Page, collector: Collector, elsewhere: Elsewhere
) -> None:
    mia = factories.actor(factories.mia())
    _, key = create_source(name="slow", kind="browser", origins=[], limit_per_s=1, by=mia)
    freeze(window)
    window.goto(elsewhere.put("/", "<p>…</p>", key=key))
    window.evaluate("for (let n = 0; n < 30; n++) segueBeacon.track('some.event')")
    deliver(window)
    window.evaluate("segueBeacon.track('late')")
    with window.expect_response(lambda answer: answer.url.endswith("/v1/batch")) as refused:
        window.evaluate("segueBeacon.flush()")
    assert refused.value.status == 429
    patience_s = int(refused.value.headers["retry-after"])
    requests = _sent(window)
    window.evaluate("segueBeacon.track('later')")
    pass_time(window, patience_s * 1000 - 200)
    window.evaluate("segueBeacon.flush()")
    assert not requests
    pass_time(window, 400)
    until(window, lambda: requests)


def test_a_page_that_closes_sends_what_it_holds_in_memory(
    window: Page, collector: Collector, elsewhere: Elsewhere
) -> None:
    mia = factories.actor(factories.mia())
    _, key = create_source(name="career", kind="browser", origins=[elsewhere.address], by=mia)
    freeze(window)
    window.goto(elsewhere.put("/", "<p>…</p>", key=key))
    window.evaluate("segueBeacon.track('left')")
    window.goto("about:blank")
    until(window, lambda: Signal.objects.filter(event="left").exists())


def test_a_refusal_for_good_is_not_repeated(window: Page, collector: Collector, elsewhere: Elsewhere) -> None:
    requests = _sent(window)
    window.goto(elsewhere.put("/", "<p>…</p>", key="sgb_nobody", page="off"))
    with window.expect_response(lambda answer: answer.status == 401):
        window.evaluate("segueBeacon.track('some.event'); segueBeacon.flush()")
    window.evaluate("segueBeacon.flush()")
    window.goto("about:blank")
    assert len(requests) == 1
