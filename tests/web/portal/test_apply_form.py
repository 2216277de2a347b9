"""The application form: a job's own questions, a résumé read into it, and nothing typed that is lost."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from segue.catalog.models import Job
from segue.hire.actions.questions import set_questions
from segue.hire.models import Accommodation, Answer, Application, Hold, Question
from segue.trust.models import Account
from segue.web.portal.form_stamp import has_worked, new_stamp, read_stamp
from tests import factories

SignIn = Callable[[Account], Client]
LINA = {"name": "Lina Haddad", "email": "lina@people.example", "resume_text": "Ten years of nursing."}
RESUME = b"Noor Haddad\nnoor@people.example\nBerlin, Germany\n\nExperience\nNurse\tMar 2019 - now\nClinic\n"
NIGHTS = Question("", "yes_no", "Can you work at night?", required=True, look_at=("no",))
SHIFTS = Question("", "one_of", "Which shift?", options=("Early", "Late"), help="You can swap later.")
pytestmark = pytest.mark.django_db


@pytest.fixture
def job() -> Job:
    made = factories.make_job()
    set_questions(made, questions=[NIGHTS, SHIFTS], by=factories.actor(factories.rosa()))
    return made


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody has taken their time over the form."""
    monkeypatch.setattr("segue.web.portal.form_stamp.QUICKEST_S", -1.0)


def form_of(page: str) -> dict[str, str]:
    """Return the hidden fields of a form."""
    return dict(re.findall(r'<input type="hidden" name="(stamp|asked|file_name|work)" value="([^"]*)"', page))


def open_form(client: Client, job: Job) -> dict[str, str]:
    return form_of(client.get(f"/jobs/{job.pk}/apply/").content.decode())


@pytest.mark.usefixtures("later")
class TestQuestions:
    def test_are_asked_and_answered(self, client: Client, job: Job) -> None:
        said = {**LINA, **open_form(client, job), "q_q1": "no", "q_q2": "1"}
        answer = client.post(f"/jobs/{job.pk}/apply/", said)
        assert answer.status_code == 303
        assert [one.value for one in Answer.objects.order_by("place")] == ["no", "Late"]
        assert Application.objects.get().outcome == "open"
        page = client.get(answer["Location"]).content.decode()
        assert "Can you work at night?" in page
        assert not Hold.objects.exists()

    def test_one_that_must_be_answered_is_named_and_everything_typed_stays(
        self, client: Client, job: Job
    ) -> None:
        hidden = open_form(client, job)
        file = SimpleUploadedFile("cv.txt", b"Ten years of nursing")
        said = {**LINA, "resume_text": "", **hidden, "q_q2": "0", "need": "more_time", "need_text": "An hour"}
        answer = client.post(f"/jobs/{job.pk}/apply/", {**said, "resume_file": file})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert 'href="#id_q_q1_0"' in page
        assert re.search(r'value="0" checked', page)
        assert "Ten years of nursing</textarea>" in page
        assert "We have read cv.txt" in page
        assert ">\nAn hour</textarea>" in page
        assert re.search(r'name="need" value="more_time" checked', page)
        again = {**said, **form_of(page), "resume_text": "Ten years of nursing", "q_q1": "yes"}
        assert client.post(f"/jobs/{job.pk}/apply/", again).status_code == 303
        row = Application.objects.get()
        assert row.resume is not None
        assert (row.resume.text, row.resume.file_name) == ("Ten years of nursing", "cv.txt")
        assert Accommodation.objects.get().text == "An hour"

    def test_a_form_on_the_screen_keeps_its_questions_when_they_change(
        self, client: Client, job: Job
    ) -> None:
        hidden = open_form(client, job)
        other = Question("", "short_text", "Something new?", required=True)
        set_questions(job, questions=[other], by=factories.actor(factories.rosa()))
        answer = client.post(f"/jobs/{job.pk}/apply/", {**LINA, **hidden, "q_q1": "yes"})
        assert answer.status_code == 303
        assert Answer.objects.get().asked == NIGHTS.label

    def test_a_tap_too_many_makes_one_application(self, client: Client, job: Job) -> None:
        said = {**LINA, **open_form(client, job), "q_q1": "yes"}
        first = client.post(f"/jobs/{job.pk}/apply/", said)
        again = client.post(f"/jobs/{job.pk}/apply/", said)
        assert first["Location"] == again["Location"]
        assert Application.objects.count() == 1


class TestAResume:
    def test_is_read_into_the_form_and_nothing_is_kept(self, client: Client, job: Job) -> None:
        hidden = open_form(client, job)
        file = SimpleUploadedFile("cv.txt", RESUME)
        answer = client.post(
            f"/jobs/{job.pk}/apply/",
            {**hidden, "do": "read", "note": "Hello", "q_q2": "1", "resume_file": file},
        )
        page = answer.content.decode()
        assert answer.status_code == 200
        assert 'value="Noor Haddad"' in page
        assert 'value="noor@people.example"' in page
        assert "This is what we read" in page
        assert "Clinic" in page
        assert ">\nHello</textarea>" in page
        assert re.search(r'value="1" checked', page)
        assert "Please check" not in page
        assert form_of(page)["stamp"] == hidden["stamp"]
        assert not Application.objects.exists()

    def test_that_cannot_be_read_says_why_and_keeps_the_rest(self, client: Client, job: Job) -> None:
        file = SimpleUploadedFile("cv.pdf", b"%PDF-1.7")
        answer = client.post(f"/jobs/{job.pk}/apply/", {"do": "read", "name": "Lina", "resume_file": file})
        assert answer.status_code == 422
        assert 'value="Lina"' in answer.content.decode()

    def test_of_somebody_known_is_sent_with_two_taps(self, ada: Account, client_as: SignIn) -> None:
        plain = factories.make_job()
        assert ada.person is not None
        factories.make_resume(ada.person, text="Data engineer, Python.")
        window = client_as(ada)
        page = window.get(f"/jobs/{plain.pk}/apply/").content.decode()
        assert "We send your name and your newest résumé" in page
        text = re.search(r'name="resume_text"[^>]*>\s*([^<]*)</textarea>', page)
        assert text is not None
        said = {**form_of(page), "name": ada.person.name, "resume_text": text[1]}
        assert window.post(f"/jobs/{plain.pk}/apply/", said).status_code == 303
        assert Application.objects.get().person == ada.person
        assert not Hold.objects.exists()


class TestWhatLooksLikeAProgram:
    def flags(self) -> list[str]:
        found: list[str] = Hold.objects.get().flags
        return found

    @pytest.mark.usefixtures("later")
    def test_a_filled_trap(self, client: Client) -> None:
        job = factories.make_job()
        said = {**LINA, **open_form(client, job), "confirm_code": "http://spam.example"}
        assert client.post(f"/jobs/{job.pk}/apply/", said).status_code == 303
        assert self.flags() == ["trap"]

    def test_a_form_sent_in_no_time(self, client: Client) -> None:
        job = factories.make_job()
        client.post(f"/jobs/{job.pk}/apply/", {**LINA, **open_form(client, job)})
        assert self.flags() == ["fast"]

    def test_a_form_that_is_not_ours_or_another_jobs(self, client: Client) -> None:
        job, other = factories.make_job(), factories.make_job()
        client.post(f"/jobs/{job.pk}/apply/", {**LINA, "stamp": new_stamp(other.pk)})
        assert self.flags() == ["no_stamp"]
        page = client.get(f"/a/{Application.objects.get().status_key}/").content.decode()
        assert "we have sent you a mail" in page

    def test_the_mail_lets_it_in(self, client: Client) -> None:
        job = factories.make_job()
        client.post(f"/jobs/{job.pk}/apply/", LINA)
        row = Application.objects.get()
        from segue.hire.proofs import proof_of

        page = client.get(f"/a/{row.status_key}/?yes={proof_of(row)}").content.decode()
        assert "Did you send this?" in page
        client.post(f"/a/{row.status_key}/confirm/", {"yes": "guess"})
        assert Hold.objects.get().released_at is None
        client.post(f"/a/{row.status_key}/confirm/", {"yes": proof_of(row)})
        assert Hold.objects.get().by_mail

    @pytest.mark.usefixtures("later")
    @pytest.mark.parametrize(
        "by_hand_or_helper",
        [
            {},  # keyboard and screen reader: the trap is out of the tab order and unnamed
            {"confirm_code": ""},  # sent by every browser, for the field is there
            {"username": "lina", "current-password": "x", "website": "", "url": "https://lina.example"},
        ],
        ids=["a screen reader", "a browser", "a password manager that fills what it likes"],
    )
    def test_people_and_their_helpers_pass(self, client: Client, by_hand_or_helper: dict[str, str]) -> None:
        job = factories.make_job()
        said = {**LINA, **open_form(client, job), **by_hand_or_helper}
        assert client.post(f"/jobs/{job.pk}/apply/", said).status_code == 303
        assert not Hold.objects.exists()

    def test_the_trap_is_hidden_from_everybody_who_could_fall_into_it(self, client: Client) -> None:
        page = client.get(f"/jobs/{factories.make_job().pk}/apply/").content.decode()
        trap = re.search(r'<div class="visually-hidden" aria-hidden="true">.*?</div>', page, re.DOTALL)
        assert trap is not None
        assert 'tabindex="-1"' in trap[0]
        assert 'autocomplete="off"' in trap[0]

    def test_colleagues_and_people_signed_in_are_never_asked(self, ada: Account, client_as: SignIn) -> None:
        job = factories.make_job()
        client_as(ada).post(f"/jobs/{job.pk}/apply/", LINA)
        assert not Hold.objects.exists()


def test_a_stamp_is_for_one_job_and_cannot_be_made_up() -> None:
    job = factories.make_job()
    text = new_stamp(job.pk)
    stamp = read_stamp(text, job.pk)
    assert stamp is not None
    assert read_stamp(text[:-1] + "x", job.pk) is None
    assert read_stamp("", job.pk) is read_stamp("a:b:c", job.pk) is None


def test_the_sum_is_what_the_browser_does() -> None:
    stamp = "a stamp"
    answer = next(
        n for n in itertools.count() if hashlib.sha256(f"{stamp}:{n}".encode()).digest()[:2] == b"\0\0"
    )
    assert has_worked(stamp, str(answer))
    assert not has_worked(stamp, str(answer + 1))
    assert not has_worked(stamp, "9" * 13)


def test_too_often_keeps_what_was_typed(client: Client, django_assert_num_queries: Any) -> None:
    job = factories.make_job()
    for _ in range(5):
        client.post(f"/jobs/{job.pk}/apply/", {**LINA, "stamp": new_stamp(job.pk)})
    answer = client.post(f"/jobs/{job.pk}/apply/", {**LINA, "note": "Please read this"})
    assert answer.status_code == 429
    assert "Please read this</textarea>" in answer.content.decode()


def test_the_form_costs_few_queries(client: Client, job: Job, django_assert_max_num_queries: Any) -> None:
    client.get(f"/jobs/{job.pk}/apply/")
    with django_assert_max_num_queries(9):
        client.get(f"/jobs/{job.pk}/apply/")
