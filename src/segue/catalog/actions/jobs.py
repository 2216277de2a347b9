"""Vacancies: drafted, edited, opened, closed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from segue.catalog.actions.job_fields import checked
from segue.catalog.actions.refusals import refusal
from segue.catalog.models import Job, JobStatus
from segue.catalog.places import locate
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor, Role
from segue.kit.bus import announce
from segue.kit.errors import NotAllowed


@action("catalog.draft_job")
def draft_job(*, by: Actor, **fields: Any) -> Job:
    """Write a job down before anybody can see it. Raises Invalid, or NotAllowed for outsiders."""
    _allow(by)
    job = Job.objects.create(**_located(checked({"title": "", **fields}), Job()))
    announce("job.changed", job_id=job.pk)
    return job


@action("catalog.edit_job")
def edit_job(job: Job, *, by: Actor, **fields: Any) -> Job:
    """Change a job's fields; an edit that changes nothing writes nothing. Raises Invalid, NotAllowed."""
    _allow(by, job)
    held = Job.objects.select_for_update().get(pk=job.pk)
    clean = _located(checked(fields, held), held)
    changed = {name: value for name, value in clean.items() if getattr(held, name) != value}
    if changed:
        _store(held, **changed)
    for name in clean:
        setattr(job, name, getattr(held, name))
    job.updated_at = held.updated_at
    return job


@action("catalog.open_job")
def open_job(job: Job, *, by: Actor) -> Job:
    """Let the world see it. Raises Invalid when its last day is over."""
    _allow(by, job)
    at = clock.now()
    if job.valid_through and job.valid_through <= at:
        raise refusal(
            "already_over",
            "valid_through",
            _("The last day to apply is over."),
            _("Choose a later day first."),
        )
    return _store(job, status=JobStatus.OPEN, posted_at=job.posted_at or at)


@action("catalog.close_job")
def close_job(job: Job, *, by: Actor, filled: bool = False) -> Job:
    """Take it off the boards, saying whether somebody was found."""
    _allow(by, job)
    return _store(job, status=JobStatus.FILLED if filled else JobStatus.CLOSED)


def _store(job: Job, **fields: Any) -> Job:
    for name, value in fields.items():
        setattr(job, name, value)
    job.updated_at = clock.now()
    job.save(update_fields=[*fields, "updated_at"])
    announce("job.changed", job_id=job.pk)
    return job


def _located(clean: dict[str, Any], job: Job) -> dict[str, Any]:
    """Coordinates follow the city, unless they are given with it."""
    if not {"city", "country"} & clean.keys() or clean.get("lat") is not None:
        return clean
    city, country = clean.get("city", job.city), clean.get("country", job.country)
    if (city, country) == (job.city, job.country) and "lat" not in clean:
        return clean
    place = locate(city, country)
    return {**clean, "lat": place.lat if place else None, "lon": place.lon if place else None}


def _allow(by: Actor, job: Job | None = None) -> None:
    on_the_job = job is not None and by.role is Role.HIRING_MANAGER and job.pk in by.job_ids
    if not (by.is_talent_team or by.is_machine or on_the_job or by.has_scope("jobs:write")):
        raise NotAllowed(_("Only the talent team writes jobs."), remedy=_("Ask a recruiter."))
