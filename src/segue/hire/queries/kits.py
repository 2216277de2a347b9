"""The interview kits of a job's stages, and of the templates they come from."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from segue.hire.models import Kit, Pipeline, Stage, StageSpec
from segue.hire.queries.pipelines import FIRST_TEMPLATE, default_template, pipeline_of, stages_of
from segue.kit.errors import NotFound

FIRST_HOURS = 48


@dataclass(frozen=True, slots=True)
class KitPlace:
    """Where a kit belongs: to a stage of a job, or of a template (then the job is none)."""

    job_id: uuid.UUID | None
    template: str
    step: str

    @property
    def versions(self) -> QuerySet[Kit]:
        whose = Q(job_id=self.job_id) if self.job_id else Q(job=None, template=self.template)
        return Kit.objects.filter(whose, step=self.step).order_by("-version")


def kits_of_job(job_id: uuid.UUID) -> dict[str, Kit]:
    """Return the kits in force at a job's stages, by the stage's key.

    A stage without versions of its own follows its template's, as the stages themselves do.
    """
    return _in_force(_follows(job_id), job_id)


def kits_of_template(name: str) -> dict[str, Kit]:
    """Return the kits in force of a template, by the stage's key."""
    return _in_force(name, None)


def kit_at(job_id: uuid.UUID, step: str) -> Kit | None:
    """Return the kit in force at a job's stage, its own or its template's, if it has one."""
    return kits_of_job(job_id).get(step)


def template_kit(where: KitPlace) -> Kit | None:
    """Return the kit of the template that a job's stage follows while it has none of its own."""
    return kits_of_template(_follows(where.job_id)).get(where.step) if where.job_id else None


def kit_for(kit_id: uuid.UUID | str, job_id: uuid.UUID, step: str) -> Kit | None:
    """Return one version of the kit of a job's stage; nothing for a version of another's."""
    return Kit.objects.filter(pk=kit_id, job_id=job_id, step=step).first()


def rated_stages(stages: Sequence[StageSpec]) -> list[StageSpec]:
    """Return the stages at which somebody can be interviewed: all but being hired."""
    return [spec for spec in stages if spec.kind != Stage.HIRED]


def stage_of_job(job_id: uuid.UUID, step: str) -> StageSpec:
    """Return a job's stage by its key. Raises NotFound."""
    return _named(stages_of(job_id), step)


def stage_of_template(template: Pipeline, step: str) -> StageSpec:
    """Return a template's stage by its key. Raises NotFound."""
    return _named(template.specs, step)


def _named(stages: Sequence[StageSpec], step: str) -> StageSpec:
    found = next((spec for spec in rated_stages(stages) if spec.key == step), None)
    if found is None:
        raise NotFound(_("There is no such stage."), field="step", remedy=_("Look at the list of stages."))
    return found


def _follows(job_id: uuid.UUID) -> str:
    own = pipeline_of(job_id) or default_template()
    return own.name if own else FIRST_TEMPLATE


def _in_force(template: str, job_id: uuid.UUID | None) -> dict[str, Kit]:
    """Newest versions by stage; a job's own, even a retired one, comes before its template's."""
    wanted = Q(job=None, template=template)
    rows = Kit.objects.filter(wanted | Q(job_id=job_id) if job_id else wanted)
    newest: dict[str, Kit] = {}
    for kit in rows.order_by("job", "step", "-version").distinct("job", "step"):
        if kit.step not in newest or kit.job_id:
            newest[kit.step] = kit
    return {step: kit for step, kit in newest.items() if not kit.is_retired}
