"""A job's applicants stage by stage, as a list and as a board, and one's own across jobs."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import parse_qsl

from django.http import HttpRequest, HttpResponse

from segue.catalog.models import Job
from segue.catalog.queries.skills import labels
from segue.hire.models import Application
from segue.hire.queries.debriefs import panel_states
from segue.hire.queries.holding import held_count
from segue.hire.queries.listing import DECIDED, Filters, board_of, counts_of, list_page
from segue.hire.queries.pipelines import neighbours, stages_by_job, stages_of
from segue.hire.queries.questions import questions_of
from segue.hire.queries.teamwork import colleagues_who_own, views_of
from segue.kit import clock
from segue.web.actors import actor_of
from segue.web.desk.doors import hiring_team
from segue.web.desk.list_words import answer_choices, filter_chips, stage_options, stage_tabs
from segue.web.desk.pages import PAGE_SIZE, desk_page, may_decide, next_page
from segue.web.desk.reach import desk_job


@hiring_team
def job_page(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """List a job's applicants; moving is one press, deciding is on the application's own page."""
    actor = actor_of(request)
    job = desk_job(actor, job_id)
    wanted = Filters.read(request.GET.dict(), job.pk)
    page = list_page(actor, wanted, after=request.GET.get("after", ""), size=PAGE_SIZE)
    stages = stages_of(job.pk)
    tabs = stage_tabs(stages, counts_of(actor, wanted), wanted)
    return desk_page(
        request,
        "job",
        "jobs",
        **_shared(request, job, wanted),
        stages=tabs,
        stage_labels={spec.key: spec.label for spec in stages},
        stage_options=stage_options(stages),
        open_count=sum(tab.count for tab in tabs),
        stage=wanted.stage,
        rows=[
            (row, *(spec.key if spec else "" for spec in neighbours(stages, row.step))) for row in page.rows
        ],
        panels=panel_states(page.rows),
        next_page=next_page(request, page.next_after),
        matching=sum(tab.count for tab in tabs if wanted.stage in {"", tab.key}),
        decided=wanted.stage == DECIDED,
    )


@hiring_team
def job_board(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Show a job's stages side by side, each with its first cards; more come a column at a time."""
    actor = actor_of(request)
    job = desk_job(actor, job_id)
    wanted = Filters.read(request.GET.dict(), job.pk)
    stages = stages_of(job.pk)
    column = request.GET.get("column", "")
    if column:
        return _more_cards(request, job, wanted, column)
    columns = board_of(actor, stages, wanted)
    return desk_page(
        request,
        "board",
        "jobs",
        **_shared(request, job, wanted),
        columns=columns,
        panels=panel_states([row for each in columns for row in each.rows]),
        stage_options=stage_options(stages),
        open_count=sum(each.count for each in columns),
        matching=sum(each.count for each in columns),
        wide=True,
    )


def _more_cards(request: HttpRequest, job: Job, wanted: Filters, column: str) -> HttpResponse:
    actor, stages = actor_of(request), stages_of(job.pk)
    narrowed = Filters.read(request.GET.dict() | {"stage": column}, job.pk)
    page = list_page(actor, narrowed, after=request.GET.get("after", ""), size=PAGE_SIZE)
    return desk_page(
        request,
        "board_column",
        "jobs",
        job=job,
        wanted=wanted,
        key=column,
        rows=page.rows,
        panels=panel_states(page.rows),
        next_after=page.next_after,
        stage_options=stage_options(stages),
        may_move=may_decide(actor),
        now=clock.now(),
    )


def _shared(request: HttpRequest, job: Job, wanted: Filters) -> dict[str, Any]:
    """What list and board both show around the rows."""
    actor = actor_of(request)
    may_move = may_decide(actor)
    return {
        "job": job,
        "skill_labels": labels([*job.required_skills, *job.nice_skills]),
        "wanted": wanted,
        "query": wanted.as_query(),
        "kept": [*parse_qsl(wanted.as_query()), ("job", str(job.pk))],
        "chips": filter_chips(wanted),
        "owners": list(colleagues_who_own()) if may_move else [],
        "views": list(views_of(actor)) if may_move else [],
        "may_move": may_move,
        "answer_choices": answer_choices(questions_of(job.pk)),
        "held_count": held_count(job.pk, actor) if may_move else 0,
        "now": clock.now(),
    }


@hiring_team
def mine(request: HttpRequest) -> HttpResponse:
    """List applications across jobs: one's own, unless the filters ask for others."""
    actor = actor_of(request)
    said = request.GET.dict()
    if "owner" not in said and "all" not in said:
        said["owner"] = str(actor.account_id)
    wanted = Filters.read(said, None)
    page = list_page(actor, wanted, after=request.GET.get("after", ""), size=PAGE_SIZE)
    stages = stages_by_job([row.job_id for row in page.rows])
    return desk_page(
        request,
        "mine",
        "jobs",
        wanted=wanted,
        query=wanted.as_query(),
        kept=parse_qsl(wanted.as_query()),
        chips=filter_chips(wanted),
        rows=[(row, _label(row, stages)) for row in page.rows],
        panels=panel_states(page.rows),
        next_page=next_page(request, page.next_after),
        owners=list(colleagues_who_own()),
        views=list(views_of(actor)),
        may_move=may_decide(actor),
        me=str(actor.account_id),
        now=clock.now(),
    )


def _label(row: Application, stages: dict[uuid.UUID, Any]) -> str:
    found = next((spec.label for spec in stages.get(row.job_id, ()) if spec.key == row.step), "")
    return found or str(row.get_stage_display())
