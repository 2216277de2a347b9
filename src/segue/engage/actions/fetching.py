"""Reading our mailbox from where we left off."""

from __future__ import annotations

from segue.engage.actions.arriving import receive_mail
from segue.engage.mailboxes import Mailbox, MailboxRefused, mailbox
from segue.engage.models import MailboxMark
from segue.kit import clock, logs
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Invalid

BATCH = 200
log = logs.get("segue.mail")


def fetch_mail(*, by: Actor, box: Mailbox | None = None) -> int:
    """Take in what is new in the mailbox of the settings; return how many mails were read.

    Each mail and the mark behind it are one transaction: killed in between, the next run reads on where this
    one stopped, and a mail met again is known by its id.
    """
    found = box or mailbox()
    if found is None:
        return 0
    mark = MailboxMark.objects.get_or_create(name=found.name)[0]
    count = 0
    try:
        for incoming in found.since(mark.validity, mark.last_uid, most=BATCH):
            take_in(found.name, validity=incoming.validity, uid=incoming.uid, secret_raw=incoming.raw, by=by)
            count += 1
    except MailboxRefused as refused:
        MailboxMark.objects.filter(name=found.name).update(error=str(refused)[:2000])
        raise
    MailboxMark.objects.filter(name=found.name).update(read_at=clock.now(), error="")
    return count


@action("engage.take_in")
def take_in(box_name: str, *, validity: int, uid: int, secret_raw: bytes, by: Actor) -> None:
    """File one mail and move the mark behind it; what is no mail is passed over, and logged."""
    try:
        receive_mail(secret_raw, by=by)
    except Invalid as error:
        log.warning("mail_not_read", mailbox=box_name, uid=uid, why=error.message)
    MailboxMark.objects.filter(name=box_name).update(validity=validity, last_uid=uid)
