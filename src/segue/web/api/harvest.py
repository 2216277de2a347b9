"""A Harvest-shaped API to read: programs written for Greenhouse find their fields under /harvest/v1/."""

from __future__ import annotations

import uuid
from collections import defaultdict
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Query
from ninja.errors import ValidationError

from segue.catalog.models import Job
from segue.catalog.queries.jobs import job_for, jobs_visible_to
from segue.catalog.queries.people import people_visible_to, person_for
from segue.hire.actions.scorecards import read_scorecards
from segue.hire.queries.applications import application_for, applications_visible_to
from segue.hire.queries.pipelines import stages_by_job, stages_of
from segue.hire.queries.questions import answers_by_application, answers_to
from segue.hire.queries.scorecards import scorecards_visible_to
from segue.kit.actor import Actor
from segue.kit.errors import SegueError
from segue.trust.actions.access import note_access
from segue.trust.actions.looks import note_looks
from segue.trust.models import LookedAt
from segue.trust.queries.accounts import colleague_for, colleagues_visible_to
from segue.web.actors import actor_of
from segue.web.api import harvest_offers as offers
from segue.web.api import harvest_shapes as shapes
from segue.web.api.auth import HarvestAuth
from segue.web.api.harvest_paging import LIST, ONE, M, Paged, page_of_rows
from segue.web.api.kinds import Moment, Text
from segue.web.api.schemas import first_fault

harvest = NinjaAPI(
    title="Segue, in the shape of Greenhouse Harvest",
    version="harvest-1",
    urls_namespace="harvest",
    docs_url=None,
    auth=HarvestAuth(),
    description="Basic authentication with an API key as the user name. Ids are text. Only to read.",
)


class Dated(Paged):
    """Rows by when they were made and last changed."""

    created_after: Moment | None = None
    created_before: Moment | None = None
    updated_after: Moment | None = None
    updated_before: Moment | None = None


class CandidatesIn(Dated):
    email: Text = ""
    job_id: uuid.UUID | None = None


class ApplicationsIn(Paged):
    created_after: Moment | None = None
    created_before: Moment | None = None
    last_activity_after: Moment | None = None
    job_id: uuid.UUID | None = None
    status: Text = ""


class JobsIn(Dated):
    status: Text = ""


@harvest.exception_handler(SegueError)
def refused(request: HttpRequest, error: SegueError) -> HttpResponse:
    return harvest.create_response(request, error.as_dict(), status=error.http_status)


@harvest.exception_handler(ValidationError)
def not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return harvest.create_response(request, first_fault(error), status=422)


@harvest.get("/candidates", response=LIST)
def candidates(
    request: HttpRequest, response: HttpResponse, wanted: Query[CandidatesIn]
) -> list[shapes.Shape]:
    """List people as candidates."""
    actor = actor_of(request)
    rows = _between(people_visible_to(actor), wanted)
    if wanted.email:
        rows = rows.filter(email__iexact=wanted.email)
    if wanted.job_id:
        rows = rows.filter(
            pk__in=applications_visible_to(actor).filter(job_id=wanted.job_id).values("person_id")
        )
    found = page_of_rows(request, response, rows, wanted)
    note_looks([person.pk for person in found], what=LookedAt.SEARCH, by=actor)
    theirs = _applications_by_person(actor, [person.pk for person in found])
    return [shapes.candidate_of(person, theirs[person.pk]) for person in found]


@harvest.get("/candidates/{uuid:person_id}", response=ONE)
def candidate(request: HttpRequest, person_id: uuid.UUID) -> shapes.Shape:
    """Return one person as a candidate; that a program looked is written down."""
    actor = actor_of(request)
    person = person_for(actor, person_id)
    note_access(person, why="harvest", by=actor)
    return shapes.candidate_of(person, _applications_by_person(actor, [person.pk])[person.pk])


@harvest.get("/applications", response=LIST)
def applications(
    request: HttpRequest, response: HttpResponse, wanted: Query[ApplicationsIn]
) -> list[shapes.Shape]:
    """List applications."""
    rows = applications_visible_to(actor_of(request))
    outcomes = {"active": ["open"], "hired": ["hired"], "rejected": ["rejected", "withdrawn"]}
    limits: dict[str, Any] = {
        "applied_at__gte": wanted.created_after,
        "applied_at__lt": wanted.created_before,
        "moved_at__gte": wanted.last_activity_after,
        "job_id": wanted.job_id,
        "outcome__in": outcomes.get(wanted.status, []) if wanted.status else None,
    }
    rows = rows.filter(**{name: value for name, value in limits.items() if value is not None})
    found = page_of_rows(request, response, rows, wanted)
    note_looks([row.person_id for row in found], what=LookedAt.SEARCH, by=actor_of(request))
    stages = stages_by_job([row.job_id for row in found])
    answers = answers_by_application(found, actor_of(request))
    return [shapes.application_of(row, stages.get(row.job_id, []), answers.get(row.pk, [])) for row in found]


@harvest.get("/applications/{uuid:application_id}", response=ONE)
def application(request: HttpRequest, application_id: uuid.UUID) -> shapes.Shape:
    """Return one application."""
    actor = actor_of(request)
    row = application_for(actor, application_id)
    note_looks([row.person_id], what=LookedAt.APPLICATION, job_id=row.job_id, by=actor)
    return shapes.application_of(row, stages_of(row.job_id), answers_to(row, actor))


@harvest.get("/scorecards", response=LIST)
def scorecards(request: HttpRequest, response: HttpResponse, wanted: Query[Dated]) -> list[shapes.Shape]:
    """List submitted scorecards; an amendment is one of its own."""
    limits = {
        "begun_at__gte": wanted.created_after,
        "begun_at__lt": wanted.created_before,
        "submitted_at__gte": wanted.updated_after,
        "submitted_at__lt": wanted.updated_before,
    }
    rows = scorecards_visible_to(actor_of(request))
    rows = rows.filter(**{name: value for name, value in limits.items() if value is not None})
    return [shapes.scorecard_of(card) for card in page_of_rows(request, response, rows, wanted)]


@harvest.get("/applications/{uuid:application_id}/scorecards", response=LIST)
def scorecards_of_application(request: HttpRequest, application_id: uuid.UUID) -> list[shapes.Shape]:
    """Return an application's scorecards in force; that a program looked is written down."""
    actor = actor_of(request)
    row = application_for(actor, application_id)
    note_access(row.person, why="harvest scorecards", by=actor)
    return [shapes.scorecard_of(card) for card in read_scorecards(row, by=actor)]


@harvest.get("/jobs", response=LIST)
def jobs(request: HttpRequest, response: HttpResponse, wanted: Query[JobsIn]) -> list[shapes.Shape]:
    """List jobs, drafts and closed ones too."""
    rows = _between(jobs_visible_to(actor_of(request)), wanted)
    statuses = {"open": ["open"], "draft": ["draft"], "closed": ["closed", "filled"]}
    if wanted.status:
        rows = rows.filter(status__in=statuses.get(wanted.status, []))
    return [shapes.job_of(job) for job in page_of_rows(request, response, rows, wanted)]


@harvest.get("/jobs/{uuid:job_id}", response=ONE)
def job(request: HttpRequest, job_id: uuid.UUID) -> shapes.Shape:
    """Return one job."""
    return shapes.job_of(job_for(actor_of(request), job_id))


@harvest.get("/jobs/{uuid:job_id}/stages", response=LIST)
def stages_of_job(request: HttpRequest, job_id: uuid.UUID) -> list[shapes.Shape]:
    """Return a job's stages in their order."""
    actor = actor_of(request)
    return _stages(job_for(actor, job_id))


@harvest.get("/job_stages", response=LIST)
def job_stages(request: HttpRequest, response: HttpResponse, wanted: Query[Paged]) -> list[shapes.Shape]:
    """List the stages of jobs, a page of jobs at a time."""
    actor = actor_of(request)
    found = page_of_rows(request, response, jobs_visible_to(actor), wanted)
    return [stage for each in found for stage in _stages(each)]


@harvest.get("/users", response=LIST)
def users(request: HttpRequest, response: HttpResponse, wanted: Query[Paged]) -> list[shapes.Shape]:
    """List colleagues."""
    rows = colleagues_visible_to(actor_of(request))
    return [shapes.user_of(account) for account in page_of_rows(request, response, rows, wanted)]


@harvest.get("/users/{uuid:account_id}", response=ONE)
def user(request: HttpRequest, account_id: uuid.UUID) -> shapes.Shape:
    """Return one colleague."""
    return shapes.user_of(colleague_for(actor_of(request), account_id))


@harvest.get("/sources", response=LIST)
def sources(request: HttpRequest) -> list[shapes.Shape]:
    """List where applications came from."""
    rows = applications_visible_to(actor_of(request)).exclude(source="").order_by("source")
    return [shapes.source_of(name) for name in rows.values_list("source", flat=True).distinct()]


@harvest.get("/departments", response=LIST)
def departments(request: HttpRequest) -> list[shapes.Shape]:
    """List the departments that have or had a job."""
    rows = jobs_visible_to(actor_of(request)).exclude(department="").order_by("department")
    return [shapes.department_of(name) for name in rows.values_list("department", flat=True).distinct()]


@harvest.get("/offices", response=LIST)
def offices(request: HttpRequest) -> list[shapes.Shape]:
    """List the places that have or had a job."""
    rows = jobs_visible_to(actor_of(request)).exclude(city="").order_by("city", "country")
    return [
        shapes.office_of(city, country) for city, country in rows.values_list("city", "country").distinct()
    ]


@harvest.get("/rejection_reasons", response=LIST)
def rejection_reasons(request: HttpRequest) -> list[shapes.Shape]:
    """List the reasons there are: ours are words, so there is one for no, one for a withdrawal."""
    return shapes.REJECTION_REASONS


def _stages(of: Job) -> list[shapes.Shape]:
    return [
        {
            "id": shapes.stage_id(of.pk, each.key),
            "name": each.label,
            "created_at": shapes.moment(of.created_at),
            "updated_at": shapes.moment(of.updated_at),
            "active": True,
            "job_id": str(of.pk),
            "priority": place,
            "interviews": [],
        }
        for place, each in enumerate(stages_of(of.pk))
    ]


def _applications_by_person(actor: Actor, people: list[uuid.UUID]) -> dict[uuid.UUID, list[uuid.UUID]]:
    found: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    rows = applications_visible_to(actor).filter(person_id__in=people).order_by("pk")
    for person_id, key in rows.values_list("person_id", "pk"):
        found[person_id].append(key)
    return found


def _between(rows: QuerySet[M], wanted: Dated) -> QuerySet[M]:
    limits = {
        "created_at__gte": wanted.created_after,
        "created_at__lt": wanted.created_before,
        "updated_at__gte": wanted.updated_after,
        "updated_at__lt": wanted.updated_before,
    }
    return rows.filter(**{name: value for name, value in limits.items() if value is not None})


harvest.add_router("", offers.router)
