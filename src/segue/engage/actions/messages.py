"""Writing messages. Each is a row first, so that a crash loses none and the outbox shows all."""

from __future__ import annotations

import uuid

from segue.catalog.models import Person
from segue.engage.models import Message
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.queue import enqueue

CAUSES = uuid.UUID("6f2c6f0e-6d0c-5d0c-9d53-6a6f62731c11")  # the namespace of ids made from a cause


def write_message(
    *,
    to: str,
    subject: str,
    text: str,
    kind: str,
    by: Actor,
    person: Person | None = None,
    once_for: str = "",
) -> Message:
    """Store a message and queue its sending, in the caller's transaction.

    With `once_for`, the name of its cause, writing it again returns the message already written.
    """
    line = " ".join(subject.split())[:200]  # a subject is one line: no header can be smuggled in
    draft = Message(to_address=to, subject=line, text=text, kind=kind, person=person)
    if once_for:
        draft.pk = uuid.uuid5(CAUSES, f"{kind}:{once_for}")
        known = Message.objects.filter(pk=draft.pk).first()
        if known is not None:
            return known
    return queue_message(draft, by=by)


@action("engage.queue_message")
def queue_message(message: Message, *, by: Actor) -> Message:
    """Save a drafted message; its audit line names the message and never repeats its words."""
    message.save(force_insert=True)
    key = f"message:{message.pk}"  # somebody waits for it: ahead of what the product does for itself
    enqueue("engage.send_message", unique_key=key, priority=2, message_id=str(message.pk))
    return message
