"""Taking a withdrawal back: a slip of the thumb must not cost anybody a job."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from segue.hire.actions.ledger import enter_stage, hold_stages
from segue.hire.models import Application, Outcome
from segue.hire.queries.access import not_there
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Conflict
from segue.listen.actions.record import record

TIME_TO_RETURN = timedelta(hours=24)


@action("hire.return_to_application")
def return_to_application(application: Application, *, by: Actor) -> Application:
    """Take one's own withdrawal back within a day: the application stands where it stood, its clock too.

    For the person themselves and the holder of the status link. Raises NotFound for others, Conflict where it
    is too late or they have applied anew.
    """
    rows = Application.objects.select_for_update(of=("self",)).select_related("person", "job")
    row = rows.filter(pk=application.pk).first()
    own = row is not None and by.person_id is not None and by.person_id == row.person_id
    if row is None or application.is_receipt or not (own or application.opened_by_key):
        raise not_there()
    if not may_return(row):
        raise Conflict(
            _("This can no longer be taken back."), field="outcome", remedy=_("You can apply again instead.")
        )
    hold_stages([row.job_id])
    before = row.stage_entries.filter(outcome=Outcome.OPEN).order_by("-pk").first()
    row.decided_at, row.decided_by_id, row.decision_reason = None, None, ""
    since = (before.since or before.at) if before else row.applied_at
    enter_stage(row, stage=row.step, since=since, by=by)
    record("application.moved", by=by, person_id=row.person_id, job_id=row.job_id, stage=row.stage)
    return row


def may_return(row: Application) -> bool:
    """Say whether a withdrawal can still be taken back."""
    if row.is_receipt or row.outcome != Outcome.WITHDRAWN or row.decided_at is None:
        return False
    another = Application.objects.filter(person_id=row.person_id, job_id=row.job_id, outcome=Outcome.OPEN)
    return clock.now() - row.decided_at <= TIME_TO_RETURN and not another.exists()
