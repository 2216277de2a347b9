"""The list of open jobs, and a job's own page."""

from __future__ import annotations

import uuid
from dataclasses import replace
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from segue.catalog.models import Brand, EmploymentType, Job, Remote
from segue.catalog.queries.brands import brand_for
from segue.catalog.queries.job_distance import DISTANCES_KM, km_of, place_named
from segue.catalog.queries.job_search import Wanted, job_facets, like_this, search_jobs
from segue.catalog.queries.jobs import is_open, job_for
from segue.catalog.queries.people import person_for
from segue.catalog.queries.skills import labels
from segue.hire.queries.applications import applications_of
from segue.kit.actor import Actor
from segue.kit.errors import NotFound
from segue.kit.htmx import wants_fragment
from segue.recommend.actions.stances import open_job
from segue.recommend.queries.stances import stances_of
from segue.web.actors import actor_of
from segue.web.brands import wearing, wearing_of
from segue.web.marks import pay, place
from segue.web.portal.doors import trust_of, uuid_or_none
from segue.web.portal.social_card import card_of, card_stamp, card_words, version_of
from segue.web.postings import as_data_block, posting_of

FILTERS = (
    "text",
    "country",
    "city",
    "remote",
    "employment_type",
    "department",
    "brand",
    "near",
    "km",
    "remote_too",
    "pay",
    "currency",
)
NARROWING = frozenset(FILTERS) - {"km", "remote_too", "currency"}  # the others only say how


@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """List open jobs, newest first, by what was searched."""
    actor = actor_of(request)
    wanted = Wanted(**{name: request.GET.get(name, "").strip()[:120] for name in FILTERS})
    brand = _brand_named(wanted.brand)
    if brand is None:  # retired, or never there: the house's jobs, all of them
        wanted = replace(wanted, brand="")
    facets = job_facets(actor)
    page, total = search_jobs(actor, wanted, after=request.GET.get("after", ""))
    stances = stances_of(actor.person_id, actor) if actor.person_id else {}
    context = {
        "page": page,
        "total": total,
        "wanted": wanted,
        "is_filtered": any(getattr(wanted, name) for name in NARROWING),
        "is_for_search": not any(getattr(wanted, name) for name in NARROWING - {"brand"}),
        "filters_open": any(getattr(wanted, name) for name in NARROWING - {"text", "near"}),
        "shared_query": _shared(wanted),
        "distances": DISTANCES_KM,
        "km": km_of(wanted),
        "near_unknown": bool(wanted.near) and place_named(wanted.near, wanted.country) is None,
        "ways_on": _ways_on(actor, wanted) if not total else [],
        "stances": {key: row.stance for key, row in stances.items()},
        "facets": facets,
        "brands": _choices_of(facets.brands, brand),
        "remote_choices": [c for c in Remote.choices if c[0]],
        "type_choices": [c for c in EmploymentType.choices if c[0]],
    } | wearing(brand)
    template = "portal/_job_rows.html" if wants_fragment(request) else "portal/jobs.html"
    return render(request, template, context)


def _brand_named(key: str) -> Brand | None:
    try:
        return brand_for(Actor.anonymous(), key) if key else None
    except NotFound:
        return None


def _choices_of(brands: list[tuple[str, str, int]], chosen: Brand | None) -> list[tuple[str, str, int]]:
    """Return the brands with open jobs, and the chosen one though it has none today."""
    missing = chosen is not None and chosen.key not in {key for key, _name, _count in brands}
    return [*brands, (chosen.key, chosen.name, 0)] if chosen and missing else brands


def _shared(wanted: Wanted) -> str:
    """Return the search as an address says it: without what was left empty, always in the same order."""
    said = {name: getattr(wanted, name) for name in FILTERS if getattr(wanted, name)}
    if "near" not in said:
        said.pop("km", None)
        said.pop("remote_too", None)
    if "pay" not in said:
        said.pop("currency", None)
    return urlencode(said)


def _ways_on(actor: Actor, wanted: Wanted) -> list[tuple[str, str, int]]:
    """Return what would find something where nothing was found: words, address, how many."""
    tries = []
    if wanted.near:
        wider = [km for km in DISTANCES_KM if km > km_of(wanted)]
        tries += [(_("Within %d km") % km, replace(wanted, km=str(km))) for km in wider[-1:]]
        tries.append((_("With remote jobs"), replace(wanted, remote_too="1")))
        tries.append((_("Anywhere"), replace(wanted, near="", km="", remote_too="")))
    if wanted.pay:
        tries.append((_("Whatever it pays"), replace(wanted, pay="", currency="")))
    if wanted.text and any(getattr(wanted, name) for name in NARROWING - {"text"}):
        tries.append((_("Only the words"), Wanted(text=wanted.text)))
    counted = [(words, _shared(one), search_jobs(actor, one, size=1)[1]) for words, one in tries]
    return [way for way in counted if way[2]]


@require_safe
@condition(etag_func=card_stamp)
def social_card(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Return the picture others show when somebody shares a job; the same for everybody."""
    row = job_for(actor_of(request), job_id)
    response = HttpResponse(card_of(card_words(row)), content_type="image/png")
    response["Cache-Control"] = "public, max-age=86400" if is_open(row) else "private, no-store"
    return response


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
        "summary": summary_of(row),
        "card_version": version_of(card_words(row)),
        "match": match_of(row, actor),
        "others": like_this(row, actor),
    } | wearing_of(row)
    if actor.person_id is not None:
        tier, flags = trust_of(request)
        open_job(actor.person_id, job_id=row.pk, by=actor, exposure_id=exposure_id, tier=tier, flags=flags)
        stance = stances_of(actor.person_id, actor).get(row.pk)
        context["stance"] = stance.stance if stance else None
        mine = applications_of(actor.person_id, actor).filter(job=row)
        context["application"] = mine.first()
    return render(request, "portal/job.html", context)


def summary_of(row: Job) -> str:
    """A line for whoever shares the page: where, how, for what pay, and how it begins."""
    said = [place(row), row.get_remote_display() if row.remote else "", pay(row)]
    facts = " · ".join(part for part in said if part)
    return Truncator(f"{facts}. {row.description}" if facts else row.description).chars(200)


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
