"""Rosa works through a job by keyboard: select, move, undo, drag; in a real browser, on desk and phone."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from segue.catalog.models import Job
from segue.hire.actions.ledger import enter_stage
from segue.hire.models import Application
from segue.hire.queries.ledger import ledger_faults
from segue.kit.actor import Actor
from segue.trust.models import Account
from tests.factories import make_job, make_person, rosa

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
NAMES = ("Amara Diallo", "Bruno Costa", "Chen Wei", "Dalia Haddad")


def arrive(job: Job) -> list[Application]:
    rows = [Application(job=job, person=make_person(name=name, headline="Night nurse")) for name in NAMES]
    for row in rows:
        enter_stage(row, stage="applied", by=Actor.machine("form"))
    return rows


def steps() -> dict[str, str]:
    return dict(Application.objects.values_list("person__name", "step"))


def picture(page: Page, name: str) -> None:
    """Keep a screenshot where somebody asked for one."""
    folder = os.environ.get("SEGUE_SHOTS")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


@pytest.fixture
def job() -> Job:
    return make_job(title="Night nurse", required_skills=["icu"])


def test_a_list_is_worked_by_keyboard_and_undone(
    page: Page, site: str, sign_in: Callable[[Page, Account], None], axe: Callable[[Page], None], job: Job
) -> None:
    arrive(job)
    before = list(Application.objects.order_by("pk").values("step", "moved_at", "due_at"))
    sign_in(page, rosa())
    page.goto(f"{site}/desk/jobs/{job.pk}/")
    axe(page)
    page.reload()  # axe leaves empty styles behind, which htmx would carry over
    picture(page, "list")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("x")
    assert page.locator("[data-tick]:checked").count() == 2
    assert page.locator("[role=status][data-ticked]").inner_text().startswith("2")
    page.keyboard.press("m")
    assert page.evaluate("document.activeElement.id") == "bulk-stage"
    page.select_option("#bulk-stage", "interview")
    page.click("button[value=move]")
    page.locator(".toast").get_by_text("2 moved to Interview.").wait_for()
    assert sorted(steps().values()) == ["applied", "applied", "interview", "interview"]
    picture(page, "list-moved")
    page.keyboard.press("u")
    page.locator(".toast").get_by_text("2 are as they were.").wait_for()
    assert list(Application.objects.order_by("pk").values("step", "moved_at", "due_at")) == before
    assert not ledger_faults()


def test_what_is_done_to_many_shows_once_somebody_is_ticked_even_without_scripts(
    browser: Browser, site: str, sign_in: Callable[[Page, Account], None], job: Job
) -> None:
    arrive(job)
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    sign_in(plain, rosa())
    plain.goto(f"{site}/desk/jobs/{job.pk}/")
    assert not plain.locator(".bulk-deeds").is_visible()
    plain.locator("[data-tick]").first.check()
    assert plain.locator(".bulk-deeds").is_visible()
    plain.select_option("#bulk-stage", "interview")
    plain.click("button[value=move]")
    plain.locator(".toast").wait_for()
    assert sorted(steps().values()) == ["applied", "applied", "applied", "interview"]
    context.close()


def test_a_board_takes_drags_and_arrows_and_a_menu_on_the_phone(
    page: Page, site: str, sign_in: Callable[[Page, Account], None], axe: Callable[[Page], None], job: Job
) -> None:
    arrive(job)
    sign_in(page, rosa())
    page.goto(f"{site}/desk/jobs/{job.pk}/board/")
    axe(page)
    page.reload()  # see above
    picture(page, "board")
    card = page.locator("[data-card]", has_text="Chen Wei")
    card.drag_to(page.locator("[data-column=screen]"))
    page.locator(".toast").get_by_text("Chen Wei is now at Screening.").wait_for()
    assert steps()["Chen Wei"] == "screen"
    page.locator("[data-column=applied] .row-link").first.focus()
    page.keyboard.press("ArrowRight")
    assert "Chen Wei" in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("m")
    assert page.evaluate("document.activeElement.name") == "stage"
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{site}/desk/jobs/{job.pk}/board/")
    picture(page, "board-phone")
    menu = page.locator("[data-card]", has_text="Amara Diallo")
    menu.locator("summary").click()
    menu.locator("select").select_option("screen")
    menu.get_by_role("button", name="Move").click()
    page.locator(".toast").get_by_text("Amara Diallo is now at Screening.").wait_for()
    assert steps()["Amara Diallo"] == "screen"


def test_saying_no_to_many_waits_for_the_sample(
    page: Page, site: str, sign_in: Callable[[Page, Account], None], axe: Callable[[Page], None], job: Job
) -> None:
    arrive(job)
    sign_in(page, rosa())
    page.goto(f"{site}/desk/jobs/{job.pk}/")
    page.check("[data-tick-all]")
    page.click("button[value=tag]")  # without a tag: asked for on the spot, and nobody is unticked
    assert page.evaluate("document.activeElement.id") == "bulk-tag"
    page.click(".bulk-no > summary")
    page.click("button[value=reject]")
    assert page.evaluate("document.activeElement.id") == "bulk-reason"
    assert page.locator("[data-tick]:checked").count() == 4
    page.fill("#bulk-reason", "Others have more years on nights")
    page.click("button[value=reject]")
    page.get_by_role("heading", name="Say no to 4 people").wait_for()
    axe(page)
    picture(page, "reject")
    assert page.get_by_role("button", name="Say no to all of them").is_disabled()
    check = page.url
    for row in Application.objects.all():
        page.goto(f"{site}/desk/applications/{row.pk}/")
    picture(page, "application")
    page.goto(check)
    page.get_by_role("button", name="Say no to all of them").click()
    page.locator(".toast").get_by_text("4 decisions are on record in your name.").wait_for()
    assert set(Application.objects.values_list("outcome", "decided_by__name")) == {("rejected", "Rosa Feld")}


def test_the_other_pages_are_readable_by_all(
    page: Page, site: str, sign_in: Callable[[Page, Account], None], axe: Callable[[Page], None], job: Job
) -> None:
    rows = arrive(job)
    Application.objects.filter(pk=rows[0].pk).update(owner=rosa(), tags=["night"])
    sign_in(page, rosa())
    for name in ("mine", "bulk", f"jobs/{job.pk}/stages", "pipelines", "applications/" + str(rows[0].pk)):
        answer = page.goto(f"{site}/desk/{name}/")
        assert answer is not None
        assert answer.ok
        axe(page)
        picture(page, name.split("/")[-1][:8])
