"""Nothing is kept in a browser, and nothing is anybody's, before they say yes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from segue.listen.actions.sources import create_source
from segue.listen.models import Source
from segue.listen.page_token import user_token
from tests import factories
from tests.web.beacon.stage import Collector, Elsewhere, deliver, heard, until

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture
def career(collector: Collector, elsewhere: Elsewhere) -> tuple[Source, str]:
    """A career site of another origin, and its key."""
    mia = factories.actor(factories.mia())
    return create_source(name="career", kind="browser", origins=[elsewhere.address], by=mia)


def _kept(window: Page) -> dict[str, Any]:
    """Everything the browser keeps for anybody."""
    state = window.context.storage_state(indexed_db=True)
    session = window.evaluate("Object.keys(sessionStorage)")
    return {"cookies": state["cookies"], "origins": state["origins"], "session": session}


NOTHING: dict[str, Any] = {"cookies": [], "origins": [], "session": []}


def test_nothing_is_kept_before_a_yes_nor_after_a_no(
    window: Page, elsewhere: Elsewhere, career: tuple[Source, str]
) -> None:
    window.goto(elsewhere.put("/", "<p>…</p>", key=career[1], page="off"))
    window.evaluate("segueBeacon.track('before', { wish: 'sea' })")
    deliver(window)
    assert _kept(window) == NOTHING

    window.evaluate("segueBeacon.consent(true); segueBeacon.track('after', { wish: 'hills' })")
    deliver(window)
    window.reload()
    window.evaluate("segueBeacon.track('again')")
    deliver(window)
    before, after, again = heard()
    assert (before.anonymous_id, before.props, before.context, before.message_id) == ("", {}, {}, "")
    assert after.anonymous_id
    assert after.anonymous_id == again.anonymous_id
    assert (after.props, after.tier) == ({"wish": "hills"}, "C")
    assert _kept(window)["cookies"] == []

    window.evaluate("segueBeacon.track('unsent'); segueBeacon.consent(false)")
    assert _kept(window) == NOTHING
    window.evaluate("segueBeacon.track('since')")
    deliver(window)
    assert [row.event for row in heard()] == ["before", "after", "again", "since"]
    assert heard()[-1].anonymous_id == ""


def test_a_no_in_one_tab_is_a_no_in_the_others(
    window: Page, elsewhere: Elsewhere, career: tuple[Source, str]
) -> None:
    address = elsewhere.put("/", "<p>…</p>", key=career[1], page="off")
    window.goto(address)
    window.evaluate("segueBeacon.consent(true)")
    other = window.context.new_page()
    other.goto(address)
    other.evaluate("segueBeacon.consent(false)")
    window.wait_for_function("segueBeacon.track('since') || !Object.keys(localStorage).length")
    deliver(window)
    assert heard()[-1].anonymous_id == ""


@pytest.mark.parametrize(
    "wish",
    [
        "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true })",
        "Object.defineProperty(Navigator.prototype, 'doNotTrack', { get: () => '1' })",
    ],
    ids=["GPC", "DNT"],
)
def test_who_asks_not_to_be_followed_is_not(
    wish: str, window: Page, elsewhere: Elsewhere, career: tuple[Source, str]
) -> None:
    address = elsewhere.put("/", '<p data-signal-seen="some.thing">…</p>', key=career[1])
    window.goto(address)
    window.evaluate("segueBeacon.consent(true)")
    deliver(window)
    requests: list[str] = []
    window.on("request", lambda one: requests.append(one.url) if "/v1/" in one.url else None)
    window.add_init_script(wish)
    window.goto(address)
    window.evaluate("segueBeacon.consent(true); segueBeacon.track('some.event'); segueBeacon.flush()")
    assert _kept(window) == NOTHING
    window.goto(address + "?again")
    assert requests in ([], requests[:1])  # the page before, as it was left, had not been asked yet
    assert {row.event for row in heard()} <= {""}


def test_a_person_is_named_only_after_a_yes_and_only_with_proof(
    window: Page, elsewhere: Elsewhere, career: tuple[Source, str]
) -> None:
    source, key = career
    ada = factories.ada()
    window.goto(elsewhere.put("/", "<p>…</p>", key=key, page="off"))
    proof = user_token(source.pk, ada.email)
    window.evaluate("([id, proof]) => segueBeacon.identify(id, proof)", [ada.email, proof])
    window.evaluate("segueBeacon.track('before'); segueBeacon.consent(true)")
    window.evaluate("id => segueBeacon.identify(id, 'made up')", ada.email)
    window.evaluate("segueBeacon.track('claimed')")
    window.evaluate("([id, proof]) => segueBeacon.identify(id, proof)", [ada.email, proof])
    window.evaluate("segueBeacon.track('proven')")
    deliver(window)
    whose = {row.event: (row.person_id, row.tier) for row in heard() if row.event}
    assert whose["before"] == (None, "C")
    assert whose["claimed"][1] == "C"
    assert whose["proven"] == (ada.person_id, "B")


def test_a_machine_at_the_wheel_is_told_apart(
    browser: Browser, elsewhere: Elsewhere, career: tuple[Source, str]
) -> None:
    context = browser.new_context(user_agent="Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/140.0.0.0")
    page = context.new_page()
    page.goto(elsewhere.put("/", "<p>…</p>", key=career[1]))
    until(page, heard)
    context.close()
    (row,) = heard()
    assert row.tier == "D"
    assert "headless" in row.flags
