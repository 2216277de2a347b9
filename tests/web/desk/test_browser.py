"""The desk in a real browser: keys, undo, swaps in place, phones, and what axe has to say."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from segue.hire.models import Application, Stage
from segue.recommend.actions.playlists import add_job, create_playlist
from segue.trust.models import Account
from tests.factories import actor, make_application, make_job, make_person, make_resume, rosa

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def desk(page: Page, site: str, sign_in: Callable[[Page, Account], None]) -> Page:
    sign_in(page, rosa())
    return page


@pytest.fixture
def application(site: str) -> Application:
    job = make_job(title="Data engineer", required_skills=["python", "sql"])
    person = make_person(name="Ada Lindqvist", skills=["sql"])
    resume = make_resume(person, text="Ten years of Python, and patience.")
    return make_application(person, job, resume=resume)


def shown(page: Page, name: str, *args: object) -> None:
    page.goto(reverse(f"desk:{name}", args=args))


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("phone", "dark")])
def test_nothing_grave_on_any_page(
    size: str, scheme: str, desk: Page, application: Application, axe: Callable[[Page], None]
) -> None:
    desk.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # Playwright's own literals
    if size == "phone":
        desk.set_viewport_size(PHONE)
    playlist = create_playlist(title="Nights", by=actor(rosa()))
    add_job(playlist, job=application.job, by=actor(rosa()))
    pages = [
        ("home",),
        ("jobs",),
        ("job", application.job_id),
        ("job_edit", application.job_id),
        ("slate", application.job_id),
        ("people",),
        ("person", application.person_id),
        ("application", application.pk),
        ("playlists",),
        ("playlist", playlist.pk),
        ("reviews",),
    ]
    for name, *args in pages:
        shown(desk, str(name), *args)
        axe(desk)
        wide = desk.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} scrolls sideways by {wide} px"


def test_keys_walk_the_list_and_open_a_row(desk: Page, site: str) -> None:
    for title in ("Baker", "Welder"):
        make_job(title=title)
    shown(desk, "jobs")
    desk.keyboard.press("j")
    desk.keyboard.press("j")
    assert desk.locator(":focus").inner_text() == "Baker"
    desk.keyboard.press("k")
    desk.keyboard.press("Enter")
    desk.get_by_role("heading", name="Welder").wait_for()
    desk.keyboard.press("g")
    desk.keyboard.press("p")
    desk.get_by_role("heading", name="People").wait_for()
    assert desk.locator("#desk-nav [aria-current]").inner_text() == "People"
    desk.go_back()
    desk.get_by_role("heading", name="Welder").wait_for()
    assert desk.locator("#desk-nav [aria-current]").inner_text() == "Jobs"


def test_keys_search_begin_and_explain(desk: Page, site: str) -> None:
    make_job(title="Baker")
    make_job(title="Welder")
    shown(desk, "jobs")
    desk.keyboard.press("/")
    desk.keyboard.type("weld")
    desk.wait_for_url(re.compile("text=weld"))  # the list follows each letter
    desk.get_by_role("link", name="Baker").wait_for(state="detached")
    desk.keyboard.press("Escape")
    desk.keyboard.press("?")
    desk.get_by_role("heading", name="Keyboard shortcuts").wait_for()
    desk.get_by_label("Use single-key shortcuts").uncheck()
    desk.keyboard.press("Escape")
    desk.keyboard.press("n")
    assert "/new" not in desk.url


def test_a_move_shows_at_once_and_is_undone_with_a_key(desk: Page, application: Application) -> None:
    shown(desk, "job", application.job_id)
    desk.keyboard.press("j")
    desk.keyboard.press("]")
    desk.get_by_text("Ada Lindqvist is now at Screening.").wait_for()
    assert Application.objects.get().stage == Stage.SCREEN
    desk.keyboard.press("u")
    desk.get_by_text("Ada Lindqvist is now at Applied.").wait_for()
    assert Application.objects.get().stage == Stage.APPLIED


def test_a_suggested_wording_starts_a_reason_and_a_short_one_is_told(
    desk: Page, application: Application
) -> None:
    shown(desk, "application", application.pk)
    desk.get_by_text("Say no", exact=True).click()
    reason = desk.get_by_label("Your reason")
    desk.get_by_role("button", name="The role needs").click()
    assert reason.input_value().startswith("The role needs")
    reason.fill("no  way  ")
    reason.evaluate("field => field.removeAttribute('minlength')")
    desk.get_by_role("button", name="Say no, with this reason").click()
    desk.get_by_text("A rejection needs a reason.").wait_for()
    assert desk.get_by_label("Your reason").input_value().startswith("no  way")


def test_a_curator_orders_a_list_with_the_keyboard(desk: Page, site: str) -> None:
    playlist = create_playlist(title="Nights", by=actor(rosa()))
    for title in ("Baker", "Nurse"):
        add_job(playlist, job=make_job(title=title), by=actor(rosa()))
    shown(desk, "playlist", playlist.pk)
    desk.get_by_role("link", name="Nurse").focus()
    desk.keyboard.press("Alt+ArrowUp")
    desk.get_by_text("“Nurse” is now number 1.").wait_for()
    assert desk.locator("[data-item] .row-link").all_inner_texts() == ["Nurse", "Baker"]


def test_the_card_is_drawn_while_one_types(desk: Page, site: str) -> None:
    shown(desk, "job_new")
    desk.get_by_label("Title").fill("Lighthouse keeper")
    desk.locator("#preview").get_by_text("Lighthouse keeper").wait_for()


def test_it_all_works_without_javascript(
    browser: object, site: str, sign_in: Callable[[Page, Account], None], application: Application
) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False)  # type: ignore[attr-defined]
    window = context.new_page()
    sign_in(window, rosa())
    shown(window, "job", application.job_id)
    window.get_by_role("button", name="Screening").click()
    window.get_by_text("Ada Lindqvist is now at Screening.").wait_for()
    window.get_by_role("button", name="Undo").click()
    assert Application.objects.get().stage == Stage.APPLIED
    context.close()
