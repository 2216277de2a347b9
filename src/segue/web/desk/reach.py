"""Which jobs are this colleague's on the desk: narrower than what the public may read."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from segue.catalog.models import Job, JobStatus
from segue.catalog.queries.jobs import job_for, jobs_visible_to
from segue.kit import clock
from segue.kit.actor import FINDERS, ON_THE_JOB, Actor
from segue.kit.errors import NotFound

CLOSING_SOON = timedelta(days=14)
_ROW_BOUND = ON_THE_JOB - FINDERS  # a sourcer finds people for any job


def desk_jobs(actor: Actor) -> QuerySet[Job]:
    """Return the jobs this colleague works with; those on a job's team only their own."""
    jobs = jobs_visible_to(actor)
    return jobs.filter(pk__in=actor.job_ids) if actor.role in _ROW_BOUND else jobs


def desk_job(actor: Actor, job_id: uuid.UUID) -> Job:
    """Return one job of this colleague's, or say it is not there."""
    if actor.role in _ROW_BOUND and job_id not in actor.job_ids:
        raise NotFound(
            _("No such job among yours."), field="job", remedy=_("Ask a recruiter to add you to its team.")
        )
    return job_for(actor, job_id)


def closing_soon(actor: Actor) -> QuerySet[Job]:
    """Return open jobs whose last day is near, the nearest first."""
    at = clock.now()
    open_jobs = desk_jobs(actor).filter(status=JobStatus.OPEN)
    return open_jobs.filter(valid_through__range=(at, at + CLOSING_SOON)).order_by("valid_through", "id")


def narrow_jobs(jobs: QuerySet[Job], *, status: str, department: str, text: str) -> QuerySet[Job]:
    """Narrow a list of jobs by what the filter row says; empty means any."""
    if status:
        jobs = jobs.filter(status=status)
    if department:
        jobs = jobs.filter(department=department)
    for word in text.split()[:6]:
        jobs = jobs.filter(Q(title__icontains=word) | Q(city__icontains=word))
    return jobs
