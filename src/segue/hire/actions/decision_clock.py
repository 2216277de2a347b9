"""The clock from the last card of a panel to the decision."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from segue.hire.models import Application, Debrief, Outcome, Scorecard
from segue.hire.queries.access import not_there
from segue.hire.queries.kits import FIRST_HOURS, kit_at
from segue.hire.queries.scorecards import owed_places
from segue.kit import clock


def held_application(application_id: uuid.UUID) -> Application:
    """Lock one row: reading cards, asking for them and submitting them wait for each other."""
    rows = Application.objects.select_for_update(of=("self",), no_key=True).select_related("job", "person")
    row = rows.filter(pk=application_id).first()
    if row is None:
        raise not_there()
    return row


def wind_decision_clock(application: Application, step: str) -> Debrief | None:
    """Start the clock when the last card of a panel is in, and stop it while one is missing.

    Call it with the application held. A decision that was made stays made.
    """
    cards = Scorecard.objects.filter(application=application, step=step, submitted_at__isnull=False)
    is_complete = cards.exists() and not owed_places().filter(application=application.pk, step=step).exists()
    found = Debrief.objects.filter(application=application, step=step).first()
    if application.outcome != Outcome.OPEN or (found is None and not is_complete):
        return found
    debrief = found or Debrief(application=application, step=step)
    if debrief.decided_at is not None or (is_complete and debrief.ready_at is not None):
        return debrief
    debrief.ready_at = clock.now() if is_complete else None
    debrief.due_at = decision_due(debrief) if is_complete else None
    debrief.outcome, debrief.reason = "", ""
    debrief.save()
    return debrief


def decision_due(debrief: Debrief) -> datetime | None:
    """Return when a decision is due by the kit's clock, counted from the last card."""
    if debrief.ready_at is None:
        return None
    kit = kit_at(debrief.application.job_id, debrief.step)
    return debrief.ready_at + timedelta(hours=kit.decide_hours if kit else FIRST_HOURS)
