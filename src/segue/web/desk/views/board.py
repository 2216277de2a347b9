"""A job's page: its applicants stage by stage."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse

from segue.catalog.models import Job
from segue.catalog.queries.skills import labels
from segue.hire.models import Application, Outcome
from segue.hire.queries.applications import applications_visible_to
from segue.hire.queries.board import counts_by_stage, neighbours
from segue.kit.actor import Actor
from segue.kit.paging import Page, page_of
from segue.web.actors import actor_of
from segue.web.desk.doors import hiring_team
from segue.web.desk.pages import PAGE_SIZE, desk_page, may_decide, next_page
from segue.web.desk.reach import desk_job

DECIDED = "decided"


@hiring_team
def job_page(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """List a job's applicants; moving is one press, deciding is on the application's own page."""
    actor = actor_of(request)
    job = desk_job(actor, job_id)
    stage = request.GET.get("stage", "")
    page = _applicants(actor, job, stage, request.GET.get("after", ""))
    stages = counts_by_stage(job.pk, by=actor)
    return desk_page(
        request,
        "job",
        "jobs",
        job=job,
        skill_labels=labels([*job.required_skills, *job.nice_skills]),
        stages=stages,
        stage_labels={each.stage: each.label for each in stages},
        open_count=sum(each.count for each in stages),
        stage=stage,
        rows=[(row, *neighbours(row.stage)) for row in page.rows],
        next_page=next_page(request, page.next_after),
        may_move=may_decide(actor),
    )


def _applicants(actor: Actor, job: Job, stage: str, after: str) -> Page[Application]:
    rows = applications_visible_to(actor).filter(job_id=job.pk).select_related("person")
    if stage == DECIDED:
        rows = rows.exclude(outcome=Outcome.OPEN)
    else:
        rows = rows.filter(outcome=Outcome.OPEN)
        rows = rows.filter(stage=stage) if stage else rows
    return page_of(rows, after=after, size=PAGE_SIZE)
