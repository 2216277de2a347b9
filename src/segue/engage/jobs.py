"""Sending what was written."""

from __future__ import annotations

from segue.engage.actions.fetching import fetch_mail
from segue.engage.actions.news import tell_news
from segue.engage.actions.sending import send_now
from segue.engage.actions.webhooks import send_webhook_now
from segue.kit.actor import Actor
from segue.kit.queue import every, job
from segue.kit.queue_leases import Lane
from segue.trust.actions.endpoints import drop_old_deliveries

DAY_S = 86_400
FETCH_S = 60


@job("engage.send_message", lane=Lane.MAIL)
def send_message(message_id: str) -> None:
    """Send one message; a second run of the same job sends nothing."""
    send_now(message_id, by=Actor.machine("mail"))


@every(DAY_S)
@job("engage.tell_news", lane=Lane.LONG)
def tell_news_daily() -> None:
    """Tell colleagues of people who are new to the searches they keep."""
    tell_news(by=Actor.machine("mail"))


@every(FETCH_S)
@job("engage.fetch_mail", lane=Lane.OUTSIDE)
def fetch_mail_often() -> None:
    """Take in what came to our mailbox, where there is one."""
    fetch_mail(by=Actor.machine("mail"))


@job("engage.send_webhook", lane=Lane.OUTSIDE)
def send_webhook(delivery_id: str, attempt: int) -> None:
    """Make one attempt at a delivery; one already made, or a delivery that has ended, is left alone."""
    send_webhook_now(delivery_id, attempt=attempt, by=Actor.machine("webhooks"))


@every(DAY_S)
@job("engage.drop_old_deliveries", lane=Lane.LONG)
def drop_old_deliveries_daily() -> None:
    """Forget what was delivered, or given up, a month ago."""
    drop_old_deliveries()
