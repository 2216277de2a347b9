"""Rosa searches with her keyboard: the list answers as she types, slips are named in place, searches kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from segue.kit.actor import Actor
from segue.learn.actions.searching import index_people
from segue.learn.models import SavedSearch
from segue.trust.models import Account
from tests.factories import make_person, make_resume, make_skill

if TYPE_CHECKING:
    from playwright.sync_api import Page

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


@pytest.fixture
def nurses(site: str) -> None:
    make_skill("python")
    for name, headline in (("Ada", "Head Nurse"), ("أحمد", "Nurse"), ("Cook", "Cook")):
        person = make_person(name=name, headline=headline, skills=["python"])
        make_resume(person, text="Ten years of intensive care on nights, and then days. " * 8)
    index_people(by=Actor.machine("test"))


@pytest.mark.browser
def test_the_list_answers_as_she_types(
    page: Page,
    sign_in: Callable[[Page, Account], None],
    axe: Callable[[Page], None],
    rosa: Account,
    nurses: None,
) -> None:
    sign_in(page, rosa)
    page.goto("/desk/people/")
    page.keyboard.press("/")
    page.keyboard.type('nurse "intensive care"')
    page.get_by_text("2 people").wait_for()
    assert "q=nurse" in page.url
    page.keyboard.type(" (")
    page.get_by_text("A bracket is open since character").wait_for()
    assert page.locator("[data-search]").input_value() == 'nurse "intensive care" ('
    axe(page)
    for _ in range(2):
        page.keyboard.press("Backspace")
    page.get_by_text("2 people").wait_for()
    page.locator(".keep summary", has_text="Keep this search").press("Enter")
    page.get_by_label("Its name").fill("Night nurses")
    page.get_by_label("Its name").press("Enter")
    page.get_by_role("link", name="Night nurses").wait_for()
    assert SavedSearch.objects.get().text == 'nurse "intensive care"'


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_every_screen_is_reachable_and_fits(
    size: dict[str, int],
    scheme: str,
    page: Page,
    sign_in: Callable[[Page, Account], None],
    axe: Callable[[Page], None],
    rosa: Account,
    nurses: None,
) -> None:
    SavedSearch.objects.create(account=rosa, name="Nights " * 15, text='nurse near:"Köln" ' * 5, news=3)
    sign_in(page, rosa)
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    paths = (
        "",
        "?q=nurse+(x+OR+%22intensive+care%22)+-agency+near:Berlin",
        "?q=(",
        "?q=falconer",
        "searches/",
    )
    for path in paths:
        page.goto(f"/desk/people/{path}")
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], path
