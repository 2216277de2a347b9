"""M22, the hiring core: stages of its own for a job, many moved and put back, a page that tells the truth."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from segue.catalog.models import Job
from segue.engage.models import Message
from segue.hire.actions.applications import Applicant, apply
from segue.hire.jobs import nudge_overdue
from segue.hire.models import Application
from segue.hire.queries.ledger import ledger_faults
from segue.hire.queries.pipelines import stages_of
from segue.kit import clock
from segue.trust.models import Account
from segue.trust.queries.reviews import open_reviews
from tests.factories import actor, make_account, make_application, make_job, make_member

pytestmark = pytest.mark.django_db


def with_a_trial_day(job: Job) -> dict[str, str]:
    """Fill in the form of a job's stages as Rosa does."""
    form = {
        f"{name}-{at}": value
        for at, row in enumerate(stages_of(job.pk))
        for name, value in (
            ("key", row.key),
            ("name", row.name),
            ("told", row.candidate_name),
            ("kind", row.kind),
            ("hours", str(row.sla_hours or "")),
            ("duty", row.duty),
            ("place", str(at + 1)),
        )
    }
    form |= {"name-6": "Trial day", "told-6": "A night at the oven", "kind-6": "interview", "place-6": "3.5"}
    return form | {"hours-6": "48", "duty-6": "recruiter"}


def test_rosa_gives_a_job_a_trial_day_and_everybody_knows_where_they_stand(
    ada: Account, rosa: Account, client_as: Callable[[Account], Client]
) -> None:
    job = make_job(title="Baker by night")
    make_member(job, rosa, duty="recruiter")
    hers = apply(job, applicant=Applicant(name=ada.name, email=ada.email), by=actor(ada))
    for _ in range(3):
        who = make_account()
        apply(job, applicant=Applicant(name=who.name, email=who.email), by=actor(who))
    desk, anyone = client_as(rosa), Client()

    # Rosa adds a stage of her own between the interview and the last talks.
    desk.post(reverse("desk:job_stages", args=[job.pk]), with_a_trial_day(job))
    assert [spec.key for spec in stages_of(job.pk)][3] == "trial-day"

    # All four are moved there at once; she takes it back; not a second of anybody's clock is lost.
    before = list(Application.objects.order_by("pk").values("step", "stage", "moved_at", "due_at"))
    many = {"do": "move", "stage": "trial-day", "all": "1", "job": str(job.pk), "query": "stage=applied"}
    toast = desk.post(reverse("desk:bulk_do"), many, follow=True).context["toast"]
    assert toast["text"] == "4 moved to Trial day."
    desk.post(toast["undo_url"])
    assert list(Application.objects.order_by("pk").values("step", "stage", "moved_at", "due_at")) == before
    desk.post(reverse("desk:bulk_do"), many | {"all": "", "ids": str(hers.pk)})

    # Ada's page says so in the words Rosa chose, what comes next, and whom to ask.
    desk.post(reverse("desk:bulk_do"), {"do": "assign", "owner": str(rosa.pk), "ids": str(hers.pk)})
    desk.post(
        reverse("desk:next_step", args=[hers.pk]),
        {"words": "Come at four, in white", "at": "2030-01-31T04:00"},
    )
    status = reverse("portal:status", args=[hers.status_key])
    page = anyone.get(status).content.decode()
    for words in ("A night at the oven", "Come at four, in white", "Rosa Feld"):
        assert words in page
    assert re.search(r"<time[^>]*2030-01-31", page)
    # Two days later nobody has looked. Rosa is told once, by a mail that names nobody.
    with time_machine.travel(clock.now() + timedelta(hours=49), tick=False):
        nudge_overdue()
        nudge_overdue()
        [mail] = Message.objects.filter(kind="application_overdue", to_address=rosa.email)
        assert ada.name not in mail.text
        assert "overdue" in desk.get(reverse("desk:job_board", args=[job.pk])).content.decode()

    # She says no to all of them, which she cannot before she has opened a sample.
    no = {"do": "reject", "all": "1", "job": str(job.pk), "reason": "A baker from the village was chosen"}
    check = desk.post(reverse("desk:bulk_do"), no)["Location"]
    assert "4 of the sample" in desk.post(f"{check}confirm", follow=True).context["toast"]["text"]
    for row in Application.objects.all():
        desk.get(reverse("desk:application", args=[row.pk]))
    desk.post(f"{check}confirm")
    assert set(Application.objects.values_list("outcome", "decided_by__name")) == {("rejected", "Rosa Feld")}
    assert not ledger_faults()
    # Ada's page is still there, with the words Rosa shares and the way to a person and back in.
    note = {"text": "Your bread was the best of the night.", "visibility": "candidate"}
    desk.post(reverse("desk:note_write", args=[hers.pk]), note)
    desk.post(reverse("desk:note_write", args=[hers.pk]), {"text": "Keep her in mind", "visibility": "team"})
    page = anyone.get(status).content.decode()
    assert "Your bread was the best of the night." in page
    assert "Keep her in mind" not in page
    assert reverse("portal:apply", args=[job.pk]) in page
    for _ in range(2):
        anyone.post(reverse("portal:talk", args=[hers.status_key]))
    [task] = open_reviews(actor(rosa)).filter(kind="talk")
    assert (task.person, task.job) == (ada.person, job)


def test_who_reads_which_note(
    ada: Account, rosa: Account, max_: Account, ines: Account, client_as: Callable[[Account], Client]
) -> None:
    application = make_application(ada.person)
    make_member(application.job, max_)
    make_member(application.job, ines, duty="interviewer")
    write = reverse("desk:note_write", args=[application.pk])
    for visibility in ("team", "job", "private", "candidate"):
        client_as(rosa).post(write, {"text": f"for-{visibility}-eyes", "visibility": visibility})
    client_as(rosa).post(write, {"text": "for @ines alone", "visibility": "private"})

    def reads(who: Account) -> set[str]:
        page = client_as(who).get(reverse("desk:application", args=[application.pk])).content.decode()
        return {one or other for one, other in re.findall(r"for-(\w+)-eyes|for @(ines)", page)}

    assert "You are called" in client_as(ines).get(reverse("desk:home")).content.decode()
    assert reads(rosa) == {"team", "job", "private", "candidate", "ines"}
    assert reads(max_) == {"team", "job", "candidate"}
    assert reads(ines) == {"job", "candidate", "ines"}
    assert "You are called" not in client_as(ines).get(reverse("desk:home")).content.decode()
    answer = client_as(ines).post(write, {"text": "feedback", "visibility": "candidate"})
    assert answer.status_code == 403
