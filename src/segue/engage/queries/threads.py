"""Who may read which conversation, and what waits for us."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from segue.catalog.models import Person
from segue.catalog.queries.people import records_of
from segue.engage.letters import new_words
from segue.engage.links import without_keys
from segue.engage.models import Arrival, ArrivalState, Attachment, Message, MessageState, Thread
from segue.kit.actor import Actor, Role
from segue.kit.errors import NotAllowed, NotFound
from segue.kit.paging import Page
from segue.trust.models import Purpose
from segue.trust.queries.consent import purposes_granted

UNSENT = (MessageState.SCHEDULED, MessageState.CANCELLED, MessageState.FAILED)


def threads_visible_to(actor: Actor) -> QuerySet[Thread]:
    """Return the conversations this actor may read.

    The talent team reads all, hiring managers those about their jobs, candidates their own; interviewers,
    analysts and auditors none.
    """
    rows = Thread.objects.select_related("person", "job", "owner").filter(_of_somebody_here())
    if actor.is_talent_team or actor.is_machine:
        return rows
    if actor.role is Role.HIRING_MANAGER:
        return rows.filter(job_id__in=actor.job_ids)
    if actor.role is Role.CANDIDATE and actor.person_id is not None:
        return rows.filter(person__in=records_of(actor.person_id))
    return rows.none()


def _only_unsent() -> Q:
    """Match conversations in which nothing was said but what has not left: it could still be taken back."""
    said = Message.objects.filter(thread=OuterRef("pk"))
    return Q(Exists(said)) & ~Q(Exists(said.exclude(state__in=UNSENT)))


def _of_somebody_here() -> Q:
    return Q(person__erased_at__isnull=True) | Q(person__merged_into__isnull=False)


def thread_for(actor: Actor, thread_id: uuid.UUID) -> Thread:
    """Return one conversation. Raises NotFound for none, or none of theirs."""
    found = threads_visible_to(actor).filter(pk=thread_id).first()
    if found is None:
        raise NotFound(_("There is no such conversation."), field="thread")
    return found


def inbox(actor: Actor, *, which: str = "waiting", after: str = "", size: int = 50) -> Page[Thread]:
    """Return a page of conversations: `waiting` for us (the longest first), one's own (`mine`), or `all` (the
    latest first). A page costs the same at the end of the list as at its beginning. Candidates find none in
    which all that was said can still be taken back.
    """
    rows, waiting = threads_visible_to(actor), which not in {"mine", "all"}
    if waiting:
        rows = rows.filter(waiting_since__isnull=False)
    elif which == "mine":
        rows = rows.filter(owner_id=actor.account_id)
    if actor.person_id is not None:
        rows = rows.exclude(_only_unsent())
    field = "waiting_since" if waiting else "last_at"
    mark = _mark(after)
    if mark is not None:
        beyond = "gt" if waiting else "lt"
        at, pk = mark
        rows = rows.filter(Q(**{f"{field}__{beyond}": at}) | Q(**{field: at, f"pk__{beyond}": pk}))
    order = (field, "pk") if waiting else (f"-{field}", "-pk")
    found = list(rows.order_by(*order)[: size + 1])
    last = found[size - 1] if len(found) > size else None
    more = f"{getattr(last, field).isoformat()}|{last.pk}" if last is not None else ""
    return Page(rows=found[:size], next_after=more)


def _mark(after: str) -> tuple[datetime, uuid.UUID] | None:
    """Where the page before ended, or None for what is no such place."""
    at, _bar, pk = after.partition("|")
    try:
        return datetime.fromisoformat(at), uuid.UUID(pk)
    except ValueError:
        return None


def waiting_count(actor: Actor) -> int:
    """Return how many conversations wait for us, of those this actor may read."""
    return threads_visible_to(actor).filter(waiting_since__isnull=False).order_by().count()


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a conversation, for reading: what is new in it, and what it quotes."""

    message: Message
    words: str
    quoted: str
    ours: bool
    can_be_taken_back: bool


def messages_of(thread: Thread, by: Actor) -> list[Said]:
    """Return what was said, oldest first; a candidate sees nothing that has not left. Raises NotFound."""
    rows = thread_for(by, thread.pk).messages.select_related("author")
    files = Attachment.objects.defer("content")
    rows = rows.prefetch_related(Prefetch("attachments", queryset=files))
    if by.person_id is not None:
        rows = rows.exclude(state__in=UNSENT)
    theirs = by.person_id is not None
    return [_said(row, theirs=theirs) for row in rows.order_by("created_at", "pk")]


def _said(row: Message, *, theirs: bool) -> Said:
    words, quoted = new_words(row.text if theirs else without_keys(row.text))
    return Said(
        message=row,
        words=words,
        quoted=quoted,
        ours=row.state != MessageState.RECEIVED,
        can_be_taken_back=row.state == MessageState.SCHEDULED,
    )


def message_for(actor: Actor, message_id: uuid.UUID) -> Message:
    """Return one message of a conversation this actor may read. Raises NotFound."""
    rows = Message.objects.select_related("thread", "thread__person")
    row = rows.filter(pk=message_id, thread__in=threads_visible_to(actor)).first()
    if row is None:
        raise NotFound(_("There is no such message."), field="message")
    return row


def attachment_for(actor: Actor, attachment_id: int) -> Attachment:
    """Return a file of a conversation this actor may read. Raises NotFound."""
    rows = Attachment.objects.filter(message__thread__in=threads_visible_to(actor))
    found = rows.filter(pk=attachment_id).first()
    if found is None:
        raise NotFound(_("There is no such file."), field="attachment")
    return found


def held_mail(actor: Actor) -> QuerySet[Arrival]:
    """Return the mail nobody could be found for, the oldest first. Raises NotAllowed for other roles."""
    if not (actor.is_talent_team or actor.is_machine):
        raise NotAllowed(_("Held mail is for the talent team."))
    return Arrival.objects.filter(state=ArrivalState.HELD).order_by("at", "pk")


def held_one(actor: Actor, arrival_id: uuid.UUID) -> Arrival:
    """Return one of them, also once settled, so that it can be undone. Raises NotFound."""
    held_mail(actor)
    row = Arrival.objects.filter(pk=arrival_id, state__in=("held", "ignored", "filed")).first()
    if row is None:
        raise NotFound(_("There is no such mail."), field="arrival")
    return row


def may_write_to(person: Person, *, about: str = "") -> bool:
    """Say whether a colleague may begin a conversation: about an application of theirs, where they wrote
    before, or with their yes to letters about jobs."""
    if about or Thread.objects.filter(person=person, messages__state=MessageState.RECEIVED).exists():
        return True
    return Purpose.CONTACT in purposes_granted(person.pk)
