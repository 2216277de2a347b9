"""The two browser libraries in a real Chromium, on a page of another origin than the collector's."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from segue.listen.models import Signal, Source
from tests.peers.conftest import MakeSource
from tests.peers.visits import EACH_CALL, assert_each_call_once, assert_steps_once, steps, stored

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request

pytestmark = [pytest.mark.peer, pytest.mark.browser]
ARRIVE_WITHIN_S = 30
ROBOT_WORDS = "HeadlessChrome"

# Only the names the libraries document; what is sent, when and how is theirs.
SEGMENT_LOAD = """([host, key, more]) => {
    window.analytics = AnalyticsNext.AnalyticsBrowser.load(
        { writeKey: key, cdnURL: host }, { integrations: { "Segment.io": more } });
    return analytics.ready().then(() => true);
}"""
SEGMENT_CALL = """([calls]) => calls.forEach(({ call, ...said }) => ({
    identify: () => analytics.identify(said.userId, said.traits),
    track: () => analytics.track(said.event, said.properties),
    page: () => analytics.page(said.name, said.properties),
    screen: () => analytics.screen(said.name, said.properties),
    group: () => analytics.group(said.groupId, said.traits),
    alias: () => analytics.alias(said.userId, said.previousId),
})[call]())"""
RUDDER_LOAD = """([host, key, more]) => new Promise((done) => {
    window.analytics = new rudderanalytics.RudderAnalytics();
    analytics.load(key, host, { configUrl: host, ...more });
    analytics.ready(() => done(true));
})"""
RUDDER_CALL = """([calls]) => calls.forEach(({ call, ...said }) => ({
    identify: () => analytics.identify(said.userId, said.traits),
    track: () => analytics.track(said.event, said.properties),
    page: () => analytics.page(said.name, said.properties),
    group: () => analytics.group(said.groupId, said.traits),
    alias: () => analytics.alias(said.userId, said.previousId),
})[call]())"""
LOAD = {"segment": SEGMENT_LOAD, "rudder": RUDDER_LOAD}
CALL = {"segment": SEGMENT_CALL, "rudder": RUDDER_CALL}
WITHOUT = {"segment": [], "rudder": ["screen.viewed"]}  # browsers have no screens, says RudderStack
WAYS: dict[str, tuple[str, dict[str, Any], str]] = {
    "segment, single": ("segment", {}, "/v1/t"),
    "segment, batched": (
        "segment",
        {"deliveryStrategy": {"strategy": "batching", "config": {"size": 20, "timeout": 100}}},
        "/v1/b",
    ),
    "rudder, single": ("rudder", {}, "/v1/track"),
    "rudder, batched": (
        "rudder",
        {"queueOptions": {"batch": {"enabled": True, "flushInterval": 100}}},
        "/v1/batch",
    ),
    "rudder, beacon": (
        "rudder",
        {"useBeacon": True, "beaconQueueOptions": {"maxItems": 10, "flushQueueInterval": 100}},
        "/beacon/v1/batch",
    ),
}
HIDING: dict[str, tuple[str, dict[str, Any]]] = {  # nothing goes out until the page is left
    "segment, keepalive": (
        "segment",
        {"deliveryStrategy": {"strategy": "batching", "config": {"size": 1000, "timeout": 600_000}}},
    ),
    "rudder, beacon": (
        "rudder",
        {"useBeacon": True, "beaconQueueOptions": {"maxItems": 1000, "flushQueueInterval": 600_000}},
    ),
}


@pytest.fixture
def visit(browser: Browser, pages: str, collector: str) -> Iterator[Callable[..., Page]]:
    """Open a library's page, as somebody with an ordinary browser; no other host is asked."""
    agent = browser.new_page().evaluate("navigator.userAgent").replace(ROBOT_WORDS, "Chrome")
    contexts, elsewhere = [], []

    def look(request: Request) -> None:
        if not request.url.startswith((pages, collector, "blob:")):
            elsewhere.append(request.url)

    def open_page(sdk: str, **settings: Any) -> Page:
        context = browser.new_context(user_agent=agent, **settings)
        contexts.append(context)
        context.on("request", look)
        page = context.new_page()
        page.goto(f"{pages}/{sdk}.html")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert elsewhere == []


@pytest.mark.parametrize("way", WAYS)
def test_every_call_arrives_once(
    way: str,
    visit: Callable[..., Page],
    collector: str,
    pages: str,
    source: MakeSource,
    nothing_rejected: None,
) -> None:
    sdk, more, path = WAYS[way]
    place, key = source(kind="browser", origins=[pages])
    page = visit(sdk)
    asked = _paths_asked(page)

    page.evaluate(LOAD[sdk], [collector, key, more])
    page.evaluate(CALL[sdk], [[*_without(sdk, EACH_CALL), *steps(25)]])

    rows = wait_for(place, len(EACH_CALL) - len(WITHOUT[sdk]) + 25)
    assert_each_call_once(rows, without=WITHOUT[sdk])
    assert_steps_once(rows, 25)
    page.evaluate("() => 1")  # only now does Playwright tell what was asked before
    assert asked[path] > 0, asked
    assert {row.person_id for row in rows} == {None}  # a public key's word proves nobody
    assert {row.tier for row in rows} == {"C"}
    assert all(row.flags == [] and abs((row.received_at - row.at).total_seconds()) < 60 for row in rows)


@pytest.mark.parametrize("way", HIDING)
def test_what_waits_when_the_page_is_left_arrives(
    way: str,
    visit: Callable[..., Page],
    collector: str,
    pages: str,
    source: MakeSource,
    nothing_rejected: None,
) -> None:
    sdk, more = HIDING[way]
    place, key = source(kind="browser", origins=[pages])
    page = visit(sdk)
    page.evaluate(LOAD[sdk], [collector, key, more])

    page.evaluate(CALL[sdk], [steps(5)])
    page.wait_for_function(BUFFERED[sdk])
    assert stored(place) == []
    page.goto(f"{pages}/away.html")

    assert_steps_once(wait_for(place, 5), 5)


@pytest.mark.parametrize("sdk", ["segment", "rudder"])
def test_a_page_of_a_wrong_origin_is_not_heard(
    sdk: str, visit: Callable[..., Page], collector: str, source: MakeSource
) -> None:
    place, key = source(kind="browser", origins=["https://careers.example.com"])
    page = visit(sdk)

    with page.expect_response(lambda answer: answer.url.startswith(collector)) as first:
        page.evaluate(_no_waiting(LOAD[sdk]), [collector, key, {}])
    assert first.value.status == 403
    sent = page.evaluate(SEND_ANYWAY, [f"{collector}/v1/t", key])

    assert sent == [403, "wrong_origin"]
    assert stored(place) == []


def test_a_clock_an_hour_slow_is_set_right(
    visit: Callable[..., Page], collector: str, pages: str, source: MakeSource, nothing_rejected: None
) -> None:
    place, key = source(kind="browser", origins=[pages])
    page = visit("segment")
    page.evaluate("() => { const now = Date; const off = 3_600_000; " + SLOW_CLOCK + " }")
    page.evaluate(SEGMENT_LOAD, [collector, key, {}])
    page.evaluate(SEGMENT_CALL, [steps(1)])

    (row,) = wait_for(place, 1)
    assert abs((row.received_at - row.at).total_seconds()) < 60


def test_a_visitor_who_asked_not_to_be_followed_is_only_counted(
    visit: Callable[..., Page], collector: str, pages: str, source: MakeSource, nothing_rejected: None
) -> None:
    place, key = source(kind="browser", origins=[pages])
    page = visit("segment", extra_http_headers={"Sec-GPC": "1"})
    page.evaluate(SEGMENT_LOAD, [collector, key, {}])
    page.evaluate(SEGMENT_CALL, [steps(1)])

    (row,) = wait_for(place, 1)
    assert (row.person_id, row.anonymous_id, row.props, row.context) == (None, "", {}, {})


BUFFERED = {
    "segment": "() => analytics.queue ? analytics.queue.queue.length === 0 : true",
    "rudder": "() => true",
}
SEND_ANYWAY = """([url, key]) => fetch(url, {
    method: "POST",
    body: JSON.stringify({ writeKey: key, event: "Step", anonymousId: "someone" }),
}).then((answer) => answer.json().then((said) => [answer.status, said.code]))"""
SLOW_CLOCK = """window.Date = class extends now {
    constructor(...given) { given.length ? super(...given) : super(now.now() - off); }
    static now() { return now.now() - off; }
};"""


def wait_for(source: Source, number: int) -> list[Signal]:
    """Return a source's rows once there are as many as wanted; what came is for the asserts to judge."""
    deadline = time.monotonic() + ARRIVE_WITHIN_S
    while len(rows := stored(source)) < number and time.monotonic() < deadline:
        time.sleep(0.02)
    return rows


def _without(sdk: str, calls: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [call for call in calls if not (sdk == "rudder" and call["call"] == "screen")]


def _no_waiting(load: str) -> str:
    return load.replace("return analytics.ready().then(() => true);", "").replace(
        "analytics.ready(() => done(true));", "done(true);"
    )


def _paths_asked(page: Page) -> Counter[str]:
    """Count what the page asks from now on, by path."""
    asked: Counter[str] = Counter()
    page.on("request", lambda request: asked.update([_path(request.url)]))
    return asked


def _path(url: str) -> str:
    from urllib.parse import urlsplit

    return urlsplit(url).path
