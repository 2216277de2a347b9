"""Mail that reached us: filed with the person who wrote it, or held until somebody says whose it is.

A From line is easily forged, so it opens nothing: what comes in is read by colleagues and changes no data of
anybody's. It is filed by itself only where it answers a letter of ours from the address that letter went to,
or comes from an address that is one person's alone; all else waits for a human.
"""

from __future__ import annotations

import re
import uuid
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from segue.catalog.models import PRESENT, Person
from segue.engage.letters import Letter, read_letter
from segue.engage.models import Arrival, ArrivalState, Attachment, Message, MessageState, Thread
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid

_FUTURE = timedelta(minutes=5)
_REPLY = re.compile(r"^\s*(?:(?:re|aw|fwd?|wg|tr|rv)\s*:\s*)+", re.IGNORECASE)


def receive_mail(raw: bytes, *, by: Actor) -> Arrival:
    """Take in one mail; the same again returns what was made of it the first time.

    Raises Invalid for what is no mail, or one larger than 25 MB.
    """
    try:
        letter = read_letter(raw)
    except ValueError as error:
        raise Invalid(
            str(error), field="mail", remedy=_("Send the whole message as it came, in RFC 5322 form.")
        ) from error
    known = Arrival.objects.filter(key=letter.key).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return file_arrival(letter, secret_raw=raw, by=by)
    except IntegrityError:  # another process was handed the same mail and was quicker
        return Arrival.objects.get(key=letter.key)


@action("engage.file_arrival")
def file_arrival(letter: Letter, *, secret_raw: bytes, by: Actor) -> Arrival:
    """Decide what a new mail is: a bounce, an answer, a letter from somebody known, or nobody can say."""
    arrival = Arrival(key=letter.key, from_address=letter.from_address, subject=letter.subject)
    if letter.bounced:
        arrival.state, arrival.why = ArrivalState.BOUNCE, "delivery_report"
        arrival.message = _note_bounce(letter)
        arrival.save(force_insert=True)
        return arrival
    thread, arrival.why = _thread_of(letter)
    if thread is None:
        arrival.state, arrival.raw = ArrivalState.HELD, secret_raw
        arrival.save(force_insert=True)
        return arrival
    arrival.state, arrival.message = ArrivalState.FILED, _filed(letter, thread)
    arrival.save(force_insert=True)
    return arrival


@action("engage.settle_arrival")
def settle_arrival(arrival: Arrival, *, person: Person, by: Actor) -> Arrival:
    """Say whose held mail it is. Raises Conflict where it is settled already."""
    row = _held(arrival)
    letter = read_letter(bytes(row.raw or b""))
    thread = _answered(letter) or _of_subject(person, letter.subject)
    if thread is None or thread.person_id != person.pk:
        thread = _of_subject(person, letter.subject) or _new_thread(person, letter.subject)
    row.state, row.message = ArrivalState.FILED, _filed(letter, thread)
    return _settled(row, by)


@action("engage.ignore_arrival")
def ignore_arrival(arrival: Arrival, *, by: Actor) -> Arrival:
    """Set held mail aside: nobody's, or not for us. Raises Conflict where it is settled already."""
    row = _held(arrival)
    row.state = ArrivalState.IGNORED
    return _settled(row, by)


@action("engage.hold_again")
def hold_again(arrival: Arrival, *, by: Actor) -> Arrival:
    """Undo: the mail waits for a human again, and what was filed of it goes. Raises Conflict where it was
    filed without one."""
    row = Arrival.objects.select_for_update().get(pk=arrival.pk)
    if row.raw is None or row.state not in (ArrivalState.FILED, ArrivalState.IGNORED):
        raise Conflict(_("That mail was not settled by hand."), field="arrival")
    filed, row.message = row.message, None
    row.state, row.settled_at, row.settled_by_id = ArrivalState.HELD, None, None
    row.save()
    if filed is not None:
        thread = filed.thread
        filed.delete()
        if thread is not None and not thread.messages.exists():
            thread.delete()
    return row


def _held(arrival: Arrival) -> Arrival:
    row = Arrival.objects.select_for_update().get(pk=arrival.pk)
    if row.state != ArrivalState.HELD:
        raise Conflict(_("Somebody has settled that mail already."), field="arrival", remedy=_("Look again."))
    return row


def _settled(row: Arrival, by: Actor) -> Arrival:
    row.settled_at, row.settled_by_id = clock.now(), by.account_id
    row.save()
    return row


def _thread_of(letter: Letter) -> tuple[Thread | None, str]:
    """The conversation a mail belongs to, with the name of the rule that says so or says not."""
    answered = _answered(letter)
    if answered is not None:
        if _is_theirs(letter.from_address, answered.person):
            return answered, "answers_our_letter"
        return None, "answer_from_another_address"
    people = list(_present().filter(email__iexact=letter.from_address)[:2])
    if len(people) != 1:
        return None, "nobody_known" if not people else "more_than_one"
    (person,) = people
    return _of_subject(person, letter.subject) or _new_thread(person, letter.subject), "from_their_address"


def _present() -> QuerySet[Person]:
    return Person.objects.filter(PRESENT)


def _answered(letter: Letter) -> Thread | None:
    """The conversation of the latest letter this one names that we know of."""
    known = Q(header_id__in=letter.answers) | Q(pk__in=[pk for one in letter.answers if (pk := _our_id(one))])
    row = (
        Message.objects.filter(known, thread__isnull=False)
        .select_related("thread__person")
        .order_by("-created_at")
        .first()
    )
    return row.thread if row is not None else None


def _our_id(header_id: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(header_id.strip("<>").partition("@")[0])
    except ValueError:
        return None


def _is_theirs(address: str, person: Person) -> bool:
    wrote_to = Message.objects.filter(thread__person=person, to_address__iexact=address)
    return (person.email or "").lower() == address or wrote_to.exists()


def _of_subject(person: Person, subject: str) -> Thread | None:
    """Their latest conversation under this subject."""
    bare = _REPLY.sub("", subject).strip()
    rows = Thread.objects.filter(person=person, subject__iexact=bare) if bare else Thread.objects.none()
    return rows.select_related("person").order_by("-last_at").first()


def _new_thread(person: Person, subject: str) -> Thread:
    bare = _REPLY.sub("", subject).strip()
    return Thread.objects.create(person=person, subject=bare or _("Without a subject"))


def _filed(letter: Letter, thread: Thread) -> Message:
    """Put a mail into its conversation; a person's own words wait for an answer, a machine's do not."""
    message = Message.objects.create(
        thread=thread,
        person=thread.person,
        kind="reply",
        to_address="",
        from_address=letter.from_address,
        subject=letter.subject,
        text=letter.text,
        header_id=letter.header_id[:300],
        references=" ".join(letter.answers),
        automatic=letter.automatic,
        state=MessageState.RECEIVED,
        created_at=_when(letter.at),
    )
    Attachment.objects.bulk_create(
        Attachment(
            message=message,
            name=one.name,
            content_type=one.content_type,
            size=len(one.content),
            content=one.content,
        )
        for one in letter.files
    )
    thread.last_at = max(thread.last_at, message.created_at)
    if not letter.automatic and thread.waiting_since is None:
        thread.waiting_since = message.created_at
    thread.save(update_fields=["last_at", "waiting_since"])
    return message


def _when(at: datetime | None) -> datetime:
    """When it was written, as it says; never in the future, since it is here."""
    here = clock.now()
    return at if at is not None and at <= here + _FUTURE and at.year >= 2000 else here


def _note_bounce(letter: Letter) -> Message | None:
    """Mark the letter that came back as not sent, saying why."""
    ids = [pk for one in letter.bounced if (pk := _our_id(one))]
    row = Message.objects.select_for_update().filter(pk__in=ids, state=MessageState.SENT).first()
    if row is not None:
        row.state = MessageState.FAILED
        row.error = f"It came back{' for good' if letter.for_good else ''}: {letter.text}"[:2000]
        row.save(update_fields=["state", "error"])
    return row
