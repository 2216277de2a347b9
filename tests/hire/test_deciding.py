"""Moving, rejecting, hiring, withdrawing: by the people who may, and by nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from segue.catalog.models import Job
from segue.engage.models import Message
from segue.hire.actions.applications import (
    hire_applicant,
    move_application,
    open_application,
    reject_application,
    withdraw_application,
)
from segue.hire.jobs import tell_moved
from segue.hire.models import Application, Outcome, StageEntry
from segue.hire.queries.applications import application_by_status_key
from segue.kit import clock
from segue.kit.actor import Actor, Role
from segue.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from segue.kit.queue import work_off
from segue.listen.models import Signal
from segue.trust.actions.accounts import deactivate_account
from segue.trust.models import Account, Review
from tests.factories import actor, make_application, make_job, make_member

REASON = "No licence for the lorry."

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(ada: Account) -> Application:
    return make_application(ada.person, make_job(title="Driver"))


def test_rosa_moves_ada_forward_and_the_ledger_says_so(application: Application, rosa: Account) -> None:
    move_application(application, stage="interview", by=actor(rosa), reason="Good talk")
    entry = StageEntry.objects.get()
    assert (entry.stage, entry.by_name, entry.by_account, entry.reason) == (
        "interview",
        "Rosa Feld",
        rosa,
        "Good talk",
    )
    application.refresh_from_db()
    assert application.stage == "interview"
    assert Signal.objects.get(kind="application.moved").props == {"stage": "interview"}


def test_to_where_it_stands_is_no_move(application: Application, rosa: Account) -> None:
    move_application(application, stage="applied", by=actor(rosa))
    assert not StageEntry.objects.exists()


@pytest.mark.parametrize("stage", ["hired", "rejected", "moon"])
def test_some_stages_are_not_moves(application: Application, rosa: Account, stage: str) -> None:
    with pytest.raises(Invalid) as refused:
        move_application(application, stage=stage, by=actor(rosa))
    assert refused.value.field == "stage"


def test_a_step_forward_is_told_after_a_while(application: Application, rosa: Account) -> None:
    move_application(application, stage="screen", by=actor(rosa))
    work_off()
    assert not Message.objects.exists()
    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        work_off()
    message = Message.objects.get()
    assert message.kind == "application_moved"
    assert "Screening" in message.text
    tell_moved(str(application.pk), StageEntry.objects.get().pk)
    assert Message.objects.count() == 1


def test_a_slip_undone_is_never_told(application: Application, rosa: Account) -> None:
    move_application(application, stage="offer", by=actor(rosa))
    move_application(application, stage="applied", by=actor(rosa))
    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        work_off()
    assert not Message.objects.exists()


class TestRejecting:
    def test_takes_a_reader_and_a_reason(self, application: Application, rosa: Account) -> None:
        open_application(application, by=actor(rosa))
        reject_application(application, reason=REASON, by=actor(rosa))
        application.refresh_from_db()
        assert (application.outcome, application.decided_by, application.decision_reason) == (
            Outcome.REJECTED,
            rosa,
            REASON,
        )
        entry = StageEntry.objects.get()
        assert (entry.outcome, entry.by_account, entry.reason) == ("rejected", rosa, REASON)

    def test_is_told_without_the_internal_reason(self, application: Application, rosa: Account) -> None:
        open_application(application, by=actor(rosa))
        reject_application(application, reason=REASON, by=actor(rosa))
        message = Message.objects.get()
        assert REASON not in message.text
        assert f"/a/{application.status_key}/" in message.text

    @pytest.mark.parametrize("reason", ["", "   ", "no", " n o  "])
    def test_needs_words(self, application: Application, rosa: Account, reason: str) -> None:
        open_application(application, by=actor(rosa))
        with pytest.raises(Invalid) as refused:
            reject_application(application, reason=reason, by=actor(rosa))
        assert refused.value.field == "reason"

    def test_needs_eyes_on_it(self, application: Application, rosa: Account, mia: Account) -> None:
        open_application(application, by=actor(mia))  # hers do not count for Rosa
        with pytest.raises(Conflict, match="not opened"):
            reject_application(application, reason=REASON, by=actor(rosa))

    def test_is_for_this_jobs_hiring_manager(self, application: Application, max_: Account) -> None:
        with pytest.raises(NotFound):
            reject_application(application, reason=REASON, by=actor(max_))
        make_member(application.job, max_)
        open_application(application, by=actor(max_))
        reject_application(application, reason=REASON, by=actor(max_))

    def test_is_not_for_interviewers(self, application: Application, ines: Account) -> None:
        make_member(application.job, ines, duty="interviewer")
        with pytest.raises(NotAllowed):
            reject_application(application, reason=REASON, by=actor(ines))

    def test_is_not_for_machines_in_costume(self, application: Application, rosa: Account) -> None:
        open_application(application, by=actor(rosa))
        for robot in (Actor.machine("ranker"), Actor(role=Role.RECRUITER, name="robot")):
            with pytest.raises(NotAllowed):
                reject_application(application, reason=REASON, by=robot)
        borrowed = Actor(role=Role.RECRUITER, account_id=application.pk)
        with pytest.raises((NotAllowed, Conflict)):
            reject_application(application, reason=REASON, by=borrowed)

    def test_is_not_for_those_who_have_left(self, application: Application, rosa: Account) -> None:
        then = actor(rosa)
        open_application(application, by=then)
        deactivate_account(rosa, by=Actor.machine("test"))
        with pytest.raises(NotAllowed):
            reject_application(application, reason=REASON, by=then)

    def test_is_final(self, application: Application, rosa: Account) -> None:
        open_application(application, by=actor(rosa))
        reject_application(application, reason=REASON, by=actor(rosa))
        for verb in (
            lambda: move_application(application, stage="offer", by=actor(rosa)),
            lambda: reject_application(application, reason=REASON, by=actor(rosa)),
            lambda: hire_applicant(application, by=actor(rosa)),
            lambda: withdraw_application(application, by=actor(rosa), reason="rang"),
        ):
            with pytest.raises(Conflict):
                verb()


class TestHiring:
    def test_fills_the_job_and_asks_people_to_write_to_the_rest(
        self, application: Application, rosa: Account, eve: Account
    ) -> None:
        other = make_application(eve.person, application.job)
        move_application(application, stage="offer", by=actor(rosa))
        hire_applicant(application, by=actor(rosa))
        application.refresh_from_db()
        assert (application.stage, application.outcome, application.decided_by) == ("hired", "hired", rosa)
        assert Job.objects.get(pk=application.job_id).status == "filled"
        review = Review.objects.get()
        assert (review.kind, review.person) == ("job_filled", eve.person)
        other.refresh_from_db()
        assert other.outcome == Outcome.OPEN  # nobody is rejected by the job's being filled

    def test_needs_an_offer_first(self, application: Application, rosa: Account) -> None:
        with pytest.raises(Conflict, match="no offer"):
            hire_applicant(application, by=actor(rosa))

    def test_leaves_a_job_open_while_openings_are_left(self, ada: Account, rosa: Account) -> None:
        application = make_application(ada.person, make_job(openings=2), stage="offer")
        hire_applicant(application, by=actor(rosa))
        assert Job.objects.get().status == "open"

    def test_never_hires_more_than_the_openings(self, application: Application, rosa: Account) -> None:
        late = make_application(job=application.job, stage="offer")
        make_application(job=application.job, outcome="hired", stage="hired")
        with pytest.raises(Conflict, match="filled"):
            hire_applicant(late, by=actor(rosa))


class TestWithdrawing:
    def test_is_hers_signed_in(self, application: Application, ada: Account) -> None:
        withdraw_application(application, by=actor(ada), reason="Moved away")
        application.refresh_from_db()
        assert (application.outcome, application.decided_by_id) == (Outcome.WITHDRAWN, None)
        assert Message.objects.get().kind == "application_withdrawn"

    def test_is_hers_by_the_status_link(self, application: Application) -> None:
        withdraw_application(application_by_status_key(application.status_key), by=Actor.anonymous())
        assert application_by_status_key(application.status_key).outcome == Outcome.WITHDRAWN

    def test_is_nobody_elses(self, application: Application, eve: Account, max_: Account) -> None:
        make_member(application.job, max_)
        for who in (actor(eve), actor(max_), Actor.anonymous(), Actor.machine("tidy")):
            with pytest.raises(NotFound):
                withdraw_application(application, by=who)

    def test_told_by_phone_needs_saying_so(self, application: Application, rosa: Account) -> None:
        with pytest.raises(Invalid):
            withdraw_application(application, by=actor(rosa))
        withdraw_application(application, by=actor(rosa), reason="Rang today")
