"""The desk's letters: read, answer, take back, settle doubt, and keep what is written often."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from segue.engage.actions.arriving import receive_mail
from segue.engage.actions.threads import open_thread
from segue.engage.models import Arrival, Attachment, MailTemplate, Message, MessageState, Thread
from segue.kit import clock
from segue.kit.actor import Actor
from segue.trust.models import Account
from tests import factories
from tests.engage.test_threads import mail
from tests.factories import actor

SignIn = Callable[[Account], Client]
pytestmark = pytest.mark.django_db
MAIL = Actor.machine("mail")


@pytest.fixture
def thread(rosa: Account) -> Thread:
    person = factories.make_person(name="زينب علي", email="zainab@people.example")
    factories.grant(person)
    return open_thread(person, subject="Coffee?", by=actor(rosa))


def test_an_empty_inbox_says_so(rosa: Account, client_as: SignIn) -> None:
    page = client_as(rosa).get("/desk/inbox/").content.decode()
    assert "Nobody waits for an answer." in page


def test_a_letter_is_written_sent_and_taken_back(rosa: Account, client_as: SignIn, thread: Thread) -> None:
    window = client_as(rosa)
    answer = window.post(f"/desk/inbox/{thread.pk}/", {"text": "Shall we talk?", "do": "send"}, follow=True)
    page = answer.content.decode()
    assert "On its way in ten seconds." in page
    letter = Message.objects.get(thread=thread)
    assert f"/desk/inbox/letters/{letter.pk}/back" in page
    page = window.post(f"/desk/inbox/letters/{letter.pk}/back", follow=True).content.decode()
    assert "Taken back before it left." in page
    letter.refresh_from_db()
    assert letter.state == MessageState.CANCELLED


def test_what_is_refused_keeps_what_was_typed(rosa: Account, client_as: SignIn, thread: Thread) -> None:
    window = client_as(rosa)
    past = (clock.now() - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    answer = window.post(f"/desk/inbox/{thread.pk}/", {"text": "My long letter", "send_at": past})
    assert answer.status_code == 422
    assert "My long letter" in answer.content.decode()
    assert window.post(f"/desk/inbox/{thread.pk}/", {"text": "x", "send_at": "soon"}).status_code == 422


def test_a_kept_letter_is_filled_in_or_says_what_is_missing(
    rosa: Account, client_as: SignIn, thread: Thread
) -> None:
    window = client_as(rosa)
    wrong = {"name": "Hello", "subject": "Hi", "text": "Dear {{ nam }}"}
    answer = window.post("/desk/inbox/kept/?edit=new", wrong)
    assert answer.status_code == 422
    assert "Dear {{ nam }}" in answer.content.decode()
    window.post("/desk/inbox/kept/?edit=new", wrong | {"text": "Dear {{ name }}, from {{ sender }}."})
    kept = MailTemplate.objects.get()
    page = window.post(f"/desk/inbox/{thread.pk}/", {"do": "fill", "template": kept.pk, "text": "PS"})
    assert "Dear زينب علي, from Rosa" in page.content.decode()
    MailTemplate.objects.update(text="About {{ job }}.")
    answer = window.post(f"/desk/inbox/{thread.pk}/", {"do": "fill", "template": kept.pk, "text": "PS"})
    assert answer.status_code == 422
    assert "{{ job }}" in answer.content.decode()
    window.post(f"/desk/inbox/kept/{kept.pk}/retire")
    window.get("/desk/inbox/")  # the toast with its undo is read
    assert str(kept.pk) not in window.get(f"/desk/inbox/{thread.pk}/").content.decode()


def test_held_mail_is_filed_by_a_human_and_undone(rosa: Account, client_as: SignIn, thread: Thread) -> None:
    arrival = receive_mail(mail("زينب علي <z.private@people.example>", subject="<b>Hi</b>"), by=MAIL)
    window = client_as(rosa)
    assert "z.private@people.example" in window.get("/desk/inbox/held/").content.decode()
    page = window.get(f"/desk/inbox/held/{arrival.pk}/").content.decode()
    assert "&lt;b&gt;Hi&lt;/b&gt;" in page
    assert str(thread.person_id) in page  # a guess by name
    said = window.post(f"/desk/inbox/held/{arrival.pk}/file", {"person": "nobody@x"}, follow=True)
    assert "Nobody is known by" in said.content.decode()
    window.post(f"/desk/inbox/held/{arrival.pk}/file", {"person": str(thread.person_id)})
    arrival.refresh_from_db()
    assert arrival.state == "filed"
    window.post(f"/desk/inbox/held/{arrival.pk}/again")
    window.post(f"/desk/inbox/held/{arrival.pk}/ignore")
    arrival.refresh_from_db()
    assert (arrival.state, arrival.settled_by) == ("ignored", rosa)


def test_a_file_is_saved_and_never_shown(rosa: Account, client_as: SignIn, thread: Thread) -> None:
    message = Message.objects.create(
        thread=thread, person=thread.person, kind="reply", to_address="", subject=""
    )
    file = Attachment.objects.create(
        message=message, name='a"b.html', content_type="text/html", size=4, content=b"<b>x"
    )
    answer = client_as(rosa).get(f"/desk/inbox/files/{file.pk}")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")


def test_who_has_no_business_here_is_turned_away(
    ines: Account, theo: Account, max_: Account, client_as: SignIn, thread: Thread
) -> None:
    for somebody in (ines, theo):
        assert client_as(somebody).get("/desk/inbox/").status_code == 403
    window = client_as(max_)
    assert window.get("/desk/inbox/").status_code == 200
    assert window.get(f"/desk/inbox/{thread.pk}/").status_code == 404
    assert window.get("/desk/inbox/held/").status_code == 403


def test_a_conversation_costs_the_same_however_long(
    rosa: Account, client_as: SignIn, thread: Thread, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        row = Message.objects.create(
            thread=thread, person=thread.person, kind="reply", to_address="", subject="", text=str(number)
        )
        Attachment.objects.create(message=row, name="x", content_type="text/plain", size=1, content=b"x")
    window = client_as(rosa)
    window.get(f"/desk/inbox/{thread.pk}/")
    with django_assert_max_num_queries(10):
        window.get(f"/desk/inbox/{thread.pk}/")


def test_a_provider_hands_mail_over_with_its_token_alone(client: Client, settings: object) -> None:
    raw = mail("a@people.example")
    kind = "message/rfc822"
    assert client.post("/mail/in", raw, content_type=kind).status_code == 404
    settings.MAIL_IN_SECRET = "s3cret"  # type: ignore[attr-defined]
    assert client.post("/mail/in", raw, content_type=kind).status_code == 401
    token = {"Authorization": "Bearer s3cret"}
    first = client.post("/mail/in", raw, content_type=kind, headers=token)
    assert (first.status_code, first.json()["state"]) == (200, "held")
    assert client.post("/mail/in", raw, content_type=kind, headers=token).json() == first.json()
    assert Arrival.objects.count() == 1
    wrong = client.post("/mail/in", b"nothing", content_type=kind, headers=token)
    assert (wrong.status_code, wrong.json()["field"]) == (422, "mail")


def test_an_application_under_way_is_ground_enough_to_write(rosa: Account, client_as: SignIn) -> None:
    silent = factories.make_person()
    window = client_as(rosa)
    typed = {"subject": "Your application", "text": "Thank you."}
    assert window.post(f"/desk/people/{silent.pk}/write", typed).status_code == 403
    application = factories.make_application(person=silent, job=factories.make_job(title="Baker"))
    assert (
        "About their application for Baker" in window.get(f"/desk/people/{silent.pk}/write").content.decode()
    )
    window.post(f"/desk/people/{silent.pk}/write", typed)
    thread = Thread.objects.get()
    assert (thread.about, thread.job_id) == (f"application:{application.pk}", application.job_id)
