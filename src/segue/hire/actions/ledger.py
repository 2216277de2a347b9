"""Moving an application and writing its ledger line: always both, always together."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import connection

from segue.hire.models import Application, Outcome, Pipeline, StageEntry, StageSpec
from segue.hire.models.pipelines import FIRST_STAGES
from segue.hire.queries.pipelines import (
    FIRST_TEMPLATE,
    default_template,
    last_up_to,
    spec_named,
    stages_by_job,
    stages_of,
)
from segue.kit import clock
from segue.kit.actor import Actor

_STAGES_OF_JOB = 7_030  # our name among advisory locks
_HOLD = "SELECT pg_advisory_xact_lock_shared(%s, hashtext(one)) FROM unnest(%s::text[]) AS one"
_HOLD_ALONE = "SELECT pg_advisory_xact_lock(%s, hashtext(one)) FROM unnest(%s::text[]) AS one"


def enter_stage(
    application: Application,
    *,
    by: Actor,
    stage: str = "",
    outcome: str = Outcome.OPEN,
    reason: str = "",
    since: datetime | None = None,
) -> StageEntry:
    """Put a locked application where it now stands, and say who put it there, when and why.

    `stage` is the key of one of the job's stages, or a kind: then it is the first stage of that kind. Whoever
    comes back to a stage that was taken away meanwhile stands in the last one that is no further. `since` is
    from when its clock counts, where that is not now.
    """
    at = clock.now()
    stages = stages_of(application.job_id)
    spec = spec_named(stages, stage or application.step) or last_up_to(stages, application.stage)
    if spec is not None:
        application.stage, application.step = spec.kind, spec.key
    application.outcome = outcome
    application.moved_at = since or at
    application.due_at = due_after(spec, since or at) if outcome == Outcome.OPEN else None
    application.snoozed_until = None
    if outcome != Outcome.OPEN:
        application.decided_at = at
        application.decided_by_id = by.account_id if by.is_human_staff else None
        application.decision_reason = reason
    application.save()
    return _write_entry(application, by=by, name=spec.name if spec else "", at=at, reason=reason, since=since)


def _write_entry(
    application: Application, *, by: Actor, name: str, at: datetime, reason: str, since: datetime | None
) -> StageEntry:
    return StageEntry.objects.create(
        application=application,
        stage=application.stage,
        step=application.step,
        step_name=name,
        outcome=application.outcome,
        at=at,
        by_role=by.role.value,
        by_name=by.name,
        by_account_id=by.account_id,
        reason=reason,
        since=since,
    )


def due_after(spec: StageSpec | None, since: datetime) -> datetime | None:
    """Return when a stage entered at `since` is due; nothing for a stage without a clock."""
    return since + timedelta(hours=spec.sla_hours) if spec is not None and spec.sla_hours else None


def hold_stages(job_ids: Iterable[uuid.UUID], *, alone: bool = False) -> None:
    """Keep these jobs' stages as they are until the transaction ends; `alone` is for who changes them.

    So nobody is moved to a stage that another colleague takes away in the same moment.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _HOLD_ALONE if alone else _HOLD,
            [_STAGES_OF_JOB, sorted(str(key) for key in set(job_ids))],
        )


def pin_stages(job_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[StageSpec]]:
    """Give jobs that followed the default template a copy of their own, from their first application on.

    Later changes of the template are then no surprise for people who are already on the way.
    """
    found = stages_by_job(job_ids)
    missing = set(job_ids) - set(found)
    if missing:
        template = default_template()
        name = template.name if template else FIRST_TEMPLATE
        stages = template.specs if template else list(FIRST_STAGES)
        said = [spec.as_json() for spec in stages]
        rows = [Pipeline(job_id=key, name=name, stages=said) for key in missing]
        Pipeline.objects.bulk_create(rows, ignore_conflicts=True)  # two may apply at once
        found |= dict.fromkeys(missing, stages)
    return found
