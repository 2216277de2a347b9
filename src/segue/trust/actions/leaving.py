"""When somebody leaves: out at once, and what they had in hand is put before a person."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from segue.catalog.models import Job, JobStatus
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor, Role
from segue.kit.errors import NotAllowed
from segue.trust.actions.sign_ins import end_sign_ins
from segue.trust.belongings import belongings_of
from segue.trust.models import Account, ApiKey, JobMember, Review, ReviewState

KIND = "colleague_left"
DAYS = 3


@action("trust.close_account")
def close_account(account: Account, *, by: Actor) -> Account:
    """Shut a colleague out at once, and ask a person who takes over what they had in hand.

    Their decisions keep their name, their API keys open nothing. Raises NotAllowed unless an administrator,
    a directory or our own command asks.
    """
    if by.role not in {Role.ADMINISTRATOR, Role.MACHINE} and not by.has_scope("scim"):
        raise NotAllowed(_("Only an administrator can close an account."), remedy=_("Ask one."))
    account.is_active = False
    account.save(update_fields=["is_active"])
    end_sign_ins(account, by=by)
    _ask_who_takes_over(account)
    return account


def _ask_who_takes_over(account: Account) -> None:
    name = account.name or account.email
    due_at = clock.now() + timedelta(days=DAYS)
    for job, duties in _open_jobs(account).items():
        note = _("%(name)s has left, and was on this job's team (%(duties)s). Who takes over?")
        _open_once(job, note % {"name": name, "duties": ", ".join(duties)}, due_at)
    in_hand = belongings_of(account.pk)
    keys = ApiKey.objects.filter(owner=account, revoked_at=None).count()
    if keys:
        in_hand.append((_("API keys, which open nothing now"), keys))
    if in_hand:
        listed = "; ".join(f"{words}: {count}" for words, count in in_hand)
        note = _("%(name)s (%(email)s) has left, with in hand: %(listed)s. Who takes over?")
        _open_once(None, note % {"name": name, "email": account.email, "listed": listed}, due_at)


def _open_once(job: Job | None, note: str, due_at: datetime) -> None:
    """Each leaver has a task of their own: two who leave one job are two tasks; the same twice is one."""
    Review.objects.get_or_create(
        kind=KIND, job=job, note=note, state=ReviewState.OPEN, defaults={"due_at": due_at}
    )


def _open_jobs(account: Account) -> dict[Job, list[str]]:
    rows = JobMember.objects.filter(account=account, job__status__in=[JobStatus.DRAFT, JobStatus.OPEN])
    found: dict[Job, list[str]] = {}
    for member in rows.select_related("job").order_by("pk"):
        found.setdefault(member.job, []).append(member.duty.replace("_", " "))
    return found
