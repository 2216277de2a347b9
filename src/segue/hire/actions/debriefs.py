"""What a panel's cards lead to: a named human decides, and the verbs that decide are the same as ever."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from segue.hire.actions.deciding import move_application, named_human, reject_application
from segue.hire.actions.decision_clock import decision_due, held_application
from segue.hire.models import Application, Debrief, DebriefOutcome, Outcome
from segue.hire.queries.access import application_for, may_decide
from segue.hire.queries.pipelines import neighbours, stages_of
from segue.hire.queries.scorecards import owes_card
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid, NotAllowed

LONGEST_DISCUSSION = 20_000
LONGEST_HOLD = timedelta(days=60)
SHORTEST_REASON = 10


def write_discussion(application: Application, *, step: str, text: str, by: Actor) -> Debrief:
    """Keep what was talked over at the debrief of a stage. Raises NotAllowed, NotFound, Conflict, Invalid."""
    words = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(words) > LONGEST_DISCUSSION:
        raise Invalid(_("This is too long."), field="text", remedy=_("Use up to 20,000 characters."))
    draft = Debrief(application=application, step=step, discussion=words)
    return _keep_discussion(draft, by=by)


@action("hire.write_discussion")
def _keep_discussion(draft: Debrief, *, by: Actor) -> Debrief:
    """Its audit line names the debrief and never repeats its words."""
    row = _held_for_debrief(draft.application, by)
    debrief, _made = Debrief.objects.select_for_update().get_or_create(application=row, step=draft.step)
    debrief.discussion = draft.discussion
    debrief.save(update_fields=["discussion"])
    draft.pk = debrief.pk
    return debrief


@action("hire.decide_debrief")
def decide_debrief(
    application: Application,
    *,
    outcome: str,
    by: Actor,
    reason: str = "",
    until: datetime | None = None,
) -> Debrief:
    """Let somebody go on, hold the decision until a day, or say no; moving and rejecting by their own verbs.

    No card is added up: whoever decides has read them, in their own name. Raises NotAllowed, NotFound,
    Invalid, Conflict (settled, one's own card missing, nothing to go on to, not opened before a no).
    """
    row = _held_for_debrief(application, by)
    if row.outcome != Outcome.OPEN:
        raise Conflict(_("This application is already settled."), field="outcome")
    if outcome not in DebriefOutcome.values:
        raise Invalid(_("Say what is decided."), field="outcome", remedy=_("Choose from the list."))
    step, words = row.step, " ".join(reason.replace("\x00", "").split())
    debrief, _made = Debrief.objects.select_for_update().get_or_create(application=row, step=step)
    if outcome == DebriefOutcome.HOLD:
        debrief.due_at = _checked_hold(words, until)
    elif outcome == DebriefOutcome.ADVANCE:
        _back, forward = neighbours(stages_of(row.job_id), step)
        if forward is None:
            raise Conflict(
                _("There is no stage after this one."), remedy=_("Hire them on their own page, or hold.")
            )
        move_application(row, stage=forward.key, by=by)
    else:
        reject_application(row, reason=words, by=by)
    is_settled = outcome != DebriefOutcome.HOLD
    debrief.outcome, debrief.reason = outcome, words
    debrief.decided_at = clock.now() if is_settled else None
    debrief.decided_by_id = by.account_id
    debrief.save()
    return debrief


@action("hire.undo_debrief")
def undo_debrief(debrief: Debrief, *, by: Actor) -> Debrief:
    """Take back that somebody goes on or is held: they stand where they stood, and the clock runs again.

    Raises NotAllowed, NotFound, Conflict for a rejection, which has no undo, and where more happened since.
    """
    row = _held_for_debrief(debrief.application, by)
    found = Debrief.objects.select_for_update().get(pk=debrief.pk)
    found.application = row
    if found.outcome == DebriefOutcome.ADVANCE:
        back, _forward = neighbours(stages_of(row.job_id), row.step)
        if back is None or back.key != found.step:
            raise Conflict(_("They have been moved again since."), remedy=_("Load the page again."))
        move_application(row, stage=found.step, by=by)
    elif found.outcome != DebriefOutcome.HOLD:
        raise Conflict(_("There is no decision to take back."), field="outcome")
    found.outcome, found.reason = "", ""
    found.decided_at, found.decided_by_id = None, None
    found.due_at = decision_due(found)
    found.save()
    return found


def _checked_hold(words: str, until: datetime | None) -> datetime:
    at = clock.now()
    if len(words) < SHORTEST_REASON:
        raise Invalid(
            _("Holding a decision needs a reason."),
            field="reason",
            remedy=_("Say in a few words what you wait for."),
        )
    if until is None or not at < until <= at + LONGEST_HOLD:
        raise Invalid(_("Say until when."), field="until", remedy=_("Choose a day within the next 60 days."))
    return until


def _held_for_debrief(application: Application, by: Actor) -> Application:
    """Lock an application for who decides on it and owes no card about it."""
    named_human(by)
    row = held_application(application_for(by, application.pk).pk)
    if not may_decide(by, row):
        raise NotAllowed(
            _("Only the talent team and this job's hiring manager decide."),
            field="application",
            remedy=_("Tell them what you think; they decide."),
        )
    if owes_card(row.pk, by):
        raise Conflict(
            _("Your own scorecard is not in yet."), field="scorecard", remedy=_("Submit it first.")
        )
    return row
