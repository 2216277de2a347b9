"""The jobs list, the editor, and opening and closing."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from segue.catalog.actions.jobs import close_job, draft_job, edit_job, open_job
from segue.catalog.models import Job, JobStatus
from segue.hire.queries.board import JobCounts, counts_by_job
from segue.kit.errors import Conflict, Invalid
from segue.kit.paging import page_of
from segue.web.actors import actor_of
from segue.web.desk.doors import any_colleague, posts_only, talent_team
from segue.web.desk.job_form import JobForm, filled_from, note_error, preview_of
from segue.web.desk.pages import PAGE_SIZE, desk_page, may_see_applicants, next_page
from segue.web.desk.reach import desk_job, desk_jobs, narrow_jobs
from segue.web.desk.toast import SeeOther, Toast, do_and_return, leave_toast
from segue.web.postings import missing_for_search_engines


@any_colleague
def jobs_list(request: HttpRequest) -> HttpResponse:
    """List jobs, newest first, fifty at a time however many there are."""
    actor = actor_of(request)
    wanted = {key: request.GET.get(key, "").strip() for key in ("status", "department", "text")}
    page = page_of(
        narrow_jobs(desk_jobs(actor), **wanted), after=request.GET.get("after", ""), size=PAGE_SIZE
    )
    counts = counts_by_job([job.pk for job in page.rows], by=actor)
    return desk_page(
        request,
        "jobs",
        "jobs",
        rows=[(job, counts.get(job.pk, JobCounts())) for job in page.rows],
        wanted=wanted,
        statuses=JobStatus.choices,
        departments=_departments(request),
        next_page=next_page(request, page.next_after),
        sees_applicants=may_see_applicants(actor),
    )


def _departments(request: HttpRequest) -> list[str]:
    names = desk_jobs(actor_of(request)).exclude(department="").order_by("department")
    return list(names.values_list("department", flat=True).distinct())


@talent_team
def job_new(request: HttpRequest) -> HttpResponse:
    """Draft a job; nothing is shown to anybody until it is opened."""
    if request.method != "POST":
        return _editor(request, JobForm(), None)
    form = JobForm(request.POST)
    if request.POST.get("do") != "preview" and form.is_valid():
        try:
            job = draft_job(by=actor_of(request), **form.fields_for_job())
        except (Invalid, Conflict) as error:
            note_error(form, error)
        else:
            leave_toast(request, Toast(_("Drafted. Open it when it is ready.")))
            return SeeOther(reverse("desk:job", args=[job.pk]))
    return _editor(request, form, None)


@talent_team
def job_edit(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Edit a job; what was typed is kept when something is refused."""
    actor = actor_of(request)
    job = desk_job(actor, job_id)
    if request.method != "POST":
        return _editor(request, JobForm(initial=filled_from(job)), job)
    form = JobForm(request.POST)
    if request.POST.get("do") != "preview" and form.is_valid():
        try:
            edit_job(job, by=actor, **form.fields_for_job(job))
        except (Invalid, Conflict) as error:
            note_error(form, error)
        else:
            leave_toast(request, Toast(_("Saved.")))
            return SeeOther(reverse("desk:job", args=[job.pk]))
    return _editor(request, form, desk_job(actor, job_id))


def _editor(request: HttpRequest, form: JobForm, job: Job | None) -> HttpResponse:
    refused = form.is_bound and bool(form.errors)
    return desk_page(
        request,
        "job_edit",
        "jobs",
        form=form,
        job=job,
        preview=preview_of(form),
        previewing=request.POST.get("do") == "preview",
        unlisted=missing_for_search_engines(job) if job else [],
        status=422 if refused else 200,
    )


@talent_team
@posts_only
def job_open(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Put a job before candidates."""
    job = desk_job(actor_of(request), job_id)

    def deed() -> Toast:
        open_job(job, by=actor_of(request))
        return Toast(
            _("“%(title)s” is open.") % {"title": job.title}, reverse("desk:job_close", args=[job_id])
        )

    return do_and_return(request, reverse("desk:job", args=[job_id]), deed)


@talent_team
@posts_only
def job_close(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Take a job off every list; its applications stay where they are."""
    job = desk_job(actor_of(request), job_id)

    def deed() -> Toast:
        close_job(job, by=actor_of(request))
        return Toast(
            _("“%(title)s” is closed. Nobody was rejected by that.") % {"title": job.title},
            reverse("desk:job_open", args=[job_id]),
        )

    return do_and_return(request, reverse("desk:job", args=[job_id]), deed)
