"""The portal in a real Chromium: instant reaction, keyboard, and nothing serious for axe-core."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from segue.catalog.actions.people import read_resume
from segue.hire.actions.questions import set_questions
from segue.hire.models import Question
from segue.recommend.models import CardStance, Exposure
from segue.trust.models import Account
from segue.trust.queries.consent import purposes_granted
from tests import factories
from tests.web.portal.stage import a_few_jobs

if TYPE_CHECKING:
    from playwright.sync_api import Page

SignIn = Callable[["Page", Account], None]
Axe = Callable[["Page"], None]
pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
LIVE_WITHIN_MS = 600  # the server looks for new jobs twice a second
RESUME = (
    "Ada Berg\n\nExperience\nNurse\tMar 2019 - now\nNorth Clinic\n\nCook\tMay 2018 - Apr 2016\nHotel Adler\n"
)


@pytest.fixture
def ada_at_home(page: Page, sign_in: SignIn) -> Account:
    """Ada before her shelves."""
    account = factories.ada()
    a_few_jobs(30)
    sign_in(page, account)
    page.wait_for_timeout(LIVE_WITHIN_MS)
    page.goto("/")
    return account


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [None, PHONE], ids=["desktop", "phone"])
def test_no_page_has_a_serious_accessibility_fault(
    ada_at_home: Account, page: Page, axe: Axe, scheme: str, size: dict[str, int] | None
) -> None:
    job = factories.make_job(title="ممرضة ليلية", required_skills=["python", "sql"], nice_skills=["rust"])
    row = factories.make_application(ada_at_home.person, job, note="Hello")
    resume = factories.make_resume(ada_at_home.person, text=RESUME)
    read_resume(resume, by=factories.actor(ada_at_home))
    if size:
        page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    card = Exposure.objects.filter(person=ada_at_home.person).first()
    assert card is not None
    addresses = [
        "/",
        f"/jobs/{job.pk}/",
        f"/why/{card.pk}/",
        "/taste/",
        "/consent/",
        "/jobs/",
        "/you/",
        "/you/resume/",
        "/saved/",
    ]
    for address in [
        *addresses,
        f"/jobs/{card.job_id}/apply/",
        f"/a/{row.status_key}/",
        "/applications/",
        "/nowhere/",
    ]:
        page.goto(address)
        axe(page)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{address} scrolls sideways by {wider} px"
    page.context.clear_cookies()
    for address in ("/", "/sign-in/", f"/jobs/{card.job_id}/apply/"):
        page.goto(address)
        axe(page)


def test_a_skip_swaps_the_card_in_place_and_undo_brings_it_back(ada_at_home: Account, page: Page) -> None:
    first = page.locator(".card").first
    before = first.get_attribute("id")
    page.locator(".card").first.get_by_role("button", name="Skip").click()
    page.wait_for_function("id => !document.getElementById(id)", arg=before)
    assert CardStance.objects.get().stance == "skipped"
    assert page.evaluate("document.activeElement.closest('.card') !== null"), "the focus stays on the shelf"
    page.get_by_role("button", name="Undo").click()
    page.wait_for_selector(f"[id='{before}']")
    assert not CardStance.objects.exists()
    assert page.url.endswith("/")


def test_a_save_presses_the_heart_and_stays_pressed(ada_at_home: Account, page: Page) -> None:
    card = page.locator(".card").first
    title = card.locator("h3").inner_text()
    card.get_by_role("button", name=f"Save {title}").click()
    pressed = page.locator(".card").first.locator("[aria-pressed=true]")
    pressed.wait_for()
    assert page.evaluate("document.activeElement.getAttribute('aria-pressed')") == "true"
    page.reload()
    page.locator(".card [aria-pressed=true]").first.wait_for()
    page.goto("/saved/")
    assert title in page.locator("main").inner_text()


def test_why_opens_over_the_shelf_and_closes_with_escape(ada_at_home: Account, page: Page, axe: Axe) -> None:
    card = page.locator(".card").first
    card.locator(".more summary").click()
    card.get_by_text("Why this?").click()
    page.wait_for_selector("#dialog[open] .bars")
    axe(page)
    assert page.locator("#dialog .bars").inner_text().strip()
    page.keyboard.press("Escape")
    page.wait_for_selector("#dialog", state="hidden")
    assert card.is_visible()


def test_arrow_keys_walk_along_a_shelf(ada_at_home: Account, page: Page) -> None:
    page.locator(".card a").first.focus()
    page.keyboard.press("ArrowRight")
    second = page.locator(".card").nth(1).get_attribute("id")
    assert page.evaluate("document.activeElement.closest('.card').id") == second


def test_a_switch_counts_at_once(ada_at_home: Account, page: Page) -> None:
    page.goto("/consent/")
    page.get_by_role("switch", name="Use my behaviour").click()
    page.get_by_text("Kept. It counts from now on.").wait_for()
    assert "behaviour" not in purposes_granted(ada_at_home.person_id)  # type: ignore[arg-type]  # she has a person
    assert page.evaluate("document.activeElement.getAttribute('role')") == "switch"


def test_the_portal_works_with_scripts_off(page: Page, site: str, sign_in: SignIn) -> None:
    account = factories.ada()
    a_few_jobs(30)
    browser = page.context.browser
    assert browser is not None
    plain = browser.new_context(base_url=site, java_script_enabled=False, viewport=PHONE)
    window = plain.new_page()
    sign_in(window, account)
    window.wait_for_timeout(LIVE_WITHIN_MS)
    window.goto("/")
    title = window.locator(".card h3").first.inner_text()
    window.locator(".card").first.get_by_role("button", name="Skip").click()
    window.get_by_text(f"Skipped: {title}").wait_for()
    window.get_by_role("button", name="Undo").click()
    assert window.locator(".card h3").first.inner_text() == title
    window.locator(".card").first.locator(".more summary").click()
    window.locator(".card").first.get_by_text("Hide this job").click()
    assert CardStance.objects.get().stance == "hidden"
    plain.close()


def test_dark_is_one_tap_away_and_kept(page: Page) -> None:
    a_few_jobs(1)
    page.goto("/")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_label("Light or dark").click()
    page.get_by_role("button", name="Dark").click()
    page.wait_for_selector("html[data-theme=dark]")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light


def test_our_own_script_stays_small() -> None:
    import gzip
    from pathlib import Path

    import segue.web

    script = Path(segue.web.__file__).parent / "static" / "segue" / "segue.js"
    assert len(gzip.compress(script.read_bytes())) < 6_000


def test_an_english_list_on_an_arabic_page_stays_on_it(page: Page, site: str) -> None:
    work = (
        "About the work\n- Walk the wards at night, and write down what you saw\n- Teach who comes after you"
    )
    job = factories.make_job(title="Night nurse", description=work)
    page.wait_for_timeout(LIVE_WITHIN_MS)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # Playwright's own shape
    page.goto(f"/ar/jobs/{job.pk}/")
    assert page.locator(".text li").count() == 2
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0


def test_options_are_quieter_than_the_question(page: Page, site: str) -> None:
    question = Question("", "yes_no", "Do you work nights?", required=True)
    job = factories.make_job(title="Night nurse")
    set_questions(job, questions=[question], by=factories.actor(factories.rosa()))
    page.wait_for_timeout(LIVE_WITHIN_MS)
    page.goto(f"/jobs/{job.pk}/apply/")
    weigh = "node => Number(getComputedStyle(node).fontWeight)"
    asked = page.locator("legend", has_text="Do you work nights?").evaluate(weigh)
    assert page.locator("fieldset .check").first.evaluate(weigh) < asked
