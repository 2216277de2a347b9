"""The debrief of a panel: its cards side by side, and the decision of a named human."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from segue.hire.actions.debriefs import decide_debrief, undo_debrief, write_discussion
from segue.hire.actions.scorecards import read_scorecards
from segue.hire.models import Application, DebriefOutcome
from segue.hire.queries.access import may_decide
from segue.hire.queries.applications import application_for
from segue.hire.queries.debriefs import debrief_for, panel_rows, rows_of, steps_with_panels
from segue.hire.queries.pipelines import neighbours, spec_named, stages_of
from segue.hire.queries.scorecards import owes_card
from segue.kit import clock
from segue.kit.actor import TALENT_TEAM, Role
from segue.kit.errors import Conflict
from segue.web.actors import actor_of, staff_only
from segue.web.desk.doors import deciders, posts_only
from segue.web.desk.pages import desk_page
from segue.web.desk.toast import Toast, do_and_return
from segue.web.desk.views.panels import day_end

readers = staff_only(*TALENT_TEAM, Role.HIRING_MANAGER, Role.INTERVIEWER)


@readers
def debrief(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Show the cards one may read, who is missing, and how to decide."""
    actor = actor_of(request)
    application = application_for(actor, application_id)
    stages = stages_of(application.job_id)
    steps = steps_with_panels(application, actor)
    step = _asked(request.GET.get("step", ""), application, steps)
    spec = spec_named(stages, step)
    cards = read_scorecards(application, step=step, by=actor)
    panel = panel_rows(application, actor, step)
    here = application.step == step and application.outcome == "open"
    _back, forward = neighbours(stages, step)
    return desk_page(
        request,
        "debrief",
        "jobs",
        application=application,
        step=step,
        stage_label=spec.label if spec else step,
        steps=[(key, next((s.label for s in stages if s.key == key), key)) for key in steps],
        cards=cards,
        rows=rows_of(cards),
        panel=panel,
        missing=[row for row in panel if not row.is_in],
        own=next((row for row in panel if row.place.account_id == actor.account_id), None),
        owes=owes_card(application.pk, actor),
        debrief=debrief_for(application, step, actor),
        may_decide=may_decide(actor, application),
        decides_here=here and may_decide(actor, application),
        forward=forward,
        now=clock.now(),
    )


def _asked(said: str, application: Application, steps: Sequence[str]) -> str:
    """Return the stage somebody asks for, if it has a panel; else where the person stands, or stood last."""
    if said in steps:
        return said
    return steps[-1] if steps and application.step not in steps and not said else application.step


def _posted(request: HttpRequest, application: Application) -> str:
    return _asked(request.POST.get("step", ""), application, [s.key for s in stages_of(application.job_id)])


@deciders
@posts_only
def debrief_decide(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Decide in one's own name: go on, hold, or say no."""
    actor = actor_of(request)
    application = application_for(actor, application_id)

    def deed() -> Toast:
        said = request.POST
        outcome = said.get("outcome", "")
        until = day_end(said.get("until", "")) if outcome == DebriefOutcome.HOLD else None
        decide_debrief(application, outcome=outcome, reason=said.get("reason", ""), until=until, by=actor)
        if outcome == DebriefOutcome.REJECT:
            return Toast(_("Your decision is on record in your name."))
        undo = reverse("desk:debrief_undo", args=[application_id])
        words = _("They go on.") if outcome == DebriefOutcome.ADVANCE else _("The decision is on hold.")
        return Toast(words, undo, {"step": application.step})

    return do_and_return(request, reverse("desk:debrief", args=[application_id]), deed)


@deciders
@posts_only
def debrief_undo(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Take back that somebody goes on or is held."""
    actor = actor_of(request)
    application = application_for(actor, application_id)

    def deed() -> Toast:
        found = debrief_for(application, _posted(request, application), actor)
        if found is None:
            raise Conflict(_("There is no decision to take back."), remedy=_("Load the page again."))
        undo_debrief(found, by=actor)
        return Toast(_("The decision is open again."))

    return do_and_return(request, reverse("desk:debrief", args=[application_id]), deed)


@deciders
@posts_only
def debrief_discuss(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Keep what was talked over; the toast puts back what stood there."""
    actor = actor_of(request)
    application = application_for(actor, application_id)
    step = _posted(request, application)
    before = debrief_for(application, step, actor)

    def deed() -> Toast:
        write_discussion(application, step=step, text=request.POST.get("text", ""), by=actor)
        fields = {"step": step, "text": before.discussion if before else ""}
        return Toast(_("Kept."), reverse("desk:debrief_discuss", args=[application_id]), fields)

    return do_and_return(request, reverse("desk:debrief", args=[application_id]), deed)
