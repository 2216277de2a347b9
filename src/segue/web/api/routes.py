"""The API's addresses: jobs for everybody, recommendations and answers for who is signed in."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import NinjaAPI, Query
from ninja.errors import AuthenticationError, ValidationError
from ninja.security import SessionAuth

from segue.catalog.models import Job
from segue.catalog.queries.job_search import Wanted, search_jobs
from segue.catalog.queries.jobs import job_for
from segue.kit.actor import Actor
from segue.kit.errors import NotAllowed, SegueError
from segue.recommend.actions.lists import deal_list
from segue.recommend.actions.stances import take_stance, undo_stance
from segue.web.actors import actor_of
from segue.web.api import applications, jobs, ledger, offers, people, scorecards
from segue.web.api.schemas import (
    REFUSED,
    JobDetail,
    JobOut,
    JobPage,
    JobsIn,
    MixIn,
    RecommendationsOut,
    StanceIn,
    StanceOut,
    first_fault,
    job_fields,
)
from segue.web.postings import posting_of

api = NinjaAPI(
    title="Segue",
    version="1",
    urls_namespace="api",
    docs_url=None,  # the interactive page loads scripts from elsewhere; our policy allows none
    description=(
        "Jobs in the open; recommendations and answers for the person signed in; people, applications, jobs"
        " and signals for programs with a key. Every refusal has one shape: code, message, field, remedy."
        " A POST may bring an Idempotency-Key: for a day it is answered again, not done again."
    ),
)
for each in (jobs, people, applications, scorecards, offers, ledger):
    api.add_router("", each.router)


@api.exception_handler(SegueError)
def refused(request: HttpRequest, error: SegueError) -> HttpResponse:
    return api.create_response(request, error.as_dict(), status=error.http_status)


@api.exception_handler(AuthenticationError)
def not_signed_in(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    found = {
        "code": "not_signed_in",
        "message": "Nobody is signed in.",
        "field": "",
        "remedy": "Sign in at /sign-in/ and send the session cookie.",
    }
    return api.create_response(request, found, status=401)


@api.exception_handler(ValidationError)
def not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Name the first field at fault, in the shape of every other refusal."""
    return api.create_response(request, first_fault(error), status=422)


def url_of(request: HttpRequest, job: Job) -> str:
    return request.build_absolute_uri(reverse("portal:job", args=[job.pk]))


def candidate_of(request: HttpRequest) -> tuple[Actor, uuid.UUID]:
    """Return the candidate who asks. Raises NotAllowed for colleagues."""
    actor = actor_of(request)
    if actor.person_id is None:
        raise NotAllowed("Only candidates have a mix.", remedy="Sign in as a candidate.")
    return actor, actor.person_id


# These two stand in the router of those who write at the same addresses: another would answer them with 405.
@jobs.router.get("/jobs", auth=None, response={200: JobPage, **REFUSED}, summary="Open jobs, newest first")
def list_jobs(request: HttpRequest, wanted: Query[JobsIn]) -> JobPage:
    """List open jobs; pass `next_after` of one page as `after` to get the next."""
    found = wanted.dict(exclude={"after", "size"})
    page, total = search_jobs(actor_of(request), Wanted(**found), after=wanted.after, size=wanted.size)
    items = [JobOut(**job_fields(job, url_of(request, job))) for job in page.rows]
    return JobPage(items=items, total=total, next_after=page.next_after)


@jobs.router.get(
    "/jobs/{uuid:job_id}", auth=None, response={200: JobDetail, **REFUSED}, summary="One open job"
)
def get_job(request: HttpRequest, job_id: uuid.UUID) -> JobDetail:
    """Return a job, and the same as schema.org JobPosting under `posting`."""
    job = job_for(actor_of(request), job_id)
    url = url_of(request, job)
    names = ("description", "required_skills", "nice_skills", "licences", "permit_country", "openings")
    more = {name: getattr(job, name) for name in names}
    return JobDetail(**job_fields(job, url), **more, posting=posting_of(job, address=url))


@api.get(
    "/recommendations",
    response={200: RecommendationsOut, **REFUSED},
    auth=SessionAuth(),
    summary="A mix for the person signed in",
)
def recommendations(request: HttpRequest, wanted: Query[MixIn]) -> RecommendationsOut:
    """Deal a list, logged like any shelf: reasons, factors that add up, chance, policy."""
    actor, person_id = candidate_of(request)
    dealt = deal_list(person_id, limit=wanted.limit, by=actor)
    found = dealt.as_dict()
    for item in found["items"]:
        item["url"] = request.build_absolute_uri(reverse("portal:job", args=[item["job_id"]]))
    return RecommendationsOut(**(found | {"slate_id": dealt.slate_id or None}))


@api.post("/stances", response={200: StanceOut, **REFUSED}, auth=SessionAuth(), summary="Answer a job")
def answer_job(request: HttpRequest, answer: StanceIn) -> StanceOut:
    """Save, like, skip, put off, ask for less, or hide; "none" takes the last answer back."""
    actor, person_id = candidate_of(request)
    if answer.stance == "none":
        undo_stance(person_id, job_id=answer.job_id, by=actor)
        return StanceOut(
            job_id=answer.job_id, stance=None, replacement_job_id=None, replacement_exposure_id=None
        )
    reaction = take_stance(
        person_id,
        job_id=answer.job_id,
        stance=answer.stance,
        by=actor,
        exposure_id=answer.exposure_id,
        until=answer.until,
    )
    fresh = reaction.replacement
    return StanceOut(
        job_id=answer.job_id,
        stance=reaction.stance,
        replacement_job_id=fresh.job.pk if fresh else None,
        replacement_exposure_id=fresh.exposure_id if fresh else None,
    )
