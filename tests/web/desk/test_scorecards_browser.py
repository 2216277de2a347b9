"""Ines fills in a card by keyboard and by thumb; it saves itself, and loses nothing when the line is cut."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from segue.hire.models import Application, Panelist, Scorecard
from segue.trust.models import Account
from tests.factories import ines, make_application, make_job, make_member, make_person, max_
from tests.factories.panels import EVIDENCE, make_panel, submit
from tests.web.desk.test_pipeline_browser import picture

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
Look = Callable[["Page"], None]
SignIn = Callable[["Page", Account], None]


@pytest.fixture
def panel(site: str) -> list[Panelist]:
    job = make_job(title="Night nurse")
    make_member(job, max_())
    row = make_application(make_person(name="Amara Diallo"), job, stage="interview")
    return make_panel(ines(), max_(), application=row, names=("Listening", "Craft"))


def chosen(page: Page) -> dict[str, str]:
    """Return the form's chosen ratings by name."""
    checked = page.locator("[data-scorecard] input:checked")
    found = checked.evaluate_all("all => all.map((one) => [one.name, one.value])")
    return {name: value for name, value in found}  # noqa: C416 - pairs come as lists


def test_a_card_is_filled_in_by_keyboard_and_saves_itself(
    page: Page, site: str, sign_in: SignIn, axe: Look, panel: list[Panelist]
) -> None:
    sign_in(page, ines())
    page.goto(f"{site}/desk/scorecards/{panel[0].pk}/")
    axe(page)
    picture(page, "scorecard")
    page.keyboard.press("j")
    page.keyboard.press("4")
    page.keyboard.press("n")
    page.keyboard.type(EVIDENCE)
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("0")
    page.keyboard.press("j")
    page.keyboard.press("2")
    assert chosen(page) == {"rating-listening": "4", "rating-craft": "0", "recommendation": "yes"}
    page.get_by_text("Draft saved.").wait_for()
    draft = Scorecard.objects.get()
    assert (draft.rating_of("listening"), draft.notes_on("listening")) == (4, EVIDENCE)
    assert draft.submitted_at is None
    page.keyboard.press("Control+Enter")
    page.locator(".toast").get_by_text("Your scorecard is in.").wait_for()
    assert Scorecard.objects.get().submitted_at is not None
    axe(page)


def test_words_that_never_arrived_are_there_again(
    page: Page, site: str, sign_in: SignIn, panel: list[Panelist]
) -> None:
    sign_in(page, ines())
    page.goto(f"{site}/desk/scorecards/{panel[0].pk}/")
    page.route("**/save", lambda route: route.abort())
    page.fill("#summary", "Written on a train")
    page.get_by_text("Not saved yet.").wait_for()
    page.unroute("**/save")
    assert not Scorecard.objects.exists()
    page.goto(f"{site}/desk/")
    page.goto(f"{site}/desk/scorecards/{panel[0].pk}/")
    assert page.input_value("#summary") == "Written on a train"
    page.get_by_text("Draft saved").wait_for()  # on leaving already, or now
    assert Scorecard.objects.get().summary == "Written on a train"


def test_a_phone_fits_the_card_and_the_debrief(
    page: Page, site: str, sign_in: SignIn, axe: Look, panel: list[Panelist]
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page, ines())
    page.goto(f"{site}/desk/scorecards/{panel[0].pk}/")
    page.locator("#q-listening").get_by_text("Waits to talk").click()
    assert chosen(page) == {"rating-listening": "2"}
    sizes = page.locator(".anchor").evaluate_all("all => all.map((one) => one.offsetHeight)")
    assert min(sizes) >= 44
    submit(panel[1], rating=4)
    page.get_by_text("Draft saved.").wait_for()
    submit(panel[0], rating=1, seen=1)
    page.goto(f"{site}/desk/applications/{panel[0].application_id}/debrief/")
    axe(page)
    picture(page, "debrief-phone")
    assert page.get_by_text("apart: 1 to 4").first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert Application.objects.get().step == "interview"
