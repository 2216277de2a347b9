"""One letter to many by keyboard, in a real browser: written, looked at, sent, taken back; on a phone too."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from segue.catalog.models import Job, Person
from segue.engage.actions.templates import keep_template
from segue.hire.models import Application, BulkAction
from segue.trust.models import Account
from tests.factories import actor, make_application, make_job, make_person, rosa

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
NAMES = (
    "Amara Diallo",
    "Bruno Costa",
    "Chen Wei",
    "Dalia Haddad",
    "Élodie Martin",
    "Farid Khan",
    "Greta Holm",
)
TEXT = (
    "Hello {{ first_name }},\n\nthank you for applying for {{ job }}. "
    "Come and see the ward on Friday at three.\n\n{{ link }}"
)


def pictures(page: Page, name: str) -> None:
    """Keep screenshots, small and large, light and dark, where somebody asked for them."""
    folder = os.environ.get("SEGUE_SHOTS")
    for width in (390, 1280) if folder else ():
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 844})
            page.wait_for_timeout(300)  # colours change slowly
            page.screenshot(path=str(Path(folder or "") / f"{name}-{width}-{scheme}.png"), full_page=True)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 844})


def fits(page: Page) -> bool:
    """Whether nothing hangs over the edge of a phone."""
    page.set_viewport_size({"width": 390, "height": 844})
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    page.set_viewport_size({"width": 1280, "height": 844})
    return bool(over <= 0)


@pytest.fixture
def job() -> Job:
    job = make_job(title="Night nurse")
    for name in NAMES:
        make_application(make_person(name=name, headline="Night nurse"), job)
    Person.objects.filter(name="Chen Wei").update(email=None)
    Person.objects.filter(name="Élodie Martin").update(locale="fr")
    return job


def test_a_letter_to_many_by_keyboard(
    page: Page, site: str, sign_in: Callable[[Page, Account], None], axe: Callable[[Page], None], job: Job
) -> None:
    keep_template("Visit", subject="A visit: {{ job }}", secret_text=TEXT, by=actor(rosa()))
    sign_in(page, rosa())
    page.goto(f"{site}/desk/jobs/{job.pk}/")
    page.check("[data-tick-all]")
    pictures(page, "letters-list")
    page.focus("button[value=message]")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="A letter to many").wait_for()
    Application.objects.filter(person__name="Dalia Haddad").update(outcome="withdrawn")
    axe(page)
    page.reload()  # axe leaves empty styles behind, which htmx would carry over
    assert fits(page)
    page.select_option("#template", label="Visit")
    page.get_by_role("button", name="Begin with it").click()
    page.locator("#text", has_text="Friday at three").wait_for()
    page.fill("#subject", "A visit: {{ jobb }}")
    page.focus("#subject")
    page.keyboard.press("Enter")  # as in any form: it goes on to the look, not to the kept letter
    page.get_by_role("alert").get_by_text("Did you mean {{ job }}?").wait_for()
    assert page.evaluate("document.activeElement.id") == "subject"
    pictures(page, "letters-refused")
    page.fill("#subject", "A visit: {{ job }}")
    page.keyboard.press("Enter")
    page.get_by_text("5 people get this letter.").wait_for()
    axe(page)
    page.reload()
    assert fits(page)
    page.locator("summary", has_text="has withdrawn").click()
    pictures(page, "letters-check")
    page.get_by_role("button", name="Send it to 5 people").focus()
    page.keyboard.press("Enter")
    page.locator(".toast").get_by_text("5 written to").wait_for()
    pictures(page, "letters-sent")
    axe(page)
    page.reload()
    page.goto(f"{site}/desk/bulk/")
    axe(page)
    pictures(page, "letters-done")
    page.get_by_role("button", name="Undo").click()
    page.locator(".toast").get_by_text("5 letters are taken back.").wait_for()
    assert BulkAction.objects.get().kept == 0
