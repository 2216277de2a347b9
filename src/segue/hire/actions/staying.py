"""What came after: that somebody who was hired is still here, said by a colleague."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from segue.hire.models import Application, Outcome
from segue.hire.queries.access import application_for, may_decide, not_there
from segue.hire.queries.applications import stage_history
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid
from segue.listen.actions.record import record
from segue.listen.models import Signal

STAYS = (30, 90)  # days after the hire
STAYED = "application.stayed"


def stays_to_note(application: Application, *, by: Actor) -> list[int]:
    """Return the days after the hire that have come and of which nobody has said yet that they stayed."""
    if application.outcome != Outcome.HIRED:
        return []
    hired = [entry.at for entry in stage_history(application, by=by) if entry.outcome == Outcome.HIRED]
    said = Signal.objects.filter(
        kind=STAYED, person_id=application.person_id, job_id=application.job_id
    ).values_list("props__days", flat=True)
    noted = set(said)
    return [d for d in STAYS if d not in noted and hired and hired[-1] <= clock.now() - timedelta(days=d)]


@action("hire.note_stay")
def note_stay(application: Application, *, days: int, by: Actor) -> Application:
    """Note that who was hired is still here after 30 or 90 days; saying it twice says it once.

    Raises NotFound, Invalid for other days, Conflict where nobody was hired or the day has not come.
    """
    row = application_for(by, application.pk)
    if not may_decide(by, row):
        raise not_there()
    if days not in STAYS:
        raise Invalid(_("There is no such day to look back at."), field="days", remedy=_("Use 30 or 90."))
    if row.outcome != Outcome.HIRED or days not in stays_to_note(row, by=by):
        raise Conflict(
            _("There is nothing to note yet."), field="days", remedy=_("Come back when the day has passed.")
        )
    record(STAYED, by=by, person_id=row.person_id, job_id=row.job_id, days=days)
    return row
