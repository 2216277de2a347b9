"""Who is the same person, in a real browser: by keyboard alone, on a phone, and what axe has to say."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from segue.catalog.actions.facts import Said, state_facts
from segue.catalog.actions.merging import merge_people
from segue.catalog.models import FactKind, FactSource, Merge, PairState, Person, SamePair
from segue.kit.actor import Actor
from segue.trust.models import Account
from tests.factories import make_application, make_person, rosa

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
MACHINE = Actor.machine("worker")
SIGNS = {
    "given": "nickname", "family": "same", "email": "different", "phone": "same", "city": "same",
    "employer": "different",
}  # fmt: skip


@pytest.fixture
def desk(page: Page, site: str, sign_in: Callable[[Page, Account], None]) -> Page:
    sign_in(page, rosa())
    return page


def pair(one: Person, other: Person, likely: float, reason: str = "unsure", **signs: str) -> SamePair:
    evidence = [{"field": field, "how": how} for field, how in (SIGNS | signs).items() if how]
    return SamePair.objects.create(
        first=one, second=other, probability=likely, evidence=evidence, reason=reason
    )


@pytest.fixture
def pairs(site: str) -> list[SamePair]:
    robert = make_person(
        name="Robert Camus", email="robert.camus@people.example", phone="+49 30 23125 101", source="site",
        headline="Nurse, intensive care",
    )  # fmt: skip
    bob = make_person(
        name="Bob Camus", email="relay-41@jobboard.example", phone="030 23125101", external_source="jobboard"
    )
    for person, employer in ((robert, "Charité"), (bob, "Vivantes")):
        held = Said(FactKind.POSITION, {"title": "Nurse", "employer": employer})
        state_facts(person, [held], source=FactSource.ATS, by=MACHINE)
    make_application(robert)
    jessica = [
        make_person(name="Jessica Hunter", email=f"{box}@people.example", city="Leeds", country="GB")
        for box in ("jessica.hunter", "jess.h")
    ]
    dimitris = make_person(name="Δημήτρης Παπαδόπουλος", city="Thessaloniki", country="GR")
    latin = make_person(name="Dimitris Papadopoulos", city="Thessaloniki", country="GR", email=None)
    found = [
        pair(robert, bob, 1.0, "account"),
        pair(*jessica, 0.73, given="same", phone="", employer=""),
        pair(dimitris, latin, 0.41, given="close", family="close", email="", phone="", employer=""),
    ]
    signs = [{"field": "email", "how": "same"}]
    merge_people(
        make_person(name="Ana Ruiz"), make_person(name="Ruiz Ana"), evidence=signs, rule="email", by=MACHINE
    )
    return found


@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_grave_and_nothing_sideways(
    size: str, scheme: str, desk: Page, pairs: list[SamePair], axe: Callable[[Page], None]
) -> None:
    desk.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # Playwright's own literals
    if size == "phone":
        desk.set_viewport_size(PHONE)
    survivor = Merge.objects.get().survivor_id
    for address in (reverse("desk:same_people"), reverse("desk:person", args=[survivor])):
        desk.goto(address)
        axe(desk)
        wide = desk.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{address} scrolls sideways by {wide} px"


def test_rosa_decides_without_a_mouse(desk: Page, pairs: list[SamePair]) -> None:
    desk.goto(reverse("desk:same_people"))
    desk.keyboard.press("j")
    desk.keyboard.press("m")
    desk.get_by_text("One person now: Robert Camus.").wait_for()
    assert "Jessica Hunter" in desk.locator(":focus").inner_text()
    desk.keyboard.press("x")
    desk.get_by_text("Two people. We will not ask again.").wait_for()
    desk.keyboard.press("u")
    desk.get_by_text("It is in the list again.").wait_for()
    desk.keyboard.press("j")
    desk.keyboard.press("l")
    desk.get_by_text("Put off for a week.").wait_for()
    states = dict(SamePair.objects.values_list("pk", "state"))
    assert states == {
        pairs[0].pk: PairState.MERGED, pairs[1].pk: PairState.OPEN, pairs[2].pk: PairState.OPEN
    }  # fmt: skip
    assert Merge.objects.filter(undone_at=None).count() == 2
