"""A message is a row first; then it leaves by the channel of the house, once."""

from __future__ import annotations

from typing import ClassVar

import pytest
from django.test import override_settings

from segue.engage.actions.messages import write_message
from segue.engage.channels import ChannelRefused, mail_channel
from segue.engage.jobs import send_message
from segue.engage.models import Message, MessageState
from segue.engage.queries.outbox import outbox
from segue.kit.actor import Actor
from segue.kit.errors import NotAllowed
from segue.kit.models import QueueJob
from segue.kit.queue import work_off
from segue.ports.smtp import OutboxChannel
from segue.trust.models import Account
from tests.factories import actor

pytestmark = pytest.mark.django_db
MACHINE = Actor.machine("test")


class Postbox:
    """A channel that keeps what it is handed."""

    delivers = True
    handed: ClassVar[list[str]] = []

    def send(self, message: Message) -> None:
        self.handed.append(message.subject)


class Grumpy:
    """A channel that refuses: for good where the subject says so, else for now."""

    delivers = True

    def send(self, message: Message) -> None:
        raise ChannelRefused("no", permanent="never" in message.subject)


@pytest.fixture(autouse=True)
def _empty_postbox() -> None:
    Postbox.handed.clear()


def through(channel: type) -> override_settings:
    return override_settings(MAIL_CHANNEL=f"{channel.__module__}.{channel.__qualname__}")


def write(subject: str = "Hello", **fields: str) -> Message:
    return write_message(
        to="ada@people.example", subject=subject, text="Hi.", kind="note", by=MACHINE, **fields
    )


def test_by_default_it_stays_in_the_outbox() -> None:
    assert isinstance(mail_channel(), OutboxChannel)
    message = write()
    assert message.state == MessageState.QUEUED
    work_off()
    message.refresh_from_db()
    assert (message.state, message.sent_at) == (MessageState.OUTBOX, None)


def test_the_job_run_twice_sends_once() -> None:
    message = write()
    with through(Postbox):
        send_message(str(message.pk))
        send_message(str(message.pk))
    message.refresh_from_db()
    assert Postbox.handed == ["Hello"]
    assert message.state == MessageState.SENT
    assert message.sent_at is not None


def test_written_twice_for_one_cause_is_written_once() -> None:
    assert write(once_for="entry 7") == write("Again", once_for="entry 7")
    assert write(once_for="entry 8") != write(once_for="entry 7")
    assert Message.objects.count() == 2


def test_no_header_hides_in_a_subject() -> None:
    assert write("Hello\r\nBcc: everybody@people.example").subject == "Hello Bcc: everybody@people.example"


def test_a_refusal_for_good_is_kept_with_its_words() -> None:
    message = write("never")
    with through(Grumpy):
        work_off()
    message.refresh_from_db()
    assert (message.state, message.error) == (MessageState.FAILED, "no")
    assert not QueueJob.objects.exists()


def test_a_refusal_for_now_is_tried_again() -> None:
    message = write()
    with through(Grumpy):
        work_off()
    message.refresh_from_db()
    assert message.state == MessageState.QUEUED
    assert QueueJob.objects.get().attempts == 1


def test_a_key_that_was_delivered_is_not_kept() -> None:
    message = write()
    Message.objects.update(
        text="Press https://jobs.example/sign-in/AbcdefghijklmnopqrstuvwxyZ_-12/?next=%2F now"
    )
    with through(Postbox):
        work_off()
    message.refresh_from_db()
    assert message.text == "Press https://jobs.example/sign-in/…/?next=%2F now"


def test_a_message_nobody_has_is_no_error() -> None:
    send_message("01a204f5-557a-7f13-aef1-fa403c167144")


class TestTheOutboxPage:
    def test_is_for_administrators(self, mia: Account, rosa: Account, ada: Account) -> None:
        first, second = write("one"), write("two")
        assert list(outbox(actor(mia))) == [second, first]
        for other in (actor(rosa), actor(ada), Actor.anonymous()):
            with pytest.raises(NotAllowed):
                outbox(other)

    @override_settings(DEMO=True)
    def test_is_for_everybody_in_the_demo(self) -> None:
        assert outbox(Actor.anonymous()).count() == 0
