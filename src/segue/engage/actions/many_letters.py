"""Letters to many, each its own: a thread and a message a person, written and taken back a set at a time."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from segue.catalog.models import Person
from segue.engage.actions.messages import CAUSES
from segue.engage.actions.threads import FARTHEST, LONGEST, mail_domain
from segue.engage.models import Message, MessageState, Thread
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Invalid
from segue.kit.queue import enqueue_many

BEHIND_OTHERS = (
    -10
)  # in the queue: whoever waits for a link to sign in does not wait for five thousand letters
LONGEST_SUBJECT = 200
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter to one of many, filled in. Its id says to whom and for which deed, so it is written once."""

    id: uuid.UUID
    person: Person
    job_id: uuid.UUID | None
    about: str
    subject: str = field(repr=False)
    text: str = field(repr=False)


def id_of_letter(deed_id: uuid.UUID, person_id: uuid.UUID) -> uuid.UUID:
    """Return the id of a deed's letter to a person: the same whoever writes it, and however often."""
    return uuid.uuid5(CAUSES, f"many:{deed_id}:{person_id}")


def check_letter(subject: str, text: str, *, send_at: datetime | None) -> None:
    """Raise Invalid for a letter without subject or words, an endless one, or a time that is past."""
    if not subject:
        raise Invalid(_("A letter needs a subject."), field="subject", remedy=_("Say what it is about."))
    if not text or len(text) > LONGEST:
        raise Invalid(
            _("A letter has between 1 and %d characters.") % LONGEST,
            field="text",
            remedy=_("Write it, or shorten it."),
        )
    at = clock.now()
    if send_at is not None and not at < send_at <= at + FARTHEST:
        raise Invalid(
            _("A letter goes out in the future, within a year."),
            field="send_at",
            remedy=_("Choose another time."),
        )


@action("engage.send_letters")
def send_letters(
    drafts: Sequence[Draft], *, author_id: uuid.UUID | None, send_at: datetime, by: Actor
) -> int:
    """Save letters and queue them, each in a conversation of its own; they leave at `send_at`."""
    at = clock.now()
    threads = [
        Thread(
            person=one.person,
            job_id=one.job_id,
            about=one.about,
            subject=one.subject,
            owner_id=author_id,
            opened_at=at,
            last_at=at,
        )
        for one in drafts
    ]
    Thread.objects.bulk_create(threads, batch_size=BATCH)
    messages = [
        Message(
            pk=one.id,
            thread=thread,
            person=one.person,
            author_id=author_id,
            kind="letter",
            to_address=one.person.email or "",
            subject=one.subject,
            text=one.text,
            header_id=f"<{one.id}@{mail_domain()}>",
            state=MessageState.SCHEDULED,
            created_at=at,
            send_at=send_at,
        )
        for one, thread in zip(drafts, threads, strict=True)
    ]
    Message.objects.bulk_create(messages, batch_size=BATCH)
    jobs = [{"message_id": str(one.pk)} for one in messages]
    enqueue_many("engage.send_message", jobs, run_at=send_at, priority=BEHIND_OTHERS)
    return len(messages)


@action("engage.unwrite_letters")
def unwrite_letters(ids: Sequence[uuid.UUID], *, by: Actor) -> set[uuid.UUID]:
    """Let letters that have not left be as if never written, with the conversations they alone had begun.

    One that is being handed over at this moment is waited for: then it has left, or it comes back. Returns
    which were taken back; nobody has seen any of them.
    """
    waiting = Message.objects.filter(pk__in=list(ids), state=MessageState.SCHEDULED)
    rows = dict(waiting.order_by("pk").select_for_update().values_list("pk", "thread_id"))
    Message.objects.filter(pk__in=list(rows)).delete()
    Thread.objects.filter(pk__in=list(rows.values()), messages=None).delete()
    return set(rows)
