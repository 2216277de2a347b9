"""Who sees which application, and what story is told to whom."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from segue.engage.models import Message
from segue.hire.actions.applications import (
    Applicant,
    apply,
    move_application,
    open_application,
    reject_application,
    withdraw_application,
)
from segue.hire.models import Application
from segue.hire.queries.applications import (
    applicants_for,
    application_by_status_key,
    application_for,
    applications_of,
    applications_visible_to,
    stage_history,
    timeline_of,
)
from segue.kit import clock
from segue.kit.actor import Actor
from segue.kit.errors import NotFound
from segue.listen.actions.record import record
from segue.listen.models import Signal
from segue.trust.models import Account
from tests.factories import actor, make_application, make_job, make_member, make_resume

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(ada: Account) -> Application:
    return make_application(ada.person, make_job(title="Driver"))


def test_everybody_sees_what_is_theirs_to_see(
    application: Application, ada: Account, eve: Account, rosa: Account, mia: Account, max_: Account,
    ines: Account, theo: Account,
) -> None:  # fmt: skip
    make_member(application.job, max_)
    make_member(make_job(), ines, duty="interviewer")
    auditor = Account.objects.create_account("ada.audit@employer.example", role="auditor")
    sees = {
        account.name or account.email: applications_visible_to(actor(account)).exists()
        for account in (ada, eve, rosa, mia, max_, ines, theo, auditor)
    }
    assert [name for name, seen in sees.items() if seen] == [
        "Ada Lindqvist",
        "Rosa Feld",
        "Mia Okafor",
        "Max Brandt",
    ]
    assert not applications_visible_to(Actor.anonymous()).exists()


def test_not_there_and_not_yours_are_one_answer(application: Application, eve: Account) -> None:
    answers = []
    for key in (application.pk, uuid.uuid4(), "not a key"):
        with pytest.raises(NotFound) as refused:
            application_for(actor(eve), key)
        answers.append(str(refused.value))
    assert len(set(answers)) == 1


def test_a_job_lists_its_open_applicants_first(application: Application, rosa: Account, eve: Account) -> None:
    gone = make_application(eve.person, application.job, outcome="withdrawn", decided_at=clock.now())
    late = make_application(job=application.job, applied_at=clock.now() + timedelta(hours=1))
    assert list(applicants_for(application.job, actor(rosa))) == [late, application, gone]


def test_a_person_lists_their_own_newest_first(application: Application, ada: Account, eve: Account) -> None:
    late = make_application(ada.person, applied_at=clock.now() + timedelta(hours=1))
    assert ada.person_id is not None
    assert list(applications_of(ada.person_id, actor(ada))) == [late, application]
    assert not applications_of(ada.person_id, actor(eve)).exists()


class TestTheStatusPage:
    def test_is_there_whatever_became_of_it(self, ada: Account, rosa: Account) -> None:
        refused, withdrawn = make_application(ada.person), make_application(ada.person)
        open_application(refused, by=actor(rosa))
        reject_application(refused, reason="No licence for it", by=actor(rosa))
        withdraw_application(withdrawn, by=actor(ada))
        assert application_by_status_key(refused.status_key).outcome == "rejected"
        assert application_by_status_key(withdrawn.status_key).outcome == "withdrawn"

    def test_is_there_after_the_job_has_closed(self, application: Application) -> None:
        application.job.status = "closed"
        application.job.save()
        assert application_by_status_key(application.status_key) == application

    @pytest.mark.parametrize("key", ["", "guess", "x" * 400])
    def test_opens_to_no_other_key(self, application: Application, key: str) -> None:
        with pytest.raises(NotFound):
            application_by_status_key(key)

    def test_shows_the_way_to_who_holds_the_key(self, application: Application, rosa: Account) -> None:
        move_application(application, stage="screen", by=actor(rosa))
        by_key = application_by_status_key(application.status_key)
        assert [entry.stage for entry in stage_history(by_key, by=Actor.anonymous())] == ["screen"]
        assert not stage_history(application, by=Actor.anonymous()).exists()

    def test_a_receipt_shows_no_way(self, ada: Account, rosa: Account) -> None:
        form = Applicant(name="M", email=ada.email)
        shown = apply(make_job(), applicant=form, by=Actor.anonymous())
        move_application(Application.objects.get(), stage="offer", by=actor(rosa))
        assert not stage_history(application_by_status_key(shown.status_key), by=Actor.anonymous()).exists()


class TestTheTimeline:
    @pytest.fixture(autouse=True)
    def life(self, application: Application, ada: Account, rosa: Account) -> None:
        assert ada.person is not None
        make_resume(ada.person)
        Message.objects.create(
            person=ada.person, kind="sign_in", to_address=ada.email, subject="Key", text=""
        )
        record("card.saved", by=actor(ada), person_id=ada.person_id, job_id=application.job_id)
        move_application(application, stage="screen", by=actor(rosa), reason="Strong on routes")
        open_application(application, by=actor(rosa))
        reject_application(application, reason="No licence for it", by=actor(rosa))

    def test_tells_rosa_everything_newest_first(self, ada: Account, rosa: Account) -> None:
        assert ada.person is not None
        story = timeline_of(ada.person, actor(rosa))
        assert [entry.at for entry in story] == sorted((entry.at for entry in story), reverse=True)
        assert {entry.kind for entry in story} >= {
            "application",
            "stage",
            "resume",
            "consent",
            "message",
            "signal",
        }
        no = next(entry for entry in story if entry.title == "Driver: Not this time")
        assert (no.detail, no.actor_name) == ("No licence for it", "Rosa Feld")
        assert "Saved a job" in [entry.title for entry in story]
        assert "Key" not in [entry.title for entry in story]  # a way to sign in is nobody's business

    @pytest.mark.parametrize(
        ("kind", "tier", "told"),
        [
            ("card.clicked", "A", True),
            ("card.clicked", "B", True),
            ("card.clicked", "C", False),
            ("card.clicked", "D", False),
            ("page.viewed", "A", False),
            ("event.tracked", "B", False),
            ("visitor.identified", "A", False),
            ("video.progressed", "B", False),
            ("a.kind_to_come", "A", False),
        ],
    )
    def test_tells_what_somebody_meant_to_do_and_surely_did(
        self, kind: str, tier: str, told: bool, ada: Account, rosa: Account
    ) -> None:
        assert ada.person is not None
        job = make_job(title="Pilot")
        Signal.objects.create(person=ada.person, kind=kind, tier=tier, job=job, event="Looked")
        assert ("Pilot" in str(timeline_of(ada.person, actor(rosa)))) is told

    def test_tells_ada_her_story_without_our_internal_words(self, ada: Account) -> None:
        assert ada.person is not None
        words = str(timeline_of(ada.person, actor(ada)))
        assert "Driver: Not this time" in words
        assert "No licence" not in words
        assert "Strong on routes" not in words

    def test_tells_max_of_his_job_only(self, application: Application, ada: Account, max_: Account) -> None:
        assert ada.person is not None
        make_application(ada.person, make_job(title="Diver"))
        make_member(application.job, max_)
        story = timeline_of(ada.person, actor(max_))
        assert {entry.kind for entry in story} == {"application", "stage"}
        assert "Diver" not in str(story)

    def test_is_closed_to_others(self, ada: Account, eve: Account, theo: Account) -> None:
        assert ada.person is not None
        for who in (actor(eve), actor(theo), Actor.anonymous()):
            with pytest.raises(NotFound):
                timeline_of(ada.person, who)

    def test_shows_what_waits_for_its_owners_yes(self, ada: Account, rosa: Account) -> None:
        assert ada.person is not None
        apply(make_job(), applicant=Applicant(name="Mallory", email=ada.email), by=Actor.anonymous())
        [claim] = [entry for entry in timeline_of(ada.person, actor(rosa)) if entry.kind == "claim"]
        assert "Mallory" in claim.detail
