"""Applying on a phone, end to end, in a real Chromium: read, asked, refused, sent, followed, taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from segue.hire.actions.questions import set_questions
from segue.hire.models import Accommodation, Answer, Application, Hold, Question
from segue.trust.models import Account, Review, VoluntaryAnswer
from tests import factories

if TYPE_CHECKING:
    from playwright.sync_api import Page

Axe = Callable[["Page"], None]
SignIn = Callable[["Page", Account], None]
pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
RESUME = b"Noor Haddad\nnoor@people.example\nBoston\n\nExperience\nNurse\tMar 2019 - now\nNorth Clinic\n"
QUESTIONS = [
    Question("", "yes_no", "Can you work at night?", required=True, look_at=("no",), look_why="Nights"),
    Question("", "many_of", "Which do you know?", options=("Wards", "Theatre", "Triage")),
    Question("", "number", "How many years?"),
    Question("", "date", "From when?"),
    Question("", "long_text", "Why us?", help="A line or two."),
]


def no_sideways(page: Page) -> None:
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, f"{page.url} scrolls sideways by {wider} px"


def test_noor_applies_on_her_phone(page: Page, axe: Axe) -> None:
    job = factories.make_job(title="Night nurse", country="US", city="Boston")
    set_questions(job, questions=QUESTIONS, by=factories.actor(factories.rosa()))
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a size
    page.goto(f"/jobs/{job.pk}/apply/")
    axe(page)
    no_sideways(page)
    file = {"name": "cv.txt", "mimeType": "text/plain", "buffer": RESUME}
    page.set_input_files("#id_resume_file", files=[file])  # type: ignore[list-item]  # a payload
    page.get_by_role("button", name="Read it and fill this in").click()
    page.get_by_text("This is what we read").wait_for()
    axe(page)
    assert page.input_value("#id_name") == "Noor Haddad"
    assert page.input_value("#id_email") == "noor@people.example"
    page.get_by_label("Triage").check()
    page.get_by_label("How many years?").fill("7")
    page.get_by_text("I need something different").click()
    page.get_by_label("More time, or breaks").check()
    page.get_by_role("button", name="Send application").click()
    page.wait_for_selector("#errors")
    axe(page)
    assert page.get_by_label("Triage").is_checked()
    assert page.get_by_label("More time, or breaks").is_checked()
    page.locator("#errors a").click()
    page.get_by_role("group", name="Can you work at night?").get_by_label("No").check()
    page.get_by_role("button", name="Send application").click()
    page.get_by_text("Thank you. It has arrived.").wait_for()
    axe(page)
    no_sideways(page)
    assert {one.key: one.value for one in Answer.objects.all()} == {"q1": "no", "q2": ["Triage"], "q3": 7}
    assert Accommodation.objects.get().needs == ["more_time"]
    assert Review.objects.get().kind == "needs_look"
    assert not Hold.objects.exists()
    row = Application.objects.get()
    assert (row.outcome, row.person.name) == ("open", "Noor Haddad")

    page.get_by_role("link", name="A few voluntary questions").click()
    page.get_by_role("heading", name="Voluntary questions").wait_for()
    axe(page)
    no_sideways(page)
    page.get_by_role("group", name="Gender").get_by_label("I prefer not to say").check()
    page.get_by_role("button", name="Keep my answers").click()
    page.get_by_text("Thank you. It is kept apart").wait_for()
    assert VoluntaryAnswer.objects.get().value == "not_said"

    page.get_by_text("Withdraw this application").click()
    page.get_by_role("button", name="Yes, withdraw").click()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Your application is where it was").wait_for()
    row.refresh_from_db()
    assert row.outcome == "open"


def test_what_was_typed_outlives_a_dead_net_and_a_reload(page: Page) -> None:
    job = factories.make_job()
    page.goto(f"/jobs/{job.pk}/apply/")
    page.get_by_label("Your name").fill("Noor")
    page.get_by_label("E-mail").fill("noor@people.example")
    page.locator("#id_resume_text").fill("I keep bees.")
    page.get_by_text("I need something different").click()
    page.locator("#id_need_text").fill("Marigold")
    page.context.set_offline(True)
    page.get_by_role("button", name="Send application").click()
    page.get_by_text("You are offline").wait_for()
    page.context.set_offline(False)
    page.reload()
    page.get_by_text("This is what you had typed before").wait_for()
    assert page.input_value("#id_name") == "Noor"
    kept = page.evaluate("JSON.stringify(sessionStorage)")
    assert "Marigold" not in kept, "what somebody needs is never kept on a device"
    page.get_by_role("button", name="Send application").click()
    page.get_by_text("Thank you. It has arrived.").wait_for()
    page.wait_for_function("!Object.keys(sessionStorage).some((key) => key.startsWith('apply:'))")
    assert Application.objects.count() == 1


def test_the_editor_and_the_needs_have_no_serious_fault(page: Page, sign_in: SignIn, axe: Axe) -> None:
    rosa = factories.rosa()
    job = factories.make_job(title="Night nurse")
    asked = [*QUESTIONS, Question("", "short_text", "Are you married?")]
    set_questions(job, questions=asked, by=factories.actor(rosa))
    need = factories.make_application(job=job)
    Accommodation.objects.create(application=need, contact=rosa, needs=["access"], text="A ramp")
    sign_in(page, rosa)
    for size in (None, PHONE):
        if size:
            page.set_viewport_size(size)  # type: ignore[arg-type]  # as above
        for address in (f"/desk/jobs/{job.pk}/questions/", "/desk/accommodations/"):
            page.goto(address)
            axe(page)
            no_sideways(page)
    page.goto(f"/desk/jobs/{job.pk}/questions/")
    assert page.get_by_text("“married” may ask for family.").count() == 1
    page.get_by_role("button", name="Preview").click()
    page.get_by_text("Nothing is kept yet").wait_for()
