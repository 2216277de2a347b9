"""A job's slate: people worth a look, why, and what is missing. Nobody is hidden or rejected by it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

from django.http import HttpRequest, HttpResponse

from segue.catalog.queries.skills import labels
from segue.hire.models import Application
from segue.hire.queries.applications import applications_visible_to
from segue.kit.actor import Actor
from segue.recommend.actions.slates import PersonRow, rank_people
from segue.recommend.judging import BOTH_SIDES
from segue.web.actors import actor_of
from segue.web.desk.doors import deciders
from segue.web.desk.pages import desk_page
from segue.web.desk.reach import desk_job
from segue.web.desk.slate_words import NOTES, silence_words, slate_line, standing_of

SHORT, LONG = 25, 100


@deciders
def slate_page(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Rank people for a job; names stay hidden until somebody asks for them."""
    actor = actor_of(request)
    job = desk_job(actor, job_id)
    blind = request.GET.get("names") != "shown"
    limit = LONG if "more" in request.GET else SHORT
    slate = rank_people(job, by=actor, blind=blind, limit=limit)
    rows = slate.rows[:limit]  # every applicant is ranked; a page shows some at a time
    applied = _applications(actor, job_id, {row.person.pk for row in rows})
    names = labels(_skills_of(rows) | {*job.required_skills, *job.nice_skills})
    best = max((standing_of(row) for row in rows), default=0.0)
    return desk_page(
        request,
        "slate",
        "jobs",
        job=job,
        slate=slate,
        lines=[slate_line(row, best=best, applications=applied, names=names) for row in rows],
        more=limit == SHORT and len(slate.rows) >= SHORT,
        note=NOTES.get(slate.note, ""),
        blind=blind,
        ai_on=slate.note != "ai_off",
        silences=silence_words(slate),
        two_sided=slate.policy_id == BOTH_SIDES,
    )


def _skills_of(rows: Sequence[PersonRow]) -> set[str]:
    return {one.skill_label for row in rows for one in row.evidence}


def _applications(
    actor: Actor, job_id: uuid.UUID, person_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, Application]:
    """Return the latest application of each of these people to the job, in one query."""
    rows = applications_visible_to(actor).filter(job_id=job_id, person_id__in=person_ids)
    return {row.person_id: row for row in rows.order_by("applied_at")}
