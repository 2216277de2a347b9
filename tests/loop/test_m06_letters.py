"""M6: a letter goes out by a real mail server, is answered, comes home by IMAP, and is read in one place."""

from __future__ import annotations

import email
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.test import override_settings

from segue.engage.actions.fetching import fetch_mail
from segue.engage.actions.sending import send_now
from segue.engage.actions.threads import open_thread, take_back_letter, write_in_thread
from segue.engage.models import Message
from segue.engage.queries.threads import inbox, messages_of
from segue.kit import clock
from segue.kit.actor import Actor
from segue.ports.imap import ImapMailbox
from segue.trust.models import Account
from tests import factories
from tests.factories import actor
from tests.ports.imap.test_imap import _inside, server, url
from tests.ports.smtp.post_office import PostOffice, post_office

__all__ = ["post_office", "server"]  # fixtures of the real peers
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.peer,
    pytest.mark.enable_socket,
    pytest.mark.allow_hosts(["127.0.0.1"]),
]
MAIL = Actor.machine("mail")


def ten_seconds_later(letter: Message) -> None:
    Message.objects.filter(pk=letter.pk).update(send_at=clock.now() - timedelta(seconds=1))
    send_now(str(letter.pk), by=MAIL)


def test_a_letter_and_its_answer(rosa: Account, server: int, post_office: PostOffice) -> None:
    person = factories.make_person(name="Zoë Ågren", email="zoe@people.example")
    factories.grant(person)
    by = actor(rosa)
    with override_settings(
        MAIL_CHANNEL="segue.ports.smtp.SmtpChannel",
        SMTP_URL=f"smtp://127.0.0.1:{post_office.port}",
        MAIL_FROM="Lindenmoor <talent@employer.example>",
    ):
        thread = open_thread(person, subject="Coffee?", by=by)
        taken_back = write_in_thread(thread, "Deer Zoë", by=by)
        take_back_letter(taken_back, by=by)
        ten_seconds_later(taken_back)
        ten_seconds_later(write_in_thread(thread, "Dear Zoë, shall we talk?", by=by))
    (raw,) = post_office.letters
    out = email.message_from_string(raw)
    assert out["Auto-Submitted"] is None
    assert "talent@employer.example" in out["From"]

    answer = EmailMessage()
    answer["From"], answer["Subject"], answer["Message-ID"] = (
        "zoe@people.example",
        "Re: Coffee?",
        "<a@people.example>",
    )
    answer["In-Reply-To"] = out["Message-ID"]
    answer.set_content("Gladly! On Tuesday?")
    with _inside(server) as box:
        box.append("INBOX", "", "", bytes(answer).replace(b"\n", b"\r\n"))
    assert fetch_mail(by=MAIL, box=ImapMailbox(url(server))) == 1

    (waiting,) = inbox(by).rows
    assert waiting == thread
    assert [one.words for one in messages_of(thread, by)][-2:] == [
        "Dear Zoë, shall we talk?",
        "Gladly! On Tuesday?",
    ]
    reply = write_in_thread(thread, "Tuesday it is.", by=by)
    assert reply.references.split()[-1] == "<a@people.example>"
    assert inbox(by).rows == []
