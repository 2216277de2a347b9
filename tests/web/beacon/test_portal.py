"""The portal with its beacon: a visit moves a taste, and an outage moves nobody."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from segue.learn.queries.events import events_of
from segue.learn.queries.model_input import catalogue_seen_with, input_from, person_row
from segue.listen.models import Signal
from segue.listen.runner import Runner
from segue.recommend.models import CardStance, Exposure
from segue.trust.actions.consent import set_consent
from segue.trust.models import Account
from tests import factories
from tests.web.beacon.stage import Collector, deliver, freeze, heard, pass_time, settle, told, until
from tests.web.portal.stage import a_few_jobs

if TYPE_CHECKING:
    from playwright.sync_api import Page

SignIn = Callable[["Page", Account], None]
pytestmark = pytest.mark.browser
LIVE_WITHIN_MS = 600  # the server looks for new jobs twice a second


@pytest.fixture
def ada_(window: Page, sign_in: SignIn) -> Account:
    account = factories.ada()
    a_few_jobs(30)
    sign_in(window, account)
    window.wait_for_timeout(LIVE_WITHIN_MS)
    return account


def _input_of(ada: Account) -> str:
    """Name what the models would read of Ada this very moment."""
    assert ada.person_id is not None
    person = person_row(ada.person_id)
    jobs = catalogue_seen_with(person)
    assert jobs is not None
    return input_from(person, jobs).digest()


def test_a_visit_marks_what_was_seen_and_changes_the_taste(
    window: Page, collector: Collector, ada_: Account
) -> None:
    runner = Runner()
    runner.round()  # consumers begin at the present
    freeze(window)
    window.goto("/")
    settle(window, ".card")
    pass_time(window, 1000)
    deliver(window)
    shown = {row.props["exposure_id"] for row in heard("card.shown")}
    assert 0 < len(shown) < window.locator(".card").count()  # those below the fold were not
    until(window, lambda: runner.round() is not None and Exposure.objects.filter(visible=True).exists())
    assert {str(row.pk) for row in Exposure.objects.filter(visible=True)} == shown

    window.locator(".card a").first.click()
    window.wait_for_url("**/jobs/**")
    assert ada_.person_id is not None
    before = _input_of(ada_)
    pass_time(window, 16_000)
    deliver(window)  # the answer is the moment from which on it counts
    assert _input_of(ada_) != before
    assert [event.kind for event in events_of(ada_.person_id)] == ["card.clicked", "job.dwelled"]
    pass_time(window, 60_000)
    deliver(window)
    assert Signal.objects.filter(kind="job.dwelled").count() > 1
    assert len(events_of(ada_.person_id)) == 2, "a long reading is one act, told in stretches"
    (job_id,) = {row.job_id for row in heard("job.dwelled")}
    assert str(job_id) in window.url


def test_the_portal_does_not_mind_when_nobody_collects(
    window: Page, collector: Collector, ada_: Account
) -> None:
    collector.stop()
    window.goto("/")
    card = window.locator(".card").first
    before = card.get_attribute("id")
    card.get_by_role("button", name="Skip").click()
    window.wait_for_function("id => !document.getElementById(id)", arg=before)
    assert CardStance.objects.get().stance == "skipped"
    window.locator(".card a").first.click()
    window.wait_for_url("**/jobs/**")
    assert window.locator("h1").count() == 1
    assert "page" in told(window)


def test_a_switch_stops_the_page_itself(window: Page, collector: Collector, ada_: Account) -> None:
    window.goto("/consent/")
    until(window, lambda: window.evaluate("Object.keys(localStorage).includes('segue.v1.id')"))
    window.get_by_role("switch", name="Use my behaviour").click()
    window.get_by_text("Kept. It counts from now on.").wait_for()
    until(window, lambda: window.evaluate("localStorage.length") == 0)
    window.get_by_role("switch", name="Use my behaviour").click()
    until(window, lambda: window.evaluate("localStorage.getItem('segue.v1.id')") == "-")


def test_without_a_yes_a_visit_is_counted_and_nobodys(
    window: Page, collector: Collector, ada_: Account
) -> None:
    assert ada_.person is not None
    set_consent(ada_.person, purpose="behaviour", granted=False, by=factories.actor(ada_))
    freeze(window)
    window.goto("/")
    settle(window, ".card")
    pass_time(window, 1000)
    deliver(window)
    assert heard("card.shown")
    assert {(row.person_id, row.anonymous_id) for row in heard()} == {(None, "")}
    assert not any("exposure_id" in row.props for row in heard())
    assert window.evaluate("localStorage.length") == 0


def test_secret_addresses_are_told_by_name_only(window: Page, collector: Collector, ada_: Account) -> None:
    application = factories.make_application(ada_.person)
    window.goto(f"/a/{application.status_key}/")
    deliver(window)
    (row,) = heard("page.viewed")
    assert row.event == "portal:status"
    assert application.status_key not in f"{row.props}{row.context}"


def test_only_candidates_pages_carry_it(window: Page, sign_in: SignIn, collector: Collector) -> None:
    window.goto("/jobs/")
    assert window.evaluate("segueBeacon.version") == "1"
    assert re.fullmatch(r"sha384-\S{64}", window.locator("script[data-key]").get_attribute("integrity") or "")
    sign_in(window, factories.rosa())
    for address in ("/desk/", "/jobs/"):
        window.goto(address)
        assert window.locator("script[data-key]").count() == 0
