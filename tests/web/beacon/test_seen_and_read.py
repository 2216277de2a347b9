"""What counts as seen, read, clicked and watched, in a real Chromium that tells a real collector."""

from __future__ import annotations

import base64
import io
import math
import struct
import uuid
import wave
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db.models import F

from segue.listen import page_token
from segue.listen.actions.sources import product_key
from segue.trust.models import Account, Consent
from tests import factories
from tests.web.beacon.stage import (
    Collector,
    Elsewhere,
    deliver,
    freeze,
    heard,
    pass_time,
    settle,
    told,
    until,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
CARD, JOB = str(uuid.uuid4()), str(uuid.uuid4())
BODY = f"""
<style>#far {{ height: 3000px }} .card {{ height: 400px; background: #ccc }}</style>
<div id="far">…</div>
<div class="card" id="card" data-signal-seen="card.shown" data-prop-exposure-id="{CARD}"></div>
"""


@pytest.fixture
def ada_(site: str) -> Account:
    """She said yes some while ago: the page's time runs faster here than ours."""
    account = factories.ada()
    Consent.objects.filter(person=account.person).update(at=F("at") - timedelta(minutes=10))
    return account


def _ours(ada: Account) -> dict[str, str]:
    """What the portal writes on the script for Ada, who has said yes."""
    token = page_token.issue(person_id=ada.person_id, granted=["behaviour"])
    return {"key": product_key(), "token": token, "consent": "yes", "page": "test"}


def _show(window: Page, share: float) -> None:
    """Scroll so that this share of the card is in the window, at its lower edge."""
    window.evaluate(
        "share => { const card = document.querySelector('#card').getBoundingClientRect();"
        " scrollBy(0, card.top - innerHeight + card.height * share) }",
        share,
    )
    settle(window, "#card")


def test_a_card_counts_as_seen_after_a_second_at_half(
    window: Page, collector: Collector, elsewhere: Elsewhere, ada_: Account
) -> None:
    freeze(window)
    window.goto(elsewhere.put("/", BODY, **_ours(ada_)))
    _show(window, 0.49)
    pass_time(window, 1500)
    _show(window, 0.51)
    pass_time(window, 999)
    _show(window, 0.3)  # a moment too soon: the second begins anew
    pass_time(window, 500)
    _show(window, 0.6)
    pass_time(window, 998)
    assert "card.shown" not in told(window)
    pass_time(window, 2)
    assert told(window)[-1] == "card.shown"
    _show(window, 0.0)
    _show(window, 1.0)
    pass_time(window, 1500)
    deliver(window)
    (row,) = heard("card.shown")
    assert (row.person_id, row.tier, row.props) == (ada_.person_id, "B", {"exposure_id": CARD})


def test_what_a_page_adds_later_is_watched_too_and_the_same_thing_counts_once(
    window: Page, collector: Collector, elsewhere: Elsewhere, ada_: Account
) -> None:
    freeze(window)
    window.goto(elsewhere.put("/", BODY.replace("3000px", "10px"), **_ours(ada_)))
    settle(window, "#card")
    pass_time(window, 1000)
    window.evaluate(
        "() => { const old = document.querySelector('#card');"
        " old.insertAdjacentHTML('afterend', old.outerHTML);"
        " old.nextElementSibling.dataset.propExposureId = crypto.randomUUID();"
        " old.replaceWith(old.cloneNode(true)) }"
    )
    settle(window, "#card")  # the page's observer of changes has been told by now
    pass_time(window, 200)
    settle(window, "#card")
    pass_time(window, 1000)
    assert told(window) == ["page", "card.shown", "card.shown"]


def test_reading_adds_up_from_beats_and_stops_without_focus(
    window: Page, collector: Collector, elsewhere: Elsewhere, ada_: Account
) -> None:
    freeze(window)
    window.goto(
        elsewhere.put("/", f'<p data-signal-dwell="job.dwelled" data-prop-job-id="{JOB}">', **_ours(ada_))
    )
    pass_time(window, 32_000)
    _lose_focus(window)
    pass_time(window, 60_000)
    _find_focus(window)
    pass_time(window, 3_000)
    window.goto("about:blank")  # what was not told yet is told on leaving
    until(window, lambda: _read_s() > 34)
    assert _read_s() == pytest.approx(35, abs=1)
    rows = heard("job.dwelled")
    assert [row.props["beat"] for row in rows] == list(range(1, len(rows) + 1))
    assert {str(row.job_id) for row in rows} == {JOB}


def test_a_glance_is_no_reading(
    window: Page, collector: Collector, elsewhere: Elsewhere, ada_: Account
) -> None:
    freeze(window)
    window.goto(elsewhere.put("/", '<p data-signal-dwell="job.dwelled">', **_ours(ada_)))
    pass_time(window, 4_800)
    window.goto("about:blank")
    until(window, lambda: heard("page.viewed"))
    assert not heard("job.dwelled")


def test_clicks_and_reasons_are_told_when_a_person_gives_them(
    window: Page, collector: Collector, elsewhere: Elsewhere, ada_: Account
) -> None:
    body = f"""
    <button id="open" data-signal-click="story.opened" data-prop-story-id="s1"><b>Open</b></button>
    <button id="far" data-signal-dismiss="card.dismissed" data-prop-job-id="{JOB}" value="too_far">…</button>
    <select data-signal-dismiss="card.dismissed"><option value="">Why?<option>pay</select>
    """
    window.goto(elsewhere.put("/", body, **_ours(ada_)))
    window.evaluate("document.querySelector('#open').click()")  # a script's click is nobody's
    window.locator("#open b").click()
    window.locator("#far").click()
    window.locator("select").focus()
    window.keyboard.press("ArrowDown")
    until(window, lambda: len(heard("card.dismissed")) == 2)
    assert [row.props for row in heard("story.opened")] == [{"story_id": "s1"}]
    assert [row.props["reason"] for row in heard("card.dismissed")] == ["too_far", "pay"]


def test_a_video_counts_by_what_was_played_not_by_where_it_was_moved_to(
    window: Page, collector: Collector, elsewhere: Elsewhere, ada_: Account
) -> None:
    body = f'<video id="film" muted preload="auto" src="{_film(4.0)}" data-signal-video="welcome"></video>'
    window.goto(elsewhere.put("/", body, **_ours(ada_)))
    window.wait_for_function("film.readyState === 4")
    window.evaluate("async () => { film.currentTime = 3.2; await film.play() }")
    window.wait_for_function("film.ended")
    deliver(window)
    assert [row.props["percent"] for row in heard() if row.kind.startswith("video.")] == [0]
    window.evaluate("async () => { film.playbackRate = 2; film.currentTime = 0; await film.play() }")
    window.wait_for_function("film.ended")
    until(window, lambda: heard("video.finished"))
    rows = [(row.kind, row.props["percent"]) for row in heard() if row.kind.startswith("video.")]
    assert rows == [
        ("video.started", 0),
        *(("video.progressed", percent) for percent in (25, 50, 75)),
        ("video.finished", 100),
    ]


def _read_s() -> float:
    return sum(row.props["dwell_s"] for row in heard("job.dwelled"))


def _film(seconds: float, rate: int = 8000) -> str:
    """A sound for a video element: Chromium plays it, and counts what was played, as it does a film."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as film:
        film.setnchannels(1)
        film.setsampwidth(2)
        film.setframerate(rate)
        film.writeframes(
            b"".join(struct.pack("<h", int(900 * math.sin(n / 9))) for n in range(int(seconds * rate)))
        )
    return f"data:audio/wav;base64,{base64.b64encode(buffer.getvalue()).decode()}"


def _lose_focus(window: Page) -> None:
    """Another window comes to the front: the tab stays visible and is not in use."""
    window.context.new_cdp_session(window).send("Emulation.setFocusEmulationEnabled", {"enabled": False})
    other = window.context.new_page()
    other.bring_to_front()
    assert has_focus(window) is False


def _find_focus(window: Page) -> None:
    window.context.new_cdp_session(window).send("Emulation.setFocusEmulationEnabled", {"enabled": True})
    window.bring_to_front()
    assert has_focus(window) is True


def has_focus(window: Page) -> bool:
    return bool(window.evaluate("document.hasFocus()"))
