"""The page of an application: documents, needs, how it felt, voluntary questions, a person to talk to."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from segue.engage.models import Message, Thread
from segue.hire.models import Accommodation, Application, Claim, Impression, Outcome
from segue.hire.queries.impressions import impressions_of
from segue.trust.models import Account, Review, VoluntaryAnswer
from tests import factories

SignIn = Callable[[Account], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture
def row(ada: Account) -> Application:
    assert ada.person is not None
    job = factories.make_job(country="US", city="Boston")
    resume = factories.make_resume(ada.person, text="Data engineer, Python.")
    return factories.make_application(ada.person, job, resume=resume)


def test_the_resume_they_sent_can_be_had_back(client: Client, row: Application) -> None:
    answer = client.get(f"/a/{row.status_key}/resume.txt")
    assert answer.content.decode() == "Data engineer, Python."
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Robots-Tag"] == "noindex"
    assert client.get(f"/a/{factories.make_application().status_key}/resume.txt").status_code == 404


def test_a_person_is_asked_for_with_words_that_become_a_conversation(
    client: Client, row: Application
) -> None:
    client.post(f"/a/{row.status_key}/talk/", {"text": "Why so long?"})
    client.post(f"/a/{row.status_key}/talk/", {"text": "Hello?"})
    thread = Thread.objects.get()
    assert thread.about == f"application:{row.pk}"
    assert thread.waiting_since is not None
    assert list(Message.objects.filter(thread=thread).order_by("pk").values_list("text", flat=True)) == [
        "Why so long?",
        "Hello?",
    ]
    assert Review.objects.filter(kind="talk").count() == 1


def test_needs_are_asked_answered_and_taken_back(client: Client, row: Application) -> None:
    client.post(f"/a/{row.status_key}/needs/", {"need": "captions", "need_text": "Sign language, please"})
    need = Accommodation.objects.get()
    page = client.get(f"/a/{row.status_key}/").content.decode()
    assert "Sign language, please" in page
    client.post(f"/a/{row.status_key}/needs/withdraw/")
    need.refresh_from_db()
    assert need.withdrawn_at is not None
    assert "Sign language, please" not in client.get(f"/a/{row.status_key}/").content.decode()
    client.post(f"/a/{row.status_key}/needs/withdraw/", {"back": "1"})
    need.refresh_from_db()
    assert need.withdrawn_at is None
    assert client.post(f"/a/{row.status_key}/needs/", {}, follow=True).status_code == 200


def test_how_it_felt_is_asked_after_an_outcome_and_counted_from_five_on(
    client: Client, row: Application, rosa: Account
) -> None:
    assert "How was it to apply here?" not in client.get(f"/a/{row.status_key}/").content.decode()
    row.outcome = Outcome.WITHDRAWN
    row.save()
    assert "How was it to apply here?" in client.get(f"/a/{row.status_key}/").content.decode()
    client.post(f"/a/{row.status_key}/felt/", {"score": "4", "text": "Quick"})
    client.post(f"/a/{row.status_key}/felt/", {"score": "9"})
    assert Impression.objects.get().score == 4
    by = factories.actor(rosa)
    assert impressions_of(row.job_id, by) is None
    for _ in range(4):
        Impression.objects.create(application=factories.make_application(job=row.job), score=2)
    felt = impressions_of(row.job_id, by)
    assert felt is not None
    assert (felt.count, felt.score) == (5, 2.4)


def test_a_withdrawal_is_taken_back_from_the_page(client: Client, row: Application) -> None:
    client.post(f"/a/{row.status_key}/withdraw/")
    page = client.get(f"/a/{row.status_key}/").content.decode()
    assert "I did not mean to withdraw" in page
    client.post(f"/a/{row.status_key}/withdraw/undo/")
    row.refresh_from_db()
    assert row.outcome == Outcome.OPEN
    assert client.post(f"/a/{row.status_key}/withdraw/undo/", follow=True).status_code == 200


@pytest.mark.parametrize("outcome", ["hired", "rejected", "withdrawn"])
def test_the_page_stays_whatever_became_of_it(
    client: Client, row: Application, rosa: Account, outcome: str
) -> None:
    row.outcome, row.decided_by, row.decision_reason = outcome, rosa, "for a good reason"
    row.save()
    assert client.get(f"/a/{row.status_key}/").status_code == 200


class TestVoluntaryQuestions:
    def test_have_a_page_of_their_own_where_they_are_asked(self, client: Client, row: Application) -> None:
        assert "/voluntary/" in client.get(f"/a/{row.status_key}/?new=1").content.decode()
        page = client.get(f"/a/{row.status_key}/voluntary/").content.decode()
        assert "I prefer not to say" in page
        assert "Race and ethnicity" in page
        here = factories.make_application(job=factories.make_job(country="FR", city="Lyon"))
        assert "/voluntary/" not in client.get(f"/a/{here.status_key}/?new=1").content.decode()
        assert "Nothing is asked" in client.get(f"/a/{here.status_key}/voluntary/").content.decode()

    def test_are_kept_apart_and_shown_to_nobody_with_the_link(self, client: Client, row: Application) -> None:
        client.post(f"/a/{row.status_key}/voluntary/", {"gender": "woman", "origin": "not_said"})
        assert VoluntaryAnswer.objects.count() == 2
        assert "checked" not in client.get(f"/a/{row.status_key}/voluntary/").content.decode()
        client.post(f"/a/{row.status_key}/voluntary/", {"do": "delete"})
        assert not VoluntaryAnswer.objects.exists()

    def test_are_shown_to_the_person_signed_in_and_are_in_their_export(
        self, client: Client, client_as: SignIn, row: Application, ada: Account, eve: Account
    ) -> None:
        client.post(f"/a/{row.status_key}/voluntary/", {"gender": "woman"})
        assert ada.person is not None
        ada.person.country = "US"
        ada.person.save()
        page = client_as(ada).get("/you/voluntary/").content.decode()
        assert 'value="woman" checked' in page
        export = client_as(ada).get("/you/download/").json()
        assert export["voluntary_answers"] == {"gender": "woman"}
        assert client_as(eve).get("/you/download/").json()["voluntary_answers"] == {}

    def test_a_receipt_asks_nothing(self, client: Client, row: Application) -> None:
        claim = Claim.objects.create(application=row, said={"name": "M", "email": "ada@people.example"})
        for path in ("voluntary/", "resume.txt"):
            assert client.get(f"/a/{claim.receipt_key}/{path}").status_code == 404
        for path in ("needs/", "felt/", "talk/", "withdraw/undo/", "confirm/"):
            said = {"need": "other", "score": "3", "text": "x"}
            assert client.post(f"/a/{claim.receipt_key}/{path}", said).status_code == 404, path
        page = client.get(f"/a/{claim.receipt_key}/").content.decode()
        assert "Data engineer" not in page
        assert "If you need something different" not in page


def test_the_export_holds_what_they_sent(
    client: Client, client_as: SignIn, row: Application, ada: Account
) -> None:
    client.post(f"/a/{row.status_key}/needs/", {"need_text": "A ramp"})
    (one,) = client_as(ada).get("/you/download/").json()["applications"]
    assert one["needs"] == [{"needs": [], "text": "A ramp", "arranged": ""}]
