"""Stages: those of a job, and the templates new jobs begin with."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from segue.hire.actions.pipelines import (
    choose_default_template,
    save_template,
    set_stages,
    undo_stages,
)
from segue.hire.models import Duty, Pipeline, Stage
from segue.hire.models.pipelines import FIRST_STAGES
from segue.hire.queries.listing import Filters, counts_of
from segue.hire.queries.pipelines import pipeline_of, stages_of, template_for, templates
from segue.kit.errors import Conflict, Invalid, NotFound
from segue.web.actors import actor_of
from segue.web.desk.doors import posts_only, talent_team
from segue.web.desk.pages import desk_page
from segue.web.desk.reach import desk_job
from segue.web.desk.stage_form import read_rows, rows_for
from segue.web.desk.toast import SeeOther, Toast, do_and_return, in_words, leave_toast


@talent_team
def job_stages(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Edit the stages of one job; whoever stands where a stage goes is moved as the form says."""
    actor = actor_of(request)
    job = desk_job(actor, job_id)
    here = reverse("desk:job_stages", args=[job.pk])
    if request.method == "POST":
        try:
            stages, moves = read_rows(request.POST)
            made = set_stages(job, stages=stages, moves=moves, by=actor)
        except (Invalid, Conflict) as error:
            leave_toast(request, Toast(in_words(error), refused=True))
            return SeeOther(here)
        undo = reverse("desk:job_stages_undo", args=[job.pk, made.version])
        leave_toast(request, Toast(_("The stages are as you wrote them."), undo if made.version > 1 else ""))
        return SeeOther(here)
    counts = {key: n for key, (n, _late) in counts_of(actor, Filters(job_id=job.pk)).items()}
    return desk_page(
        request,
        "stages",
        "jobs",
        job=job,
        rows=rows_for(stages_of(job.pk), counts),
        kinds=Stage.choices,
        duties=Duty.choices,
        templates=list(templates()),
        action=here,
    )


@talent_team
@posts_only
def job_stages_undo(request: HttpRequest, job_id: uuid.UUID, version: int) -> HttpResponse:
    """Put back the stages a job had before, and everybody into theirs."""
    actor = actor_of(request)
    job = desk_job(actor, job_id)

    def deed() -> Toast:
        newest = pipeline_of(job.pk)
        if newest is None or newest.version != version:
            raise Conflict(_("The stages have been changed again since."), remedy=_("Load the page again."))
        undo_stages(newest, by=actor)
        return Toast(_("The stages are as they were."))

    return do_and_return(request, reverse("desk:job_stages", args=[job_id]), deed)


@talent_team
@posts_only
def job_stages_from(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Give a job the stages of a template; stages it lacks must be empty first."""
    actor = actor_of(request)
    job = desk_job(actor, job_id)

    def deed() -> Toast:
        template = _template(request.POST.get("template", ""))
        made = set_stages(job, stages=template.specs, name=template.name, by=actor)
        undo = reverse("desk:job_stages_undo", args=[job.pk, made.version]) if made.version > 1 else ""
        return Toast(_("The job has the stages of “%s”.") % template.name, undo)

    return do_and_return(request, reverse("desk:job_stages", args=[job_id]), deed)


@talent_team
def pipelines(request: HttpRequest) -> HttpResponse:
    """List the templates; a name that is new makes a new one."""
    return desk_page(request, "pipelines", "jobs", rows=list(templates()))


@talent_team
def pipeline_edit(request: HttpRequest) -> HttpResponse:
    """Edit a template, or begin one from the first; every version is kept, so that saving can be undone."""
    actor = actor_of(request)
    found = _template(request.GET["template"]) if "template" in request.GET else None
    if request.method == "POST":
        try:
            stages, _moves = read_rows(request.POST)
            made = save_template(request.POST.get("name", ""), stages=stages, by=actor)
        except (Invalid, Conflict) as error:
            leave_toast(request, Toast(in_words(error), refused=True))
            return SeeOther(request.get_full_path())
        leave_toast(request, _saved(made, found))
        return SeeOther(reverse("desk:pipelines"))
    return desk_page(
        request,
        "stages",
        "jobs",
        template=found,
        is_template=True,
        rows=rows_for(found.specs if found else FIRST_STAGES, {}),
        kinds=Stage.choices,
        duties=Duty.choices,
        action=request.get_full_path(),
    )


def _saved(made: Pipeline, before: Pipeline | None) -> Toast:
    text = _("“%s” is kept. Jobs that have stages already keep theirs.") % made.name
    if before is None or before.name != made.name or before.pk == made.pk:
        return Toast(text)
    return Toast(text, reverse("desk:pipeline_back"), {"template": str(before.pk)})


@talent_team
@posts_only
def pipeline_back(request: HttpRequest) -> HttpResponse:
    """Save an earlier version of a template again."""
    actor = actor_of(request)

    def deed() -> Toast:
        earlier = _template(request.POST.get("template", ""))
        save_template(earlier.name, stages=earlier.specs, by=actor)
        return Toast(_("“%s” is as it was.") % earlier.name)

    return do_and_return(request, reverse("desk:pipelines"), deed)


@talent_team
@posts_only
def pipeline_default(request: HttpRequest) -> HttpResponse:
    """Let new jobs begin with this template."""
    actor = actor_of(request)
    before = next((row for row in templates() if row.is_default), None)

    def deed() -> Toast:
        chosen = choose_default_template(_template(request.POST.get("template", "")), by=actor)
        undo = {"template": str(before.pk)} if before else {}
        return Toast(
            _("New jobs begin with “%s”.") % chosen.name,
            reverse("desk:pipeline_default") if undo else "",
            undo,
        )

    return do_and_return(request, reverse("desk:pipelines"), deed)


def _template(text: str) -> Pipeline:
    try:
        return template_for(uuid.UUID(text))
    except ValueError:
        raise NotFound(_("There is no such template.")) from None
