"""Writing with a person: a thread, letters that can still be taken back, and who looks after it."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.utils.translation import gettext as _

from segue.catalog.models import Job, Person
from segue.engage.models import Message, MessageState, Signature, Thread
from segue.engage.queries.letters import signature_of
from segue.engage.queries.threads import may_write_to
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid, NotAllowed
from segue.kit.queue import enqueue
from segue.trust.models import Account

UNDO_S = 10  # how long a letter waits before it leaves
FARTHEST = timedelta(days=365)
LONGEST = 50_000
MOST_REFERENCES = 20


@action("engage.open_thread")
def open_thread(
    person: Person, *, subject: str, by: Actor, job: Job | None = None, about: str = ""
) -> Thread:
    """Begin a conversation. Raises NotAllowed where they have not allowed it, Invalid without a subject."""
    line = " ".join(subject.split())[:200]
    if not line:
        raise Invalid(_("A letter needs a subject."), field="subject", remedy=_("Say what it is about."))
    if not by.is_machine and by.person_id != person.pk and not may_write_to(person, about=about):
        raise NotAllowed(
            _("They have not said yes to letters about jobs."),
            field="person",
            remedy=_("Wait until they apply or write; or ask them in person."),
        )
    owner_id = by.account_id if by.is_human_staff else None
    return Thread.objects.create(person=person, job=job, about=about, subject=line, owner_id=owner_id)


def write_in_thread(thread: Thread, text: str, *, by: Actor, send_at: datetime | None = None) -> Message:
    """Write a colleague's letter; it leaves in ten seconds, or at `send_at`; until then it can be taken back.

    Raises Invalid for an empty or endless letter or a time that is past, Conflict for somebody without an
    address.
    """
    said, at = text.replace("\x00", "").strip(), clock.now()
    if not said or len(said) > LONGEST:
        raise Invalid(
            _("A letter has between 1 and %d characters.") % LONGEST,
            field="text",
            remedy=_("Write it, or shorten it."),
        )
    if send_at is not None and not at < send_at <= at + FARTHEST:
        raise Invalid(
            _("A letter goes out in the future, within a year."),
            field="send_at",
            remedy=_("Choose another time."),
        )
    if not thread.person.email:
        raise Conflict(
            _("They have no e-mail address."), field="person", remedy=_("Add one to their profile first.")
        )
    return send_letter(_letter(thread, said, by, send_at or at + timedelta(seconds=UNDO_S)), by=by)


@action("engage.send_letter")
def send_letter(message: Message, *, by: Actor) -> Message:
    """Save a written letter and queue it; the audit line names it and never repeats its words."""
    message.save(force_insert=True)
    thread = message.thread
    assert thread is not None
    thread.last_at, thread.waiting_since = clock.now(), None
    if thread.owner_id is None:
        thread.owner_id = by.account_id if by.is_human_staff else None
    thread.save(update_fields=["last_at", "waiting_since", "owner"])
    enqueue(
        "engage.send_message",
        run_at=message.send_at,
        unique_key=f"message:{message.pk}",
        message_id=str(message.pk),
    )
    return message


@action("engage.take_back_letter")
def take_back_letter(message: Message, *, by: Actor) -> Message:
    """Take back a letter that has not left. Raises Conflict once it has."""
    row = Message.objects.select_for_update().get(pk=message.pk)
    if row.state != MessageState.SCHEDULED:
        raise Conflict(
            _("That letter has already left."), field="message", remedy=_("Write another that puts it right.")
        )
    row.state = MessageState.CANCELLED
    row.save(update_fields=["state"])
    _wait_again(row)
    return row


@action("engage.need_no_answer")
def need_no_answer(thread: Thread, *, by: Actor) -> Thread:
    """Say that what they wrote needs no answer."""
    Thread.objects.filter(pk=thread.pk).update(waiting_since=None)
    thread.refresh_from_db()
    return thread


@action("engage.await_answer")
def await_answer(thread: Thread, *, by: Actor) -> Thread:
    """Put the thread back among those that wait for us; the inverse of `need_no_answer`."""
    Thread.objects.filter(pk=thread.pk, waiting_since=None).update(waiting_since=clock.now())
    thread.refresh_from_db()
    return thread


@action("engage.own_thread")
def own_thread(thread: Thread, *, owner_id: uuid.UUID | None, by: Actor) -> Thread:
    """Say who looks after it. Raises Invalid for somebody who cannot."""
    colleagues = Account.objects.filter(person=None, is_active=True)
    if owner_id is not None and not colleagues.filter(pk=owner_id).exists():
        raise Invalid(
            _("Only a colleague looks after letters."), field="owner", remedy=_("Choose a colleague.")
        )
    thread.owner_id = owner_id
    thread.save(update_fields=["owner"])
    return thread


@action("engage.keep_signature")
def keep_signature(*, secret_text: str, by: Actor) -> Signature:
    """Keep how a colleague ends their own letters. Raises NotAllowed for who writes none."""
    if not by.is_human_staff or by.account_id is None:
        raise NotAllowed(_("Letters are for colleagues."))
    text = secret_text.replace("\x00", "").strip()[:600]
    return Signature.objects.update_or_create(account_id=by.account_id, defaults={"text": text})[0]


def _letter(thread: Thread, text: str, by: Actor, send_at: datetime) -> Message:
    """Draft the letter with all that lets an answer find its way back."""
    before = list(
        thread.messages.exclude(header_id="").order_by("created_at", "pk").values_list("header_id", "state")
    )
    ids = [header for header, state in before if state != MessageState.CANCELLED][-MOST_REFERENCES:]
    signed = signature_of(by)
    message = Message(
        thread=thread,
        person=thread.person,
        author_id=by.account_id,
        kind="letter",
        to_address=thread.person.email or "",
        subject=f"Re: {thread.subject}"[:200] if ids else thread.subject,
        text=f"{text}\n\n-- \n{signed}" if signed else text,
        references=" ".join(ids),
        state=MessageState.SCHEDULED,
        send_at=send_at,
    )
    message.header_id = f"<{message.pk}@{mail_domain()}>"
    return message


def mail_domain() -> str:
    """Return the domain our Message-IDs end in."""
    return parseaddr(settings.MAIL_FROM)[1].rpartition("@")[2] or "localhost"


def _wait_again(cancelled: Message) -> None:
    """Where their last word is unanswered without the letter taken back, they wait again."""
    thread = cancelled.thread
    if thread is None:
        return
    rows = thread.messages.exclude(state=MessageState.CANCELLED)
    last = rows.order_by("-created_at", "-pk").first()
    if last is not None and last.state == MessageState.RECEIVED and not last.automatic:
        Thread.objects.filter(pk=thread.pk).update(waiting_since=last.created_at)


def say_in_thread(thread: Thread, text: str, *, by: Actor) -> Message:
    """A candidate's own words, written on the portal. Raises Invalid for none or too many, NotAllowed for
    somebody else's conversation."""
    said = text.replace("\x00", "").strip()
    if by.person_id != thread.person_id:
        raise NotAllowed(_("That conversation is somebody else's."), field="thread")
    if not said or len(said) > LONGEST:
        raise Invalid(_("Write something first."), field="text", remedy=_("Say what you would like to know."))
    message = Message(
        thread=thread,
        person=thread.person,
        kind="reply",
        to_address="",
        from_address=thread.person.email or "",
        subject=thread.subject,
        text=said,
        state=MessageState.RECEIVED,
    )
    return keep_words(message, by=by)


@action("engage.keep_words")
def keep_words(message: Message, *, by: Actor) -> Message:
    """Save what somebody wrote to us; from now they wait for an answer."""
    message.save(force_insert=True)
    rows = Thread.objects.filter(messages=message)
    rows.update(last_at=message.created_at)
    rows.filter(waiting_since=None).update(waiting_since=message.created_at)
    return message
