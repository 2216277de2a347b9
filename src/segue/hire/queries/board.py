"""What the desk counts about applications: who waits, and how many stand where."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from segue.catalog.models import Resume
from segue.hire.models import Application, Outcome, Stage
from segue.hire.queries.applications import applications_visible_to
from segue.hire.queries.holding import is_held
from segue.kit.actor import Actor


@dataclass(frozen=True, slots=True)
class JobCounts:
    """A job's applications: all, still open, and those nobody has looked at yet."""

    total: int = 0
    open: int = 0
    waiting: int = 0


def waiting_for(actor: Actor) -> QuerySet[Application]:
    """Return new applications this colleague may act on, the longest-waiting first."""
    rows = applications_visible_to(actor).filter(~is_held(), outcome=Outcome.OPEN, stage=Stage.APPLIED)
    return rows.select_related("person", "job").order_by("applied_at", "id")


def counts_by_job(job_ids: Iterable[uuid.UUID], by: Actor) -> dict[uuid.UUID, JobCounts]:
    """Return the counts of several jobs in one query; jobs without applications are left out."""
    is_open = Q(outcome=Outcome.OPEN)
    rows = (
        applications_visible_to(by)
        .filter(job_id__in=list(job_ids))
        .order_by()
        .values_list("job_id")
        .annotate(
            n_all=Count("pk"),
            n_open=Count("pk", filter=is_open),
            n_waiting=Count("pk", filter=is_open & Q(stage=Stage.APPLIED)),
        )
    )
    return {job_id: JobCounts(total, still_open, waiting) for job_id, total, still_open, waiting in rows}


def resume_of(application: Application, by: Actor) -> Resume | None:
    """Return the résumé sent with an application, else the newest the person gave us; none for outsiders."""
    if not applications_visible_to(by).filter(pk=application.pk).exists():
        return None
    of_theirs = Resume.objects.filter(person_id=application.person_id)
    if application.resume_id:
        return of_theirs.filter(pk=application.resume_id).first()
    return of_theirs.order_by("-version").first()
