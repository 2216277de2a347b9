"""Writing messages. Each is a row first, so that a crash loses none and the outbox shows all."""

from __future__ import annotations

from segue.catalog.models import Person
from segue.engage.models import Message
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.queue import enqueue


def write_message(
    *, to: str, subject: str, text: str, kind: str, by: Actor, person: Person | None = None
) -> Message:
    """Store a message and queue its sending, in the caller's transaction."""
    line = " ".join(subject.split())[:200]  # a subject is one line: no header can be smuggled in
    draft = Message(to_address=to, subject=line, text=text, kind=kind, person=person)
    return queue_message(draft, by=by)


@action("engage.queue_message")
def queue_message(message: Message, *, by: Actor) -> Message:
    """Save a drafted message; its audit line names the message and never repeats its words."""
    message.save(force_insert=True)
    enqueue("engage.send_message", unique_key=f"message:{message.pk}", message_id=str(message.pk))
    return message
