"""Clocks that ran out: each is said once, to the person whose turn it is."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from segue.catalog.models import Job
from segue.engage.actions.messages import write_message
from segue.hire.models import Application, Nudge, Outcome
from segue.hire.queries.listing import is_overdue
from segue.hire.queries.pipelines import stages_by_job
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.trust.actions.reviews import open_review
from segue.trust.models import Account, JobMember

BATCH = 5_000


@action("hire.nudge_overdue")
def nudge_overdue(*, by: Actor) -> int:
    """Note every clock that ran out and was not noted yet, and tell whose turn it is; returns how many.

    Told are an application's owner, else the job's member with the stage's duty: one mail a colleague a day.
    Where there is neither, one task a job asks the talent team to find somebody.
    """
    noted = Nudge.objects.filter(application=OuterRef("pk"), due_at=OuterRef("due_at")).values("pk")[:1]
    late = Application.objects.filter(is_overdue(clock.now()), outcome=Outcome.OPEN, due_at__isnull=False)
    late = late.annotate(noted=Subquery(noted)).filter(noted=None).order_by("due_at", "pk")
    rows = list(late.only("job_id", "step", "due_at", "owner_id")[:BATCH])
    whose = whose_turn(rows)
    nudges = [
        Nudge(application=row, due_at=row.due_at, account_id=whose[row.pk]) for row in rows if row.due_at
    ]
    Nudge.objects.bulk_create(nudges, ignore_conflicts=True, batch_size=1000)
    for_whom: dict[uuid.UUID, list[Application]] = defaultdict(list)
    nobodys: set[uuid.UUID] = set()
    for row in rows:
        account_id = whose[row.pk]
        if account_id is None:
            nobodys.add(row.job_id)
        else:
            for_whom[account_id].append(row)
    for account_id, theirs in for_whom.items():
        _write(account_id, theirs, by=by)
    for job in Job.objects.filter(pk__in=nobodys):
        open_review("overdue", job=job, by=by)
    return len(rows)


def whose_turn(rows: Sequence[Application]) -> dict[uuid.UUID, uuid.UUID | None]:
    """Return whose turn each of these is: its owner's, else the job's member's with the stage's duty."""
    jobs = {row.job_id for row in rows}
    stages = stages_by_job(list(jobs))
    team: dict[tuple[uuid.UUID, str], uuid.UUID] = {}
    members = JobMember.objects.filter(job_id__in=jobs, account__is_active=True).order_by("-pk")
    for member in members:
        team[member.job_id, member.duty] = member.account_id
    found: dict[uuid.UUID, uuid.UUID | None] = {}
    for row in rows:
        duty = next((s.duty for s in stages.get(row.job_id, ()) if s.key == row.step), "recruiter")
        found[row.pk] = row.owner_id or team.get((row.job_id, duty)) or team.get((row.job_id, "recruiter"))
    return found


def _write(account_id: uuid.UUID, rows: Iterable[Application], *, by: Actor) -> None:
    """One mail a day: it counts, and names nobody, for mails outlive an erasure."""
    account = Account.objects.filter(pk=account_id, is_active=True).first()
    if account is None:
        return
    count = len(list(rows))
    line = ngettext(
        "%(count)d application waits longer than its stage allows.",
        "%(count)d applications wait longer than their stages allow.",
        count,
    ) % {"count": count}
    link = settings.BASE_URL.rstrip("/") + "/desk/mine/"
    greeting = _("Hello %(name)s,") % {"name": account.name}
    write_message(
        to=account.email,
        subject=_("They are waiting for you"),
        text=f"{greeting}\n\n{line}\n\n{link}\n\n{settings.EMPLOYER_NAME}",
        kind="application_overdue",
        by=by,
        once_for=f"{account.pk}:{clock.now():%Y-%m-%d}",
    )
