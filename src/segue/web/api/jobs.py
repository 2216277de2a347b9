"""Jobs over the API, for who works with them: drafts and closed ones too, and the verbs."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from ninja import Query, Router, Schema, Status

from segue.catalog.actions.jobs import close_job, draft_job, edit_job, open_job
from segue.catalog.models import Job
from segue.catalog.queries.jobs import job_for, jobs_visible_to
from segue.kit.paging import page_of
from segue.web.actors import actor_of
from segue.web.api.auth import BY_KEY_OR_SESSION
from segue.web.api.kinds import AnyValue, Cursor, Moment, Size, Text
from segue.web.api.schemas import REFUSED, JobOut, job_fields

router = Router(auth=BY_KEY_OR_SESSION, tags=["jobs"])


class EveryJobIn(Schema):
    """Which jobs; empty means any. `after` is `next_after` of the page before."""

    status: Text = ""
    updated_after: Moment | None = None
    after: Cursor = ""
    size: Size = 50


class JobRecord(JobOut):
    """A job with what only those who work with it need."""

    status: str
    openings: int
    external_source: str
    external_id: str
    created_at: datetime
    updated_at: datetime


class JobRecordPage(Schema):
    items: list[JobRecord]
    next_after: str


class JobIn(Schema):
    """The fields to write; those left out stay as they are. Pay has to have its currency and period."""

    title: Text | None = None
    department: Text | None = None
    brand: Text | None = None
    occupation: Text | None = None
    description: Text | None = None
    city: Text | None = None
    country: Text | None = None
    address: Text | None = None
    remote: Text | None = None
    employment_type: Text | None = None
    pay_min: AnyValue = None
    pay_max: AnyValue = None
    pay_currency: Text | None = None
    pay_period: Text | None = None
    required_skills: list[Text] | None = None
    nice_skills: list[Text] | None = None
    licences: list[Text] | None = None
    permit_country: Text | None = None
    openings: int | None = None
    valid_through: Moment | None = None
    external_source: Text | None = None
    external_id: Text | None = None


class CloseIn(Schema):
    filled: bool = False


@router.get("/jobs/all", response={200: JobRecordPage, **REFUSED}, summary="Every job, drafts too")
def list_every_job(request: HttpRequest, wanted: Query[EveryJobIn]) -> JobRecordPage:
    """List the jobs one may see, the newest first, whatever their status."""
    rows = jobs_visible_to(actor_of(request)).select_related("brand")
    if wanted.status:
        rows = rows.filter(status=wanted.status)
    if wanted.updated_after:
        rows = rows.filter(updated_at__gt=wanted.updated_after)
    page = page_of(rows, after=wanted.after, size=wanted.size)
    return JobRecordPage(items=[_record(request, job) for job in page.rows], next_after=page.next_after)


@router.post("/jobs", response={201: JobRecord, **REFUSED}, summary="Draft a job")
def add_job(request: HttpRequest, said: JobIn) -> Status[JobRecord]:
    """Write a job down; nobody sees it until it is opened."""
    return Status(201, _record(request, draft_job(by=actor_of(request), **_fields(said))))


@router.patch("/jobs/{uuid:job_id}", response={200: JobRecord, **REFUSED}, summary="Change a job")
def change_job(request: HttpRequest, job_id: uuid.UUID, said: JobIn) -> JobRecord:
    """Change the fields that are given; the rest stays."""
    actor = actor_of(request)
    return _record(request, edit_job(job_for(actor, job_id), by=actor, **_fields(said)))


@router.post("/jobs/{uuid:job_id}/open", response={200: JobRecord, **REFUSED}, summary="Open a job")
def open_one(request: HttpRequest, job_id: uuid.UUID) -> JobRecord:
    """Put a job before candidates."""
    actor = actor_of(request)
    return _record(request, open_job(job_for(actor, job_id), by=actor))


@router.post("/jobs/{uuid:job_id}/close", response={200: JobRecord, **REFUSED}, summary="Close a job")
def close_one(request: HttpRequest, job_id: uuid.UUID, said: CloseIn) -> JobRecord:
    """Take a job off every list. Nobody is rejected by that."""
    actor = actor_of(request)
    return _record(request, close_job(job_for(actor, job_id), filled=said.filled, by=actor))


def _fields(said: JobIn) -> dict[str, Any]:
    found: dict[str, Any] = said.dict(exclude_unset=True)
    return found


def _record(request: HttpRequest, job: Job) -> JobRecord:
    url = request.build_absolute_uri(reverse("portal:job", args=[job.pk]))
    names = ("status", "openings", "external_source", "external_id", "created_at", "updated_at")
    return JobRecord(**job_fields(job, url), **{name: getattr(job, name) for name in names})
