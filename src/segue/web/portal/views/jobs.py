"""The list of open jobs, and a job's own page."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from segue.catalog.models import EmploymentType, Job, Remote
from segue.catalog.queries.job_search import Wanted, job_facets, like_this, search_jobs
from segue.catalog.queries.jobs import is_open, job_for
from segue.catalog.queries.people import person_for
from segue.catalog.queries.skills import labels
from segue.hire.queries.applications import applications_of
from segue.kit.actor import Actor
from segue.kit.htmx import wants_fragment
from segue.recommend.actions.stances import open_job
from segue.recommend.queries.stances import stances_of
from segue.web.actors import actor_of
from segue.web.portal.doors import trust_of, uuid_or_none
from segue.web.postings import as_data_block, posting_of

FILTERS = ("text", "country", "city", "remote", "employment_type", "department")


@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """List open jobs, newest first, by what was searched."""
    actor = actor_of(request)
    wanted = Wanted(**{name: request.GET.get(name, "").strip()[:120] for name in FILTERS})
    page, total = search_jobs(actor, wanted, after=request.GET.get("after", ""))
    stances = stances_of(actor.person_id, actor) if actor.person_id else {}
    context = {
        "page": page,
        "total": total,
        "wanted": wanted,
        "is_filtered": any(getattr(wanted, name) for name in FILTERS),
        "filters_open": any(getattr(wanted, name) for name in FILTERS if name != "text"),
        "stances": {key: row.stance for key, row in stances.items()},
        "facets": job_facets(actor),
        "remote_choices": [c for c in Remote.choices if c[0]],
        "type_choices": [c for c in EmploymentType.choices if c[0]],
    }
    template = "portal/_job_rows.html" if wants_fragment(request) else "portal/jobs.html"
    return render(request, template, context)


@require_safe
def job(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Show one job with everything a person must know before applying."""
    actor = actor_of(request)
    row = job_for(actor, job_id)
    exposure_id = uuid_or_none(request.GET.get("from", ""))
    context = {
        "job": row,
        "is_open": is_open(row),
        "exposure_id": exposure_id,
        "posting_block": as_data_block(posting_of(row, address=request.build_absolute_uri(request.path))),
        "match": match_of(row, actor),
        "others": like_this(row, actor),
    }
    if actor.person_id is not None:
        tier, flags = trust_of(request)
        open_job(actor.person_id, job_id=row.pk, by=actor, exposure_id=exposure_id, tier=tier, flags=flags)
        stance = stances_of(actor.person_id, actor).get(row.pk)
        context["stance"] = stance.stance if stance else None
        mine = applications_of(actor.person_id, actor).filter(job=row)
        context["application"] = mine.first()
    return render(request, "portal/job.html", context)


def match_of(row: Job, actor: Actor) -> dict[str, object]:
    """Lay the job's requirements beside what a signed-in candidate has told us."""
    words = labels([*row.required_skills, *row.nice_skills])
    held: set[str] = set()
    licences: set[str] = set()
    permits: set[str] = set()
    if actor.person_id is not None:
        person = person_for(actor, actor.person_id)
        held, licences, permits = set(person.skills), set(person.licences), set(person.permits)
    return {
        "known": actor.person_id is not None,
        "required": [(words[slug], slug in held) for slug in row.required_skills],
        "nice": [(words[slug], slug in held) for slug in row.nice_skills],
        "licences": [(name, name in licences) for name in row.licences],
        "permit": row.permit_country in permits if row.permit_country else None,
        "count": sum(slug in held for slug in row.required_skills),
    }
