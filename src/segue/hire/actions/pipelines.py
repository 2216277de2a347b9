"""Changing the stages of a job, and the templates: every version is kept, and nobody is left in no stage."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.db.models import Count, DateTimeField, ExpressionWrapper, F, Value
from django.utils.translation import gettext as _

from segue.catalog.models import Job
from segue.hire.actions.bulk import begin_bulk, held, move_held, undo_bulk
from segue.hire.actions.deciding import named_human
from segue.hire.actions.ledger import due_after, hold_stages, pin_stages
from segue.hire.models import Application, BulkAction, BulkKind, Duty, Outcome, Pipeline, Stage, StageSpec
from segue.hire.queries.pipelines import pipeline_of, place_of, template_for
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid, NotAllowed

MOST_STAGES = 20
LONGEST_NAME = 80
LONGEST_CLOCK_HOURS = 24 * 365
_KINDS = [kind.value for kind in Stage]


@action("hire.set_stages")
def set_stages(
    job: Job,
    *,
    stages: Sequence[StageSpec],
    by: Actor,
    moves: Mapping[str, str] | None = None,
    name: str = "",
) -> Pipeline:
    """Give a job these stages, as a new version; who stands where a stage goes is moved as `moves` says.

    `moves` names, for the key of each stage that goes and is not empty, the key they go to. Names, order and
    clocks may change freely; a stage's kind may not, for the ledger would tell something else of the past.
    Raises NotAllowed, Invalid, Conflict where people would be left in no stage.
    """
    _talent_team(by)
    hold_stages([job.pk], alone=True)
    pin_stages([job.pk])
    before = pipeline_of(job.pk)
    assert before is not None  # it was pinned in this transaction
    after = checked_stages(stages, known=before.specs)
    if after == before.specs:
        return before
    pipeline = Pipeline.objects.create(
        job=job,
        name=name or before.name,
        version=before.version + 1,
        stages=[spec.as_json() for spec in after],
        made_by_id=by.account_id,
    )
    _empty_what_goes(job.pk, before.specs, after, dict(moves or {}), pipeline, by=by)
    _wind_clocks(job.pk, before.specs, after)
    return pipeline


@action("hire.undo_stages")
def undo_stages(pipeline: Pipeline, *, by: Actor) -> Pipeline:
    """Give a job back the stages it had before this version, and everybody their stage.

    Raises NotAllowed, Conflict where it is not the newest version, or somebody stands in a stage it brought.
    """
    _talent_team(by)
    job = pipeline.job
    if job is None:
        raise Conflict(_("A template is put back by saving it again."), field="stages")
    hold_stages([job.pk], alone=True)
    newest = pipeline_of(job.pk)
    earlier = Pipeline.objects.filter(job=job, version=pipeline.version - 1).first()
    if newest is None or newest.pk != pipeline.pk or earlier is None:
        raise Conflict(_("The stages have been changed again since."), remedy=_("Load the page again."))
    back = Pipeline.objects.create(
        job=job,
        name=earlier.name,
        version=pipeline.version + 1,
        stages=earlier.stages,
        made_by_id=by.account_id,
    )
    for bulk in BulkAction.objects.filter(job=job, what__pipeline=str(pipeline.pk), undone_at=None):
        undo_bulk(bulk, by=by)
    _empty_what_goes(job.pk, pipeline.specs, earlier.specs, {}, back, by=by)
    _wind_clocks(job.pk, pipeline.specs, earlier.specs)
    return back


@action("hire.save_template")
def save_template(name: str, *, stages: Sequence[StageSpec], by: Actor) -> Pipeline:
    """Keep a template under a name; a name that is there gets a new version. Jobs keep their own stages.

    Raises NotAllowed, Invalid.
    """
    _talent_team(by)
    words = " ".join(name.split())
    if not words or len(words) > LONGEST_NAME:
        raise Invalid(_("A template needs a name."), field="name", remedy=_("Use up to 80 characters."))
    newest = Pipeline.objects.select_for_update().filter(job=None, name=words).order_by("-version").first()
    said = [spec.as_json() for spec in checked_stages(stages)]
    if newest is not None and newest.stages == said:
        return newest
    is_default = newest is not None and newest.is_default
    if newest is not None and is_default:
        Pipeline.objects.filter(pk=newest.pk).update(is_default=False)
    version = newest.version + 1 if newest else 1
    return Pipeline.objects.create(
        name=words, version=version, stages=said, is_default=is_default, made_by_id=by.account_id
    )


@action("hire.choose_default_template")
def choose_default_template(template: Pipeline, *, by: Actor) -> Pipeline:
    """Let new jobs begin with this template. Raises NotAllowed, NotFound."""
    _talent_team(by)
    chosen = template_for(template.pk)
    Pipeline.objects.filter(is_default=True).update(is_default=False)
    chosen.is_default = True
    chosen.save(update_fields=["is_default"])
    return chosen


def checked_stages(stages: Sequence[StageSpec], known: Sequence[StageSpec] = ()) -> list[StageSpec]:
    """Return stages tidied, new ones with a key of their own. Raises Invalid naming what is wrong."""
    kinds = {spec.key: spec.kind for spec in known}
    tidy: list[StageSpec] = []
    for spec in stages:
        one = _tidied(spec, {each.key for each in tidy} | set(kinds))
        if kinds.get(one.key, one.kind) != one.kind:
            raise Invalid(
                _("The kind of “%s” cannot change.") % one.name,
                field="kind",
                remedy=_("Add a new stage of that kind instead."),
            )
        tidy.append(one)
    _in_order(tidy)
    return tidy


def _tidied(spec: StageSpec, taken: set[str]) -> StageSpec:
    name = " ".join(spec.name.split())
    told = " ".join(spec.candidate_name.split()) or name
    if not name or max(len(name), len(told)) > LONGEST_NAME:
        raise Invalid(_("Every stage needs a name."), field="name", remedy=_("Use up to 80 characters."))
    if spec.kind not in _KINDS or spec.duty not in Duty.values:
        raise Invalid(
            _("“%s” needs a kind and a duty.") % name, field="kind", remedy=_("Choose from the list.")
        )
    if spec.sla_hours is not None and not 0 < spec.sla_hours <= LONGEST_CLOCK_HOURS:
        raise Invalid(
            _("The clock of “%s” is not a number of hours.") % name,
            field="sla_hours",
            remedy=_("Leave it empty for no clock, or say up to a year."),
        )
    return replace(spec, key=spec.key or _new_key(name, taken), name=name, candidate_name=told)


def _new_key(name: str, taken: set[str]) -> str:
    stem = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:30] or "stage"
    key, number = stem, 1
    while key in taken or key in _KINDS:
        number += 1
        key = f"{stem}-{number}"
    return key


def _in_order(stages: Sequence[StageSpec]) -> None:
    """Refuse a row of stages that no application could walk, or no count could read."""
    kinds = [_KINDS.index(spec.kind) for spec in stages]
    wrong = ""
    if len(stages) > MOST_STAGES:
        wrong = _("These are too many stages.")
    elif len({spec.key for spec in stages}) < len(stages) or len({s.name for s in stages}) < len(stages):
        wrong = _("Two stages have the same name.")
    elif not {Stage.APPLIED, Stage.OFFER, Stage.HIRED} <= {spec.kind for spec in stages}:
        wrong = _("A job needs a stage to arrive in, one for the offer and one for who is hired.")
    elif kinds != sorted(kinds) or kinds.count(_KINDS.index(Stage.HIRED)) != 1:
        wrong = _("The kinds of stages follow each other, and being hired is the last.")
    if wrong:
        raise Invalid(
            wrong,
            field="stages",
            remedy=_("The order is: applied, screening, interview, final interviews, offer, hired."),
        )


def _empty_what_goes(
    job_id: uuid.UUID,
    before: Sequence[StageSpec],
    after: Sequence[StageSpec],
    moves: Mapping[str, str],
    pipeline: Pipeline,
    *,
    by: Actor,
) -> None:
    going = [spec for spec in before if place_of(after, spec.key) < 0]
    rows = Application.objects.filter(job_id=job_id, outcome=Outcome.OPEN, step__in=[s.key for s in going])
    standing = dict(rows.order_by().values_list("step").annotate(n=Count("pk")))
    for spec in going:
        if not standing.get(spec.key):
            continue
        target = next((each for each in after if each.key == moves.get(spec.key)), None)
        if target is None or target.kind == Stage.HIRED:
            raise Conflict(
                _("%(count)d people stand in “%(stage)s”.")
                % {"count": standing[spec.key], "stage": spec.label},
                field="moves",
                remedy=_("Say which stage they go to."),
            )
        people = held(rows.filter(step=spec.key).values_list("pk", flat=True))
        what = {"stage": target.key, "name": target.name, "pipeline": str(pipeline.pk)}
        bulk = begin_bulk(BulkKind.MOVE, what, len(people), 0, job_id=job_id, by=by)
        move_held(bulk, people, target, by=by, reason=_("The stage “%s” was taken away") % spec.name)


def _wind_clocks(job_id: uuid.UUID, before: Sequence[StageSpec], after: Sequence[StageSpec]) -> None:
    """Let a changed clock count for those who stand there, from when they came."""
    hours = {spec.key: spec.sla_hours for spec in before}
    for spec in after:
        if spec.key in hours and hours[spec.key] != spec.sla_hours:
            rows = Application.objects.filter(job_id=job_id, outcome=Outcome.OPEN, step=spec.key)
            if not spec.sla_hours:
                rows.update(due_at=None)
                continue
            now = clock.now()
            wait = (due_after(spec, now) or now) - now
            rows.update(due_at=ExpressionWrapper(F("moved_at") + Value(wait), output_field=DateTimeField()))


def _talent_team(by: Actor) -> None:
    if not by.is_talent_team:
        raise NotAllowed(_("Only the talent team changes stages."), remedy=_("Ask a recruiter."))
    named_human(by)
