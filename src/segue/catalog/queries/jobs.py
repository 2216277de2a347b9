"""Which jobs somebody may see."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from segue.catalog.models import Job, JobStatus
from segue.kit import clock
from segue.kit.actor import FINDERS, Actor, Role
from segue.kit.errors import NotFound

# Who sees drafts and closed jobs too; analysts and auditors read, they do not write.
_SEES_ALL = FINDERS | {Role.ANALYST, Role.AUDITOR, Role.MACHINE}


def jobs_visible_to(actor: Actor) -> QuerySet[Job]:
    """Return the jobs this actor may know of: the public's are open, posted and not past their last day."""
    if actor.role in _SEES_ALL or actor.has_scope("jobs:read", "jobs:write"):
        return Job.objects.all()
    return Job.objects.filter(_open_to_the_public() | Q(pk__in=actor.job_ids))


def open_jobs(actor: Actor) -> QuerySet[Job]:
    """Return the jobs among those visible that somebody can apply for now."""
    return jobs_visible_to(actor).filter(_open_to_the_public())


def open_jobs_stamp(actor: Actor) -> tuple[int, datetime | None]:
    """Return how many jobs are open and when one of them, or its brand, last changed: alike as long as
    nothing is new."""
    latest = Greatest(Max("updated_at"), Max("brand__changed_at"))  # PostgreSQL's passes over what is NULL
    found = open_jobs(actor).aggregate(n=Count("pk"), latest=latest)
    return found["n"], found["latest"]


def job_for(actor: Actor, job_id: uuid.UUID | str) -> Job:
    """Return one job. Raises NotFound alike for a job that is not there and one that is not theirs to see."""
    try:
        key = uuid.UUID(str(job_id))
    except ValueError:
        key = uuid.UUID(int=0)
    job = jobs_visible_to(actor).select_related("brand").filter(pk=key).first()
    if job is None:
        raise NotFound(_("There is no such job."), remedy=_("It may have closed. Look at the open jobs."))
    return job


def is_open(job: Job) -> bool:
    """Say whether somebody can apply for it now."""
    at = clock.now()
    posted = job.posted_at is not None and job.posted_at <= at
    return job.status == JobStatus.OPEN and posted and (job.valid_through is None or job.valid_through > at)


def _open_to_the_public() -> Q:
    at = clock.now()
    return Q(status=JobStatus.OPEN, posted_at__lte=at) & (Q(valid_through=None) | Q(valid_through__gt=at))
