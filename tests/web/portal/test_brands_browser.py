"""A brand's pages in a real Chromium: its colour passes the style policy, and axe-core finds nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from segue.hire.queries.offers import token_of
from segue.trust.models import Account
from tests import factories

if TYPE_CHECKING:
    from playwright.sync_api import Page

SignIn = Callable[["Page", Account], None]
Axe = Callable[["Page"], None]
pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
BUTTON = "getComputedStyle(document.querySelector('.btn-primary')).backgroundColor"


@pytest.mark.parametrize(("scheme", "accent"), [("light", "rgb(130, 103, 0)"), ("dark", "rgb(255, 204, 0)")])
@pytest.mark.parametrize("size", [None, PHONE], ids=["desktop", "phone"])
def test_a_brand_is_worn_and_readable(
    scheme: str, accent: str, size: dict[str, int] | None, page: Page, axe: Axe
) -> None:
    job = factories.make_job(title="Driver", brand=factories.make_brand(key="sun", accent="#ffcc00"))
    application = factories.make_application(factories.ada().person, job)
    if size:
        page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    offer = factories.make_offer(application)
    tails = ["?brand=sun", f"{job.pk}/", f"{job.pk}/apply/"]
    for address in [
        *(f"/jobs/{tail}" for tail in tails),
        f"/a/{application.status_key}/",
        f"/offer/{token_of(offer)}/",
    ]:
        page.goto(address)
        if page.locator(".btn-primary").count():
            assert page.evaluate(BUTTON) == accent, address
        axe(page)


def test_a_long_name_pushes_nothing_off_a_phone(page: Page) -> None:
    job = factories.make_job(brand=factories.make_brand(name="Lindenmoor " * 7))
    page.set_viewport_size(PHONE)
    page.goto(f"/jobs/{job.pk}/")
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    for door in (page.locator(".topbar-end .btn:visible").last, page.locator(".tabbar a").last):
        assert door.bounding_box()["x"] < PHONE["width"]  # type: ignore[index]


@pytest.mark.parametrize("size", [None, PHONE], ids=["desktop", "phone"])
def test_the_desk_shows_a_colour_before_it_is_kept(
    size: dict[str, int] | None, page: Page, axe: Axe, sign_in: SignIn
) -> None:
    factories.make_brand(name="Gone", retired_at=factories.make_branded_job().created_at)
    sign_in(page, factories.mia())
    if size:
        page.set_viewport_size(size)
    page.goto("/desk/settings/brands/")
    page.fill("#name", "Sun Shop")
    page.fill("#accent", "#ffcc00")
    page.click("button[value=preview]")
    page.locator("#main aside .accent-shown").nth(1).wait_for()
    assert page.input_value("#name") == "Sun Shop"
    axe(page)
