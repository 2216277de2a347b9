"""An offer signed in a real Chromium, on a phone and at a desk, with nothing serious for axe-core."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from segue.engage.models import Message
from segue.hire.actions.offers.approving import set_approval_chain
from segue.hire.models import Offer
from segue.hire.queries.offers import token_of
from segue.trust.models import Account
from tests import factories
from tests.factories import actor, make_application, make_offer

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def test_leyla_signs_on_her_phone(page: Page, site: str, axe: Callable[[Page], None]) -> None:
    leyla = factories.make_person(name="ليلى العمري", email="leyla@people.example")
    offer = make_offer(make_application(leyla))
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # Playwright's own type of a size
    page.emulate_media(color_scheme="dark")
    page.goto(f"/offer/{token_of(offer)}/")
    axe(page)
    assert not page.evaluate(WIDER)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("The code from the mail").wait_for()
    axe(page)
    code = re.search(r"\b\d{6}\b", Message.objects.get(kind="offer_code").text)
    assert code is not None
    page.get_by_label("The code from the mail").fill(code[0])
    page.get_by_label("Your full name").fill("ليلى العمري")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Yes, I accept").click()
    page.get_by_text("You said yes. Welcome!").wait_for()
    axe(page)
    offer.refresh_from_db()
    assert offer.state == "accepted"


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("phone", "dark")])
def test_nothing_grave_at_the_desk(
    size: str,
    scheme: str,
    page: Page,
    site: str,
    sign_in: Callable[[Page, Account], None],
    axe: Callable[[Page], None],
) -> None:
    rosa, mia = factories.rosa(), factories.mia()
    sent = make_offer(make_application())
    set_approval_chain([rosa.pk], by=actor(mia))
    asked: Offer = make_offer(make_application(), upto="approving", by=actor(mia))
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # Playwright's own literals
    if size == "phone":
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # Playwright's own type of a size
    sign_in(page, rosa)
    for address in (
        "/desk/offers/",
        f"/desk/offers/{sent.pk}/",
        f"/desk/offers/{asked.pk}/",
        f"/desk/applications/{sent.application_id}/offer",
        "/desk/offers/chains/",
        "/desk/offers/letters/?edit=new",
    ):
        page.goto(address)
        axe(page)
        assert not page.evaluate(WIDER), address
