"""Reminders of cards and decisions that are due: each is said once, and once a day to each colleague."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping

from django.conf import settings
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from segue.catalog.models import Job
from segue.engage.actions.messages import write_message
from segue.hire.actions.clocks import whose_turn
from segue.hire.models import Debrief
from segue.hire.queries.debriefs import pending_decisions
from segue.hire.queries.scorecards import owed_places
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.trust.actions.reviews import open_review
from segue.trust.models import Account

BATCH = 5_000
_NOT_SAID = Q(nudged_for=None) | ~Q(nudged_for=F("due_at"))


@action("hire.nudge_scorecards")
def nudge_scorecards(*, by: Actor) -> int:
    """Remind interviewers of cards that are due, once for each due date; returns how many there were."""
    late = owed_places().filter(_NOT_SAID, due_at__lte=clock.now()).order_by("due_at", "pk")
    rows = list(late.select_for_update(of=("self",), skip_locked=True)[:BATCH])
    for row in rows:
        row.nudged_for = row.due_at
        row.save(update_fields=["nudged_for"])
    counts = Counter(row.account_id for row in rows)
    for account, count in _reached(counts):
        line = ngettext(
            "%(count)d scorecard of yours is due. Until it is in, nobody can decide.",
            "%(count)d scorecards of yours are due. Until they are in, nobody can decide.",
            count,
        )
        _write(account, line % {"count": count}, "/desk/scorecards/", kind="scorecard_due", by=by)
    return len(rows)


@action("hire.nudge_decisions")
def nudge_decisions(*, by: Actor) -> int:
    """Remind who decides of panels whose cards have been in too long; returns how many there were.

    Told are an application's owner, else the job's hiring manager or recruiter; where there is nobody, one
    task a job asks the talent team.
    """
    late = pending_decisions().filter(_NOT_SAID, due_at__lte=clock.now()).order_by("due_at", "pk")
    rows = list(late.select_related("application").select_for_update(of=("self",), skip_locked=True)[:BATCH])
    for row in rows:
        row.nudged_for = row.due_at
        row.save(update_fields=["nudged_for"])
    whose = whose_turn([row.application for row in rows])
    counts = Counter(key for row in rows if (key := whose[row.application_id]))
    for account, count in _reached(counts):
        line = ngettext(
            "%(count)d person waits for a decision, and every scorecard is in.",
            "%(count)d people wait for a decision, and every scorecard is in.",
            count,
        )
        _write(account, line % {"count": count}, "/desk/", kind="decision_due", by=by)
    _ask_talent_team(rows, whose, by=by)
    return len(rows)


def _ask_talent_team(rows: list[Debrief], whose: Mapping[uuid.UUID, uuid.UUID | None], *, by: Actor) -> None:
    nobodys = {row.application.job_id for row in rows if whose[row.application_id] is None}
    for job in Job.objects.filter(pk__in=nobodys):
        open_review("undecided", job=job, by=by)


def _reached(counts: Counter[uuid.UUID]) -> list[tuple[Account, int]]:
    found = Account.objects.filter(pk__in=counts, is_active=True)
    return [(account, counts[account.pk]) for account in found]


def _write(account: Account, line: str, path: str, *, kind: str, by: Actor) -> None:
    """One mail a day: it counts, and names nobody, for mails outlive an erasure."""
    greeting = _("Hello %(name)s,") % {"name": account.name}
    link = settings.BASE_URL.rstrip("/") + path
    write_message(
        to=account.email,
        subject=_("They are waiting for you"),
        text=f"{greeting}\n\n{line}\n\n{link}\n\n{settings.EMPLOYER_NAME}",
        kind=kind,
        by=by,
        once_for=f"{account.pk}:{clock.now():%Y-%m-%d}",
    )
