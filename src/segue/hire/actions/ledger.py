"""Moving an application and writing its ledger line: always both, always together."""

from __future__ import annotations

from segue.hire.models import Application, Outcome, StageEntry
from segue.kit import clock
from segue.kit.actor import Actor


def enter_stage(
    application: Application, *, by: Actor, stage: str = "", outcome: str = Outcome.OPEN, reason: str = ""
) -> StageEntry:
    """Put a locked application where it now stands, and say who put it there, when and why."""
    at = clock.now()
    application.stage = stage or application.stage
    application.outcome = outcome
    application.moved_at = at
    if outcome != Outcome.OPEN:
        application.decided_at = at
        application.decided_by_id = by.account_id if by.is_human_staff else None
        application.decision_reason = reason
    application.save()
    return StageEntry.objects.create(
        application=application,
        stage=application.stage,
        outcome=outcome,
        at=at,
        by_role=by.role.value,
        by_name=by.name,
        by_account_id=by.account_id,
        reason=reason,
    )
