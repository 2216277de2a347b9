"""Sending what was written."""

from __future__ import annotations

from segue.engage.actions.news import tell_news
from segue.engage.actions.sending import send_now
from segue.kit.actor import Actor
from segue.kit.queue import every, job

DAY_S = 86_400


@job("engage.send_message")
def send_message(message_id: str) -> None:
    """Send one message; a second run of the same job sends nothing."""
    send_now(message_id, by=Actor.machine("mail"))


@every(DAY_S)
@job("engage.tell_news")
def tell_news_daily() -> None:
    """Tell colleagues of people who are new to the searches they keep."""
    tell_news(by=Actor.machine("mail"))
