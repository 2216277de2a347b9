"""The stages of a job, and the templates there are."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from segue.hire.models import Application, Pipeline, Stage, StageSpec
from segue.hire.models.pipelines import FIRST_STAGES
from segue.kit.errors import NotFound

FIRST_TEMPLATE = "Standard"


def pipeline_of(job_id: uuid.UUID) -> Pipeline | None:
    """Return the version of a job's own stages that is in force, if it has stages of its own yet."""
    return Pipeline.objects.filter(job_id=job_id).order_by("-version").first()


def stages_of(job_id: uuid.UUID) -> list[StageSpec]:
    """Return a job's stages in order; a job nobody has applied for follows the default template."""
    either = Pipeline.objects.filter(Q(job_id=job_id) | Q(is_default=True))
    found = either.order_by(F("job").asc(nulls_last=True), "-version").first()
    return found.specs if found else list(FIRST_STAGES)


def stages_by_job(job_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[StageSpec]]:
    """Return the stages of several jobs in one query, jobs without stages of their own left out."""
    rows = Pipeline.objects.filter(job_id__in=set(job_ids)).order_by("job_id", "-version").distinct("job_id")
    return {row.job_id: row.specs for row in rows if row.job_id}


def told(rows: Sequence[Application]) -> list[str]:
    """Return for each application the name of its stage as its person reads it, in one query."""
    stages = stages_by_job([row.job_id for row in rows])
    found = [spec_named(stages.get(row.job_id, FIRST_STAGES), row.step or row.stage) for row in rows]
    return [
        spec.candidate_label if spec else str(Stage(row.stage).label)
        for row, spec in zip(rows, found, strict=True)
    ]


def default_template() -> Pipeline | None:
    """Return the template new jobs get; none in a database that was emptied."""
    return Pipeline.objects.filter(is_default=True).first()


def templates() -> QuerySet[Pipeline]:
    """Return every template's newest version, by name."""
    return Pipeline.objects.filter(job=None).order_by("name", "-version").distinct("name")


def template_for(template_id: uuid.UUID | str) -> Pipeline:
    """Return one version of a template, newest or not. Raises NotFound."""
    found = Pipeline.objects.filter(job=None, pk=template_id).first()
    if found is None:
        raise NotFound(_("There is no such template."), remedy=_("Look at the list of templates."))
    return found


def spec_named(stages: Sequence[StageSpec], key: str) -> StageSpec | None:
    """Return the stage of this key, else the first of this kind, else nothing."""
    by_key = next((each for each in stages if each.key == key), None)
    return by_key or next((each for each in stages if each.kind == key), None)


def last_up_to(stages: Sequence[StageSpec], kind: str) -> StageSpec | None:
    """Return the last stage that is no further than this kind."""
    ladder = [each.value for each in Stage]
    return next((each for each in reversed(stages) if ladder.index(each.kind) <= ladder.index(kind)), None)


def place_of(stages: Sequence[StageSpec], key: str) -> int:
    """Return where a stage stands in the row, 0 first; −1 where it stands no more."""
    return next((at for at, each in enumerate(stages) if each.key == key), -1)


def neighbours(stages: Sequence[StageSpec], key: str) -> tuple[StageSpec | None, StageSpec | None]:
    """Return the stages before and after one; hiring is a verb of its own."""
    ladder = [each for each in stages if each.kind != Stage.HIRED]
    at = place_of(ladder, key)
    if at < 0:
        return None, None
    return ladder[at - 1] if at else None, ladder[at + 1] if at + 1 < len(ladder) else None
