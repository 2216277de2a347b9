"""An imported application that moved on where it came from, followed here unless people here went on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from segue.catalog.actions.importing.problems import Problem
from segue.hire.models import Application, Outcome, StageEntry
from segue.kit.actor import Actor, Role
from segue.trust.models import Account


@dataclass(frozen=True, slots=True)
class Standing:
    """Where another system says an application stands, since when, and by whose hand."""

    stage: str
    outcome: str
    at: datetime
    by: Account | None
    reason: str


def bring_up_to_date(row: Application, standing: Standing, *, by: Actor) -> str | Problem:
    """Follow a locked application to where it stands; return "unchanged", "updated", or why it is held."""
    if (row.stage, row.outcome) == (standing.stage, standing.outcome):
        return "unchanged"
    last = StageEntry.objects.filter(application=row).order_by("pk").last()
    if row.outcome != Outcome.OPEN or (last is not None and _went_on_here(last, row)):
        return Problem(
            "moved_on_here",
            "stage",
            _("This application went on here in the meantime."),
            _("Leave this row out, or move the application by hand."),
        )
    settled = standing.outcome != Outcome.OPEN
    row.stage, row.outcome, row.moved_at = standing.stage, standing.outcome, max(standing.at, row.moved_at)
    if settled:
        row.decided_at, row.decided_by, row.decision_reason = row.moved_at, standing.by, standing.reason
    row.save()
    StageEntry.objects.create(
        application=row,
        stage=row.stage,
        outcome=row.outcome,
        at=row.moved_at,
        by_role=standing.by.role if standing.by else by.role.value,
        by_name=standing.by.name if standing.by else by.name,
        by_account=standing.by,
        reason=standing.reason if settled else "",
    )
    return "updated"


def _went_on_here(last: StageEntry, row: Application) -> bool:
    """Say whether the last step was a colleague's, rather than the import's or the candidate's own."""
    return last.by_account_id is not None and last.by_role not in (Role.MACHINE, Role.CANDIDATE)
