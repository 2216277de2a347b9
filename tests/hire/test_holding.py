"""What looks like a program's form is held for a person, never dropped, and sent twice it is one."""

from __future__ import annotations

import re

import pytest

from segue.engage.models import Message
from segue.hire.actions.applications import Applicant, Sent, apply, withdraw_application
from segue.hire.actions.holding import confirm_application, release_application
from segue.hire.actions.returning import return_to_application
from segue.hire.models import Application, Claim, Hold, Outcome, StageEntry
from segue.hire.queries.applications import application_by_status_key
from segue.hire.queries.board import waiting_for
from segue.hire.queries.listing import Filters, list_page
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, NotAllowed, NotFound
from segue.listen.models import Signal
from segue.trust.models import Account, Decision, Review
from tests.factories import actor, make_application, make_job, make_member

VISITOR = Actor.anonymous()
NOOR = Applicant(name="Noor Haddad", email="noor@people.example", resume_text="I keep bees.")
TRAPPED = Sent(flags=("trap",), form_key="k1")
pytestmark = pytest.mark.django_db


def test_it_is_kept_off_the_lists_until_somebody_has_looked(rosa: Account) -> None:
    job = make_job()
    row = apply(job, applicant=NOOR, by=VISITOR, sent=TRAPPED)
    by = actor(rosa)
    assert list_page(by, Filters(job_id=job.pk)).rows == []
    assert list(waiting_for(by)) == []
    assert list_page(by, Filters(job_id=job.pk, held=True)).rows == [row]
    assert Review.objects.get().kind == "held_application"
    assert Decision.objects.get(kind="application.held").chosen == ["held for a person"]
    assert Application.objects.get().outcome == Outcome.OPEN
    release_application(row, by=by)
    assert list_page(by, Filters(job_id=job.pk)).rows == [row]
    assert Hold.objects.get().released_by == rosa


def test_it_teaches_nobodys_taste_until_then(rosa: Account) -> None:
    row = apply(make_job(), applicant=NOOR, by=VISITOR, sent=TRAPPED)
    assert not Signal.objects.filter(person_id=row.person_id, kind="application.submitted").exists()
    release_application(row, by=actor(rosa))
    assert Signal.objects.filter(person_id=row.person_id, kind="application.submitted").exists()


def test_its_sender_lets_it_in_by_the_link_in_the_mail() -> None:
    row = apply(make_job(), applicant=NOOR, by=VISITOR, sent=TRAPPED)
    mail = Message.objects.get(to_address=NOOR.email)
    proof = re.search(r"\?yes=(\w+)", mail.text)
    assert proof is not None
    with pytest.raises(NotFound):
        confirm_application(row, secret_proof="guess", by=VISITOR)
    confirm_application(row, secret_proof=proof[1], by=VISITOR)
    assert Hold.objects.get().by_mail


def test_neither_a_machine_nor_another_team_lets_it_in(max_: Account, ines: Account) -> None:
    row = apply(make_job(), applicant=NOOR, by=VISITOR, sent=TRAPPED)
    with pytest.raises(NotAllowed):
        release_application(row, by=Actor.machine("an agent"))
    with pytest.raises(NotFound):
        release_application(row, by=actor(max_))
    make_member(row.job, ines, "interviewer")
    with pytest.raises(NotAllowed):
        release_application(row, by=actor(ines))


def test_past_twenty_an_hour_from_one_address_they_are_held_and_not_refused() -> None:
    job = make_job()
    for n in range(22):
        one = Applicant(name=f"P {n}", email=f"p{n}@people.example", resume_text="x")
        apply(job, applicant=one, by=VISITOR, ip="192.0.2.7")
    assert Application.objects.count() == 22
    assert list(Hold.objects.values_list("flags", flat=True)) == [["crowd"], ["crowd"]]


def test_a_browser_that_has_done_its_sum_is_not_held_in_a_crowd() -> None:
    job = make_job()
    for n in range(22):
        one = Applicant(name=f"P {n}", email=f"p{n}@people.example", resume_text="x")
        apply(job, applicant=one, by=VISITOR, ip="192.0.2.7", sent=Sent(has_worked=True))
    assert not Hold.objects.exists()


class TestTheSameFormSentAgain:
    def test_is_the_same_application_for_a_newcomer(self) -> None:
        job, sent = make_job(), Sent(form_key="k2")
        first = apply(job, applicant=NOOR, by=VISITOR, sent=sent)
        assert apply(job, applicant=NOOR, by=VISITOR, sent=sent) == first
        assert not Claim.objects.exists()
        assert Message.objects.count() == 1
        assert StageEntry.objects.count() == 1

    def test_even_after_it_was_withdrawn(self, ada: Account) -> None:
        job, sent = make_job(), Sent(form_key="k3")
        first = apply(job, applicant=NOOR, by=actor(ada), sent=sent)
        withdraw_application(first, by=actor(ada))
        again = apply(job, applicant=NOOR, by=actor(ada), sent=sent)
        assert (again.pk, again.outcome) == (first.pk, Outcome.WITHDRAWN)
        assert apply(job, applicant=NOOR, by=actor(ada), sent=Sent(form_key="k4")) != first

    def test_is_the_same_receipt_for_who_is_not_signed_in(self, ada: Account) -> None:
        job, sent = make_job(), Sent(form_key="k5")
        stranger = Applicant(name="Ada", email=ada.email, resume_text="x")
        first = apply(job, applicant=stranger, by=VISITOR, sent=sent)
        again = apply(job, applicant=stranger, by=VISITOR, sent=sent)
        assert again.status_key == first.status_key
        assert Claim.objects.count() == 1

    def test_opens_nobody_elses(self, ada: Account) -> None:
        job = make_job()
        own = apply(job, applicant=NOOR, by=actor(ada), sent=Sent(form_key="k6"))
        shown = apply(
            job,
            applicant=Applicant(name="M", email=ada.email, resume_text="x"),
            by=VISITOR,
            sent=Sent(form_key="guess"),
        )
        assert shown.is_receipt
        assert shown.status_key != own.status_key


class TestTakingAWithdrawalBack:
    def test_puts_it_where_it_was(self, ada: Account, rosa: Account) -> None:
        row = make_application(ada.person)
        withdraw_application(row, by=actor(ada))
        back = return_to_application(row, by=actor(ada))
        assert (back.outcome, back.stage, back.decided_at) == (Outcome.OPEN, "applied", None)
        assert [e.outcome for e in StageEntry.objects.order_by("pk")] == ["withdrawn", "open"]

    def test_is_for_its_person_and_the_holder_of_its_link(self, ada: Account, eve: Account) -> None:
        row = make_application(ada.person)
        withdraw_application(row, by=actor(ada))
        with pytest.raises(NotFound):
            return_to_application(row, by=actor(eve))
        held = application_by_status_key(row.status_key)
        assert return_to_application(held, by=VISITOR).outcome == Outcome.OPEN

    def test_is_not_for_a_decision_nor_beside_a_new_application(self, ada: Account, rosa: Account) -> None:
        row = make_application(
            ada.person, outcome="rejected", decided_by=rosa, decision_reason="others fit better"
        )
        with pytest.raises(Conflict):
            return_to_application(row, by=actor(ada))
        first = make_application(ada.person)
        withdraw_application(first, by=actor(ada))
        make_application(ada.person, first.job)
        with pytest.raises(Conflict):
            return_to_application(first, by=actor(ada))
