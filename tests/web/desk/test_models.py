"""Models on the desk: who sees them, a roll-back with its reason, and a decision made again."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse

from segue.kit.actor import Role
from segue.learn.actions.registry import challenge_model, install_model, register_model
from segue.learn.models import Model, ModelState, Reign
from segue.learn.queries.catalogue import forget_catalogue
from segue.recommend.actions.mixes import open_home
from segue.trust.models import Account, AuditLine, Decision
from tests.factories import grant, make_account, make_person, mia
from tests.recommend.stage import MACHINE, market, own

if TYPE_CHECKING:
    from playwright.sync_api import Page

KIND = "tea"
SEES = {"administrator", "auditor"}
ROLES = ("administrator", "recruiter", "hiring_manager", "interviewer", "analyst", "auditor")


@pytest.fixture
def desk(mia: Account, client_as: Callable[[Account], Client]) -> Client:
    return client_as(mia)


def brew(blob: bytes, *, reigns: bool = False) -> Model:
    card = {"data_until": "2026-11-01", "recall@10": 0.42}
    row = register_model(kind=KIND, blob=blob, card=card, by=MACHINE)
    return install_model(row, reason="better figures", by=MACHINE) if reigns else row


def dealt() -> Decision:
    forget_catalogue()
    market(16)
    person = make_person(headline="Data engineer", skills=["python", "sql"])
    grant(person, "profile", "behaviour")
    open_home(person.pk, by=own(person))
    forget_catalogue()
    return Decision.objects.get(kind="home.dealt")


def text_of(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def state_of(row: Model) -> str:
    return Model.objects.values_list("state", flat=True).get(pk=row.pk)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_administrators_settle_auditors_read_and_nobody_else_looks(
    role: str, client_as: Callable[[Account], Client]
) -> None:
    row, decision = brew(b"one"), Decision.objects.create(kind="x", policy_id="p", model_hash="m")
    client = client_as(make_account(role=Role(role), name=role))
    for page in (reverse("desk:models"), reverse("desk:decision", args=[decision.pk])):
        assert client.get(page).status_code == (200 if role in SEES else 403)
    for name in ("model_promote", "model_roll_back", "model_retire"):
        answer = client.post(reverse(f"desk:{name}"), {"hash": row.pk, "kind": KIND, "reason": "x"})
        assert answer.status_code == (303 if role == "administrator" else 403)
    page = text_of(client.get(reverse("desk:models")))
    assert ("Roll back" in page) is False


@pytest.mark.django_db
def test_a_challenger_is_put_in_force_and_undone(desk: Client) -> None:
    old, new = brew(b"one", reigns=True), brew(b"two")
    for state in (ModelState.CHALLENGER, ModelState.CHAMPION):
        desk.post(reverse("desk:model_promote"), {"hash": new.pk})
        assert state_of(new) == state
    page = text_of(desk.get(reverse("desk:models")))
    assert "It is in force." in page
    assert 'name="kind" value="tea"' in page
    desk.post(reverse("desk:model_roll_back"), {"kind": KIND, "reason": "Undone at once."})
    assert (state_of(old), state_of(new)) == (ModelState.CHAMPION, ModelState.RETIRED)
    assert AuditLine.objects.filter(verb="learn.roll_back_model", actor_role="administrator").count() == 1


@pytest.mark.django_db
def test_a_roll_back_without_a_reason_is_refused_in_words(desk: Client) -> None:
    brew(b"one", reigns=True)
    new = brew(b"two", reigns=True)
    desk.post(reverse("desk:model_roll_back"), {"kind": KIND})
    assert "A roll-back needs a reason." in text_of(desk.get(reverse("desk:models")))
    assert state_of(new) == ModelState.CHAMPION
    assert Reign.objects.filter(kind=KIND).count() == 2


@pytest.mark.django_db
def test_the_page_says_what_is_known_and_what_is_not(desk: Client) -> None:
    assert "Nothing was learned yet." in text_of(desk.get(reverse("desk:models")))
    brew(b"one", reigns=True)
    challenge_model(brew(b"two"), by=MACHINE)
    page = text_of(desk.get(reverse("desk:models")))
    for words in ("Champion", "Challenger", "recall@10", "0.42", "not enough to say", "better figures"):
        assert words in page


@pytest.mark.django_db
def test_retiring_takes_out_of_the_running(desk: Client) -> None:
    row = brew(b"one")
    desk.post(reverse("desk:model_retire"), {"hash": row.pk})
    assert state_of(row) == ModelState.RETIRED
    desk.post(reverse("desk:model_retire"), {"hash": "nothing"})
    assert "No one artefact is called that." in text_of(desk.get(reverse("desk:models")))


@pytest.mark.django_db
def test_a_decision_is_made_again_from_its_page(desk: Client) -> None:
    decision = dealt()
    found = desk.get(reverse("desk:decisions"), {"id": f" {decision.pk} "})
    assert found["Location"] == reverse("desk:decision", args=[decision.pk])
    page = text_of(desk.get(found["Location"]))
    assert "Make it again" in page
    assert "Identical" in text_of(desk.get(found["Location"], {"again": "1"}))
    decision.chosen[0][2] = str(decision.pk)
    decision.save()
    page = text_of(desk.get(found["Location"], {"again": "1"}))
    assert "Different" in page
    assert str(decision.pk) in page
    Decision.objects.update(trace={})
    assert "Not enough to say" in text_of(desk.get(found["Location"], {"again": "1"}))


@pytest.mark.django_db
def test_what_is_no_id_is_told(desk: Client) -> None:
    assert desk.get(reverse("desk:decisions"), {"id": "seven"})["Location"] == reverse("desk:models")
    assert "Copy it whole." in text_of(desk.get(reverse("desk:models")))


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_pages_are_accessible_and_a_roll_back_is_confirmed(
    width: int,
    scheme: str,
    page: Page,
    site: str,
    sign_in: Callable[[Page, Account], None],
    axe: Callable[[Page], None],
) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # Playwright's own literals
    page.set_viewport_size({"width": width, "height": 844})
    sign_in(page, mia())
    old = brew(b"one", reigns=True)
    brew(b"two", reigns=True)
    challenge_model(brew(b"three"), by=MACHINE)
    decision = dealt()
    for address in (
        reverse("desk:decision", args=[decision.pk]) + "?again=1",
        reverse("desk:decision", args=[decision.pk]),
        reverse("desk:models"),
    ):
        page.goto(address)
        axe(page)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{address} scrolls sideways by {wide} px"
    page.get_by_text("Roll back tea").first.click()
    page.get_by_label("Why").fill("too bitter")
    axe(page)
    page.get_by_role("button", name="Roll back tea").click()
    page.get_by_text("The one before is in force again.").wait_for()
    assert state_of(old) == ModelState.CHAMPION
