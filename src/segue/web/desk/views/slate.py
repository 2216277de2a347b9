"""A job's slate: people worth a look, why, and what is missing. Nobody is hidden or rejected by it."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse

from segue.trust.queries.dials import ai_is_on
from segue.web.actors import actor_of
from segue.web.desk.doors import deciders
from segue.web.desk.pages import desk_page
from segue.web.desk.reach import desk_job

LIMIT = 50


@deciders
def slate_page(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Rank people for a job; names stay hidden until somebody asks for them."""
    from segue.recommend.actions.slates import rank_people

    actor = actor_of(request)
    job = desk_job(actor, job_id)
    blind = request.GET.get("names") != "shown"
    slate = rank_people(job, by=actor, blind=blind, limit=LIMIT)
    best = max((row.score for row in slate.rows), default=0.0)
    return desk_page(
        request,
        "slate",
        "jobs",
        job=job,
        slate=slate,
        rows=[(row, row.score / best if best > 0 else 0.0) for row in slate.rows],
        blind=blind,
        ai_on=ai_is_on(),
    )
