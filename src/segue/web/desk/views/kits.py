"""Interview kits: of a job's stages, and of the templates new jobs begin with."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from segue.catalog.models import Job
from segue.hire.actions.kits import save_kit, undo_kit
from segue.hire.models import Kit, Pipeline, StageSpec
from segue.hire.queries.kits import (
    KitPlace,
    kits_of_job,
    kits_of_template,
    rated_stages,
    stage_of_job,
    stage_of_template,
)
from segue.hire.queries.pipelines import stages_of, template_for
from segue.kit.errors import Conflict, Invalid
from segue.web.actors import actor_of
from segue.web.desk.doors import deciders, posts_only, talent_team
from segue.web.desk.kit_form import competencies_for, read_kit
from segue.web.desk.pages import desk_page
from segue.web.desk.reach import desk_job
from segue.web.desk.toast import SeeOther, Toast, do_and_return, in_words, leave_toast


@deciders
def job_kits(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """List a job's stages, each with its kit."""
    job = desk_job(actor_of(request), job_id)
    rows = _rows(stages_of(job.pk), kits_of_job(job.pk), "desk:job_kit", job.pk)
    return desk_page(request, "kits", "jobs", job=job, rows=rows)


@deciders
def job_kit(request: HttpRequest, job_id: uuid.UUID, step: str) -> HttpResponse:
    """Show or write the kit of a job's stage."""
    job = desk_job(actor_of(request), job_id)
    spec = stage_of_job(job.pk, step)
    kit = kits_of_job(job.pk).get(spec.key)
    return _edit(request, job, spec, kit, ("desk:job_kits", "desk:job_kit_undo"), job=job)


@deciders
@posts_only
def job_kit_undo(request: HttpRequest, job_id: uuid.UUID, step: str, version: int) -> HttpResponse:
    """Say again what the kit said before this version."""
    job = desk_job(actor_of(request), job_id)
    key = stage_of_job(job.pk, step).key
    here = reverse("desk:job_kit", args=[job.pk, key])
    return _undo(request, KitPlace(job.pk, "", key), version, here)


@talent_team
def template_kits(request: HttpRequest, pipeline_id: uuid.UUID) -> HttpResponse:
    """List a template's stages, each with the kit new jobs begin with."""
    template = template_for(pipeline_id)
    rows = _rows(template.specs, kits_of_template(template.name), "desk:template_kit", template.pk)
    return desk_page(request, "kits", "jobs", template=template, rows=rows)


@talent_team
def template_kit(request: HttpRequest, pipeline_id: uuid.UUID, step: str) -> HttpResponse:
    """Show or write the kit of a template's stage."""
    template = template_for(pipeline_id)
    spec = stage_of_template(template, step)
    kit = kits_of_template(template.name).get(spec.key)
    names = ("desk:template_kits", "desk:template_kit_undo")
    return _edit(request, template, spec, kit, names, template=template)


@talent_team
@posts_only
def template_kit_undo(request: HttpRequest, pipeline_id: uuid.UUID, step: str, version: int) -> HttpResponse:
    """Say again what a template's kit said before this version."""
    template = template_for(pipeline_id)
    key = stage_of_template(template, step).key
    here = reverse("desk:template_kit", args=[template.pk, key])
    return _undo(request, KitPlace(None, template.name, key), version, here)


def _rows(
    stages: Sequence[StageSpec], kits: Mapping[str, Kit], name: str, key: uuid.UUID
) -> list[tuple[StageSpec, Kit | None, str]]:
    return [(spec, kits.get(spec.key), reverse(name, args=[key, spec.key])) for spec in rated_stages(stages)]


def _edit(
    request: HttpRequest,
    place: Job | Pipeline,
    spec: StageSpec,
    kit: Kit | None,
    names: tuple[str, str],
    **context: Any,
) -> HttpResponse:
    above, undo = names
    refused = None
    if request.method == "POST":
        try:
            made = save_kit(place, step=spec.key, words=read_kit(request.POST), by=actor_of(request))
        except (Invalid, Conflict) as error:
            refused = error
        else:
            words = _("The kit of “%s” is as you wrote it.") % spec.label
            changed = kit is None or made.pk != kit.pk
            address = reverse(undo, args=[place.pk, spec.key, made.version]) if changed else ""
            leave_toast(request, Toast(words, address))
            return SeeOther(reverse(above, args=[place.pk]))
    return desk_page(
        request,
        "kit_edit",
        "jobs",
        **context,
        spec=spec,
        kit=kit,
        typed=read_kit_again(request, kit),
        refused=in_words(refused) if refused else "",
        above=reverse(above, args=[place.pk]),
        status=422 if refused else 200,
    )


def read_kit_again(request: HttpRequest, kit: Kit | None) -> dict[str, Any]:
    """Return what the form shows: what was typed and refused, else what the kit says."""
    said = request.POST
    if request.method != "POST":
        return {
            "purpose": kit.purpose if kit else "",
            "questions": "\n".join(kit.questions) if kit else "",
            "due_hours": kit.due_hours if kit else "",
            "decide_hours": kit.decide_hours if kit else "",
            "competencies": competencies_for(kit),
        }
    names = ("purpose", "questions", "due_hours", "decide_hours")
    try:
        typed = list(read_kit(said).competencies)
    except Invalid:
        typed = competencies_for(kit)
    return {name: said.get(name, "") for name in names} | {"competencies": typed}


def _undo(request: HttpRequest, where: KitPlace, version: int, here: str) -> HttpResponse:
    actor = actor_of(request)

    def deed() -> Toast:
        newest = where.versions.first()
        if newest is None or newest.version != version:
            raise Conflict(_("The kit has been changed again since."), remedy=_("Load the page again."))
        undo_kit(newest, by=actor)
        return Toast(_("The kit is as it was."))

    return do_and_return(request, here, deed)
