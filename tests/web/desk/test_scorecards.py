"""Ines fills in her card, Max reads both once his is in, and Rosa writes the kit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from segue.hire.models import Application, Debrief, Kit, Panelist, Scorecard
from segue.hire.queries.kits import kit_at
from segue.trust.models import Account
from tests import factories
from tests.factories import actor, make_application, make_job, make_member, make_person, make_resume
from tests.factories.panels import ANCHORS, EVIDENCE, kit_words, make_panel, make_template, submit

SignIn = Callable[[Account], Client]
pytestmark = pytest.mark.django_db
BY_SCRIPT = {"Accept": "application/json"}
KITS = 7  # session, account, job; stages, the template followed, kits
KIT = 7
SCORECARDS = 5  # session, account, jobs; places, cards
SCORECARD = 12
DEBRIEF = 23  # reading is a transaction of its own, with its audit lines
JOB = 13


@pytest.fixture
def application(db: None) -> Application:
    person = make_person(name="Ada Lindqvist")
    resume = make_resume(person, text="Ten years of Python.")
    row = make_application(person, make_job(title="Data engineer"), resume=resume, stage="interview")
    row.refresh_from_db()
    return row


@pytest.fixture
def panel(application: Application, ines: Account, max_: Account) -> list[Panelist]:
    make_member(application.job, max_)
    return make_panel(ines, max_, application=application, names=("Listening", "Craft"))


def address(name: str, *args: Any) -> str:
    return reverse(f"desk:{name}", args=args)


def filled(**more: str) -> dict[str, str]:
    said = {"rating-listening": "4", "notes-listening": EVIDENCE, "rating-craft": "0"}
    return said | {"recommendation": "yes", "summary": "Kind and exact."} | more


def kit_form(*names: str) -> dict[str, str]:
    form = {"purpose": "To hear how they work.", "questions": "Why?\n\nHow?", "due_hours": "24"}
    for at, name in enumerate(names):
        form |= {f"name-{at}": name, f"guidance-{at}": "", f"key-{at}": ""}
        form |= {f"anchor-{at}-{level}": text for level, text in enumerate(ANCHORS, start=1)}
    return form


def test_a_kit_is_written_and_taken_back(
    application: Application,
    rosa: Account,
    client_as: SignIn,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    desk, job = client_as(rosa), application.job
    with django_assert_num_queries(KITS):
        assert "Interview" in desk.get(address("job_kits", job.pk)).content.decode()
    here = address("job_kit", job.pk, "interview")
    with django_assert_num_queries(KIT):
        desk.get(here)
    kept = desk.post(here, kit_form("Listening", "Craft"), follow=True)
    kit = kit_at(job.pk, "interview")
    assert kit is not None
    assert (kit.questions, kit.due_hours, kit.decide_hours) == (["Why?", "How?"], 24, 48)
    assert [each.name for each in kit.looked_for] == ["Listening", "Craft"]
    toast = kept.context["toast"]
    desk.post(toast["undo_url"], toast["undo_fields"])
    assert kit_at(job.pk, "interview") is None


def test_a_refused_kit_keeps_what_was_typed(
    application: Application, rosa: Account, client_as: SignIn
) -> None:
    form = kit_form("Listening") | {"anchor-0-3": ""}
    answer = client_as(rosa).post(address("job_kit", application.job_id, "interview"), form)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "needs an anchor for each rating" in page
    assert "Talks over people" in page
    assert not Kit.objects.exists()


def test_a_templates_kit_is_what_new_jobs_follow(rosa: Account, client_as: SignIn) -> None:
    template, desk = make_template(), client_as(rosa)
    assert template.name in desk.get(address("pipelines")).content.decode()
    here = address("template_kit", template.pk, "screen")
    answer = desk.post(here, kit_form("Listening"), follow=True)
    assert answer.redirect_chain[-1][0] == address("template_kits", template.pk)
    job = make_job()
    assert "from the template" in desk.get(address("job_kits", job.pk)).content.decode()
    desk.post(address("template_kit_undo", template.pk, "screen", 1))
    assert kit_at(job.pk, "screen") is None


def test_rosa_asks_and_takes_it_back(
    application: Application, rosa: Account, ines: Account, client_as: SignIn
) -> None:
    desk = client_as(rosa)
    page = desk.get(address("application", application.pk)).content.decode()
    assert address("panel_ask", application.pk) in page
    form = {"account": str(ines.pk), "step": "interview", "due": "2199-01-01"}
    assert desk.post(address("panel_ask", application.pk), form, follow=True).context["toast"]["refused"]
    asked = desk.post(address("panel_ask", application.pk), form | {"due": ""}, follow=True)
    place = Panelist.objects.get()
    assert place.account == ines
    toast = asked.context["toast"]
    undone = desk.post(toast["undo_url"], toast["undo_fields"], follow=True)
    place.refresh_from_db()
    assert place.removed_at is not None
    toast = undone.context["toast"]
    desk.post(toast["undo_url"], toast["undo_fields"])
    place.refresh_from_db()
    assert place.removed_at is None


@pytest.mark.parametrize("form", [{}, {"account": "nobody"}, {"due": "soon"}, {"step": "hired"}])
def test_an_odd_request_asks_nobody(
    form: dict[str, str], application: Application, rosa: Account, ines: Account, client_as: SignIn
) -> None:
    said = ({"account": str(ines.pk)} if form else {}) | form
    answer = client_as(rosa).post(address("panel_ask", application.pk), said, follow=True)
    assert answer.context["toast"]["refused"]
    assert not Panelist.objects.exists()


def test_an_interviewer_finds_card_kit_and_resume_and_nothing_of_pay(
    panel: list[Panelist],
    ines: Account,
    client_as: SignIn,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    desk = client_as(ines)
    assert "Scorecards you owe" in desk.get(address("home")).content.decode()
    with django_assert_num_queries(SCORECARDS):
        assert "Ada Lindqvist" in desk.get(address("scorecards")).content.decode()
    with django_assert_num_queries(SCORECARD):
        page = desk.get(address("scorecard", panel[0].pk)).content.decode()
    for words in ("Listening", ANCHORS[3], "When did you last change your mind?", "Ten years of Python."):
        assert words in page
    application = desk.get(address("application", panel[0].application_id)).content.decode()
    assert "You are asked for a scorecard" in application
    everybodys = desk.get(f"{address('mine')}?all=1").content.decode()
    for page in (application, everybodys):  # her card is all she was asked for
        assert "Data engineer" in page
        assert address("job", panel[0].application.job_id) not in page


def test_a_draft_is_kept_by_button_and_by_script(
    panel: list[Panelist], ines: Account, client_as: SignIn
) -> None:
    desk, here = client_as(ines), address("scorecard_save", panel[0].pk)
    desk.post(here, {"rating-listening": "2", "revision": "0"})
    answer = desk.post(here, {"rating-listening": "3", "revision": "1"}, headers=BY_SCRIPT)
    assert answer.json()["revision"] == 2
    assert Scorecard.objects.get().rating_of("listening") == 3
    late = desk.post(here, {"rating-listening": "1", "revision": "1"}, headers=BY_SCRIPT)
    assert (late.status_code, late.json()["code"]) == (409, "conflict")


def test_a_late_window_shows_its_words_again(panel: list[Panelist], ines: Account, client_as: SignIn) -> None:
    desk, here = client_as(ines), address("scorecard_save", panel[0].pk)
    desk.post(here, {"summary": "From the first window", "revision": "0"})
    answer = desk.post(here, {"summary": "From the second", "revision": "0"})
    assert answer.status_code == 409
    assert "From the second" in answer.content.decode()
    assert Scorecard.objects.get().summary == "From the first window"


def test_what_is_missing_is_named_and_the_words_are_kept(
    panel: list[Panelist], ines: Account, client_as: SignIn
) -> None:
    desk = client_as(ines)
    answer = desk.post(address("scorecard_submit", panel[0].pk), filled(**{"notes-listening": "good"}))
    assert answer.status_code == 422
    assert 'href="#q-listening"' in answer.content.decode()
    assert Scorecard.objects.get().summary == "Kind and exact."
    again = filled(revision=str(Scorecard.objects.get().revision))
    assert desk.post(address("scorecard_submit", panel[0].pk), again).status_code == 303
    assert Scorecard.objects.get().submitted_at is not None


def test_handing_in_opens_the_others_and_an_amendment_stands_beside(
    panel: list[Panelist], ines: Account, max_: Account, client_as: SignIn
) -> None:
    submit(panel[1], rating=1, recommendation="no")
    desk = client_as(ines)
    debrief = address("debrief", panel[0].application_id)
    before = desk.get(debrief).content.decode()
    assert "once yours is in" in before
    assert EVIDENCE not in before
    desk.post(address("scorecard_submit", panel[0].pk), filled())
    after = desk.get(debrief).content.decode()
    assert EVIDENCE in after
    assert "apart: 1 to 4" in after
    assert max_.name in after
    desk.post(address("scorecard_amend", panel[0].pk), {"reason": "They sent the example."})
    assert "You amend a card that is in" in desk.get(address("scorecard", panel[0].pk)).content.decode()
    desk.post(address("scorecard_drop", panel[0].pk))
    desk.post(address("scorecard_amend", panel[0].pk), {"reason": "They sent the example."})
    desk.post(address("scorecard_submit", panel[0].pk), filled(**{"rating-craft": "3"}))
    page = desk.get(debrief).content.decode()
    assert "amended" in page
    assert Scorecard.objects.count() == 3


def test_max_decides_from_the_debrief_and_takes_it_back(
    panel: list[Panelist],
    max_: Account,
    client_as: SignIn,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for place in panel:
        submit(place)
    desk, application = client_as(max_), panel[0].application
    here = address("debrief", application.pk)
    assert "All cards are in" in desk.get(address("home")).content.decode()
    with django_assert_num_queries(DEBRIEF):
        page = desk.get(here).content.decode()
    assert page.count('scope="row"') == 3
    assert "<caption" in page
    talked = desk.post(address("debrief_discuss", application.pk), {"text": "We agree.", "step": "interview"})
    assert talked.status_code == 303
    assert "We agree." in desk.get(here).content.decode()
    done = desk.post(address("debrief_decide", application.pk), {"outcome": "advance"}, follow=True)
    application.refresh_from_db()
    assert application.step == "onsite"
    toast = done.context["toast"]
    desk.post(toast["undo_url"], toast["undo_fields"])
    application.refresh_from_db()
    assert application.step == "interview"
    hold = {"outcome": "hold", "reason": "We wait for the second interview.", "until": ""}
    assert desk.post(address("debrief_decide", application.pk), hold, follow=True).context["toast"]["refused"]


def test_a_no_from_the_debrief_needs_the_application_opened(
    panel: list[Panelist], rosa: Account, client_as: SignIn
) -> None:
    desk, application = client_as(rosa), panel[0].application
    no = {"outcome": "reject", "reason": "The role needs more of the craft now."}
    here = address("debrief_decide", application.pk)
    assert desk.post(here, no, follow=True).context["toast"]["refused"]
    assert not Debrief.objects.exclude(outcome="").exists()
    desk.get(address("application", application.pk))
    desk.post(here, no)
    application.refresh_from_db()
    assert (application.outcome, application.decided_by) == ("rejected", rosa)


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_says_how_far_panels_are_for_three_as_for_one(
    rows: int,
    rosa: Account,
    ines: Account,
    client_as: SignIn,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    job = make_job()
    for _ in range(rows):
        [place] = make_panel(ines, application=make_application(job=job, stage="interview"))
        submit(place)
    desk = client_as(rosa)
    with django_assert_num_queries(JOB):
        page = desk.get(address("job", job.pk)).content.decode()
    assert page.count("decision due") >= rows
    assert "decision due" in desk.get(address("job_board", job.pk)).content.decode()


def test_the_api_is_as_blind_as_the_desk(
    panel: list[Panelist], ines: Account, rosa: Account, client_as: SignIn
) -> None:
    submit(panel[1], rating=2)
    here = f"/api/v1/applications/{panel[0].application_id}/scorecards"
    assert client_as(ines).get(here).json() == []
    [card] = client_as(rosa).get(here).json()
    assert (card["recommendation"], [each["rating"] for each in card["ratings"]]) == ("yes", [2, 2])
    assert card["ratings"][0]["anchor"] == ANCHORS[1]
    refused = client_as(rosa).post(
        address("panel_ask", panel[0].application_id), {"account": str(rosa.pk)}, follow=True
    )
    assert refused.context["toast"]["refused"]  # reading over the API is reading


def test_kits_of_other_jobs_are_not_there(max_: Account, client_as: SignIn) -> None:
    other = make_job()
    assert client_as(max_).get(address("job_kits", other.pk)).status_code == 404
    assert kit_words("Listening").purpose
    assert actor(factories.rosa()).is_talent_team
