"""Rosa adds a passkey and signs in by it: a real Chromium with a virtual authenticator."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from segue.engage.actions.sign_in import sign_in_link
from segue.kit.actor import Actor, Role
from segue.trust.actions.sign_ins import ask_for_second_step
from segue.trust.models import Account
from segue.trust.sign_in_models import FactorKind, SecondFactor, SignIn
from tests import factories
from tests.factories.sign_in import code_now, make_totp

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
Axe = Callable[["Page"], None]


def authenticator(page: Page) -> None:
    """Give the browser a phone of its own that verifies whoever holds it."""
    talk = page.context.new_cdp_session(page)
    talk.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    talk.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def named(site: str) -> str:
    """Return the site under a name: passkeys belong to names, not to numbers."""
    return site.replace("127.0.0.1", "localhost")


def enter(page: Page, site: str, account: Account) -> None:
    account.refresh_from_db()
    page.goto(sign_in_link(account, base_url=named(site)))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/desk/**")


def sign_out(page: Page) -> None:
    page.context.clear_cookies()


def test_a_passkey_from_the_first_press_to_the_last(page: Page, site: str, axe: Axe) -> None:
    rosa = factories.rosa()
    ask_for_second_step([Role.RECRUITER], by=Actor.machine("test"))
    authenticator(page)
    enter(page, site, rosa)
    assert page.get_by_text("Your role asks for a second step").is_visible()
    axe(page)
    page.get_by_label("The passkey's name here").fill("My laptop")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_text("shown this once").wait_for()
    axe(page)
    assert SecondFactor.objects.get(account=rosa).name == "My laptop"

    sign_out(page)
    page.goto(named(site) + reverse("desk:sign_in"))
    axe(page)
    page.get_by_role("button", name="Use my passkey").click()
    page.wait_for_url("**/desk/")
    assert SignIn.objects.filter(account=rosa, how="passkey", second=FactorKind.PASSKEY).count() == 1

    sign_out(page)
    rosa.refresh_from_db()
    page.goto(sign_in_link(rosa, base_url=named(site)))
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Your second step").wait_for()
    axe(page)
    page.get_by_role("button", name="Use my passkey").click()
    page.wait_for_url("**/desk/")


def test_an_app_by_its_code(page: Page, site: str, axe: Axe) -> None:
    rosa = factories.rosa()
    enter(page, site, rosa)
    page.goto(named(site) + reverse("desk:totp_new"))
    axe(page)
    page.get_by_text("Type it in instead").click()
    letters = page.locator("code.secret").inner_text()
    import base64

    seed = base64.b32decode(letters.replace(" ", ""))
    page.get_by_label("Which six digits").fill("000000")
    page.get_by_role("button", name="Add it").click()
    page.get_by_text("This code is not right").wait_for()
    page.get_by_label("Which six digits").fill(code_now(seed))
    page.get_by_role("button", name="Add it").click()
    page.get_by_text("shown this once").wait_for()
    assert page.locator("#recovery-codes li").count() == 10


def test_looking_as_rosa(page: Page, site: str, axe: Axe) -> None:
    mia, rosa = factories.mia(), factories.rosa()
    make_totp(rosa)
    enter(page, site, mia)
    page.goto(named(site) + reverse("desk:colleagues"))
    axe(page)
    page.get_by_role("link", name=f"Look as {rosa.name}").click()
    page.get_by_label("Why?").fill("She does not find her list")
    page.get_by_role("button", name="Look", exact=True).click()
    banner = page.get_by_role("region", name="You look as somebody else")
    banner.wait_for()
    axe(page)
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    assert banner.is_visible()
    banner.get_by_role("button", name="Stop").click()
    page.get_by_text("You see with your own eyes again").wait_for()
    page.goto(named(site) + reverse("desk:identity"))
    axe(page)
