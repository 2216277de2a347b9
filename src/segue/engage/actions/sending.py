"""Handing a message to the channel."""

from __future__ import annotations

import re

from segue.engage.channels import ChannelRefused, mail_channel
from segue.engage.models import Message, MessageState
from segue.engage.queries.held import Held, quiet
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.queue_held import hold_job

TOKEN_IN_LINK = re.compile(r"(/sign-in/)[A-Za-z0-9_-]{20,}")


@action("engage.send_now")
def send_now(message_id: str, *, by: Actor) -> Message | None:
    """Send a waiting message once; a sent or unknown one is left alone.

    A refusal that cannot pass is kept as failed. A passing one is raised, so that the queue comes
    back later. Should the process die between the peer's yes and our commit, the message goes out
    again under the same Message-ID, which mail servers fold into one.
    """
    message = Message.objects.select_for_update().filter(pk=message_id).first()
    if message is None or not _is_due(message) or _kept_back(message):
        return message
    channel = mail_channel()
    try:
        channel.send(message)
    except ChannelRefused as refused:
        if not refused.permanent:
            raise
        message.state, message.error = MessageState.FAILED, str(refused)[:2000]
    else:
        _note_sent(message, delivered=channel.delivers)
    message.save(update_fields=["state", "sent_at", "error", "text"])
    return message


def _kept_back(message: Message) -> bool:
    """Hold what would go out of a restored place before a person lets it; who asks to sign in now gets in."""
    quiet_since = quiet(Held.MAIL)
    if quiet_since is None or (message.kind == "sign_in" and message.created_at >= quiet_since):
        return False
    hold_job("engage.send_message", message_id=str(message.pk))
    return True


def _is_due(message: Message) -> bool:
    """Whether it waits to be sent; what was taken back or has another time set does not."""
    if message.state == MessageState.SCHEDULED:
        return message.send_at is not None and message.send_at <= clock.now()
    return message.state == MessageState.QUEUED


def _note_sent(message: Message, *, delivered: bool) -> None:
    """Mark it sent. A delivered link is a key in somebody's hand, so our copy of it goes."""
    message.error = ""
    message.state = MessageState.SENT if delivered else MessageState.OUTBOX
    if delivered:
        message.sent_at = clock.now()
        message.text = TOKEN_IN_LINK.sub(r"\1…", message.text)
