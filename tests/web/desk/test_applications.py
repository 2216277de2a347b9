"""Rosa and Max read an application, move it, and decide; nobody decides by accident."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from segue.hire.models import Application, Outcome, Stage
from segue.kit import clock
from segue.trust.models import Account, AuditLine
from tests.factories import make_application, make_job, make_member, make_person, make_resume

REASON = "The role needs a welding licence from the first week."


@pytest.fixture
def application(db: None) -> Application:
    job = make_job(title="Data engineer", required_skills=["python", "nursing"])
    person = make_person(name="Ada Lindqvist")
    resume = make_resume(person, text="Ten years of Python, and patience.")
    return make_application(person, job, resume=resume, note="I like <b>pipelines</b>.")


@pytest.fixture
def desk(rosa: Account, client_as: Callable[[Account], Client]) -> Client:
    return client_as(rosa)


def address(name: str, application: Application) -> str:
    return reverse(f"desk:{name}", args=[application.pk])


def test_the_page_marks_the_evidence_and_names_what_is_missing(
    application: Application, desk: Client
) -> None:
    answer = desk.get(address("application", application))
    page = answer.content.decode()
    assert 'of <mark title="Python">Python</mark>, and' in page
    assert (answer.context["met"], answer.context["missing"]) == (["Python"], ["Nursing"])
    assert "<b>pipelines" not in page


def test_opening_the_page_is_noted(application: Application, desk: Client, rosa: Account) -> None:
    desk.get(address("application", application))
    line = AuditLine.objects.get(verb="hire.open_application")
    assert (line.actor_id, line.subject_id) == (rosa.pk, str(application.pk))


def test_a_move_is_undone_from_its_toast(application: Application, desk: Client) -> None:
    back = address("application", application)
    moved = desk.post(
        address("application_move", application), {"stage": "screen", "back": back}, follow=True
    )
    assert Application.objects.get().stage == Stage.SCREEN
    toast = moved.context["toast"]
    desk.post(toast["undo_url"], toast["undo_fields"])
    assert Application.objects.get().stage == Stage.APPLIED


def test_nobody_is_promised_a_time_gone_by_and_what_stood_there_comes_back(
    application: Application, desk: Client
) -> None:
    here = address("next_step", application)
    gone, to_come = (clock.now() + timedelta(days=days) for days in (-3, 3))
    refused = desk.post(here, {"words": "A call", "at": f"{gone:%Y-%m-%dT%H:%M}"}, follow=True)
    assert refused.context["toast"]["refused"]
    assert not Application.objects.get().next_step
    Application.objects.update(next_step="A visit", next_at=gone)  # said in time, and since then it was
    said = desk.post(here, {"words": "A call", "at": f"{to_come:%Y-%m-%dT%H:%M}"}, follow=True)
    assert Application.objects.get().next_step == "A call"
    toast = said.context["toast"]
    desk.post(toast["undo_url"], toast["undo_fields"])
    row = Application.objects.get()
    assert (row.next_step, f"{row.next_at:%Y-%m-%dT%H:%M}") == ("A visit", f"{gone:%Y-%m-%dT%H:%M}")


def test_a_form_cannot_lead_away_from_the_desk(application: Application, desk: Client) -> None:
    away = {"stage": "screen", "back": "https://elsewhere.example/"}
    assert desk.post(address("application_move", application), away)["Location"] == address(
        "application", application
    )


def test_a_list_offers_no_way_to_reject_but_by_the_check(application: Application, desk: Client) -> None:
    page = desk.get(reverse("desk:job", args=[application.job_id])).content.decode()
    assert "Ada Lindqvist" in page
    assert address("application_reject", application) not in page
    form = {"do": "reject", "ids": str(application.pk), "reason": REASON}
    assert "/reject/" in desk.post(reverse("desk:bulk_do"), form)["Location"]
    assert Application.objects.get().outcome == Outcome.OPEN


def test_nobody_rejects_what_they_have_not_opened(application: Application, desk: Client) -> None:
    answer = desk.post(address("application_reject", application), {"reason": REASON})
    assert answer.status_code == 422
    assert "You have not opened this application yet." in answer.content.decode()
    assert Application.objects.get().outcome == Outcome.OPEN


def test_a_short_reason_is_refused_and_kept(application: Application, desk: Client) -> None:
    desk.get(address("application", application))
    answer = desk.post(address("application_reject", application), {"reason": "no"})
    assert answer.status_code == 422
    assert ">no</textarea>" in answer.content.decode()


def test_a_rejection_carries_the_name_and_the_reason(
    application: Application, desk: Client, rosa: Account
) -> None:
    desk.get(address("application", application))
    assert desk.post(address("application_reject", application), {"reason": REASON}).status_code == 303
    row = Application.objects.get()
    assert (row.outcome, row.decided_by_id, row.decision_reason) == (Outcome.REJECTED, rosa.pk, REASON)


def test_hiring_follows_an_offer(application: Application, desk: Client) -> None:
    page = desk.get(address("application", application)).content.decode()
    assert address("application_hire", application) not in page
    refused = desk.post(address("application_hire", application), follow=True).context["toast"]
    assert refused["refused"]
    desk.post(address("application_move", application), {"stage": "offer"})
    desk.post(address("application_hire", application))
    assert Application.objects.get().outcome == Outcome.HIRED


@pytest.mark.parametrize("verb", ["application_move", "application_reject", "application_hire"])
def test_an_interviewer_reads_but_does_not_decide(
    verb: str, application: Application, ines: Account, client_as: Callable[[Account], Client]
) -> None:
    make_member(application.job, ines, "interviewer")
    client = client_as(ines)
    page = client.get(address("application", application))
    assert page.status_code == 200
    assert address(verb, application) not in page.content.decode()
    assert client.post(address(verb, application), {"stage": "screen", "reason": REASON}).status_code == 403


def test_a_hiring_manager_decides_on_their_own_job(
    application: Application, max_: Account, client_as: Callable[[Account], Client]
) -> None:
    make_member(application.job, max_)
    client = client_as(max_)
    client.get(address("application", application))
    client.post(address("application_reject", application), {"reason": REASON})
    assert Application.objects.get().decided_by_id == max_.pk


def test_stages_are_tabs_and_settled_ones_have_their_own(application: Application, desk: Client) -> None:
    make_application(job=application.job, stage=Stage.INTERVIEW)

    def stages(query: str) -> list[str]:
        page = desk.get(reverse("desk:job", args=[application.job_id]) + query)
        return [row.stage for row, _, _ in page.context["rows"]]

    assert stages("") == [Stage.INTERVIEW, Stage.APPLIED]
    assert stages("?stage=interview") == [Stage.INTERVIEW]
    assert stages("?stage=decided") == []
