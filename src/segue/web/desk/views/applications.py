"""One application: its evidence, its way so far, and the verbs that need a named human."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from segue.catalog.queries.people import sees_pay
from segue.catalog.queries.skills import labels, vocabulary
from segue.engine.lexicon import find_skills
from segue.hire.actions.applications import (
    hire_applicant,
    move_application,
    open_application,
    reject_application,
)
from segue.hire.actions.staying import note_stay, stays_to_note
from segue.hire.actions.teamwork import see_mentions
from segue.hire.models import Application, StageSpec, Visibility
from segue.hire.queries.applications import application_for, claim_of, stage_history
from segue.hire.queries.board import resume_of
from segue.hire.queries.debriefs import PanelRow, panel_rows
from segue.hire.queries.holding import hold_on, signs_in_words
from segue.hire.queries.kits import rated_stages
from segue.hire.queries.offers import offers_of
from segue.hire.queries.pipelines import neighbours, spec_named, stages_of
from segue.hire.queries.questions import answers_to
from segue.hire.queries.scorecards import colleagues_who_interview, may_arrange
from segue.hire.queries.teamwork import colleagues_who_own, mentions_of, notes_on
from segue.kit import clock
from segue.kit.actor import Actor, Role
from segue.kit.errors import Conflict, Invalid, SegueError
from segue.web.actors import actor_of
from segue.web.desk.doors import deciders, hiring_team, posts_only
from segue.web.desk.list_words import stage_options
from segue.web.desk.pages import desk_page, may_decide
from segue.web.desk.reasons import suggested_reasons
from segue.web.desk.toast import SeeOther, Toast, do_and_return, leave_toast
from segue.web.quoting import Piece, Span, cut


@hiring_team
def application_page(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Show the evidence; opening this page is what makes a decision on it possible."""
    actor = actor_of(request)
    application = application_for(actor, application_id)
    open_application(application, by=actor)
    if mentions_of(actor).filter(note__application=application).exists():
        see_mentions(application, by=actor)
    return _page(request, application)


def _page(
    request: HttpRequest, application: Application, *, refused: SegueError | None = None
) -> HttpResponse:
    actor = actor_of(request)
    stages = stages_of(application.job_id)
    names = labels([*application.job.required_skills, *application.job.nice_skills])
    resume = resume_of(application, by=actor)
    panel = panel_rows(application, actor)
    evidence, seen = resume_pieces(resume.text if resume else "", names)
    has = seen | set(application.person.skills)
    return desk_page(
        request,
        "application",
        "jobs",
        application=application,
        evidence=evidence,
        resume=resume,
        met=[names[slug] for slug in application.job.required_skills if slug in has],
        missing=[names[slug] for slug in application.job.required_skills if slug not in has],
        history=stage_history(application, by=actor),
        **_interviews(actor, application, panel, stages),
        claim=claim_of(application, by=actor),
        **_came_with(application, actor),
        stays=stays_to_note(application, by=actor),
        **_where_it_stands(application, stages),
        notes=list(notes_on(application, by=actor)),
        visibilities=Visibility.choices,
        owners=list(colleagues_who_own()) if may_decide(actor) else [],
        offers=list(offers_of(application, actor)),
        sees_pay=sees_pay(actor, application.person),
        now=clock.now(),
        may_decide=may_decide(actor),
        reasons=suggested_reasons(),
        refused=refused,
        typed_reason=request.POST.get("reason", ""),
        status=422 if refused else 200,
    )


def _where_it_stands(application: Application, stages: Sequence[StageSpec]) -> dict[str, Any]:
    """The stage it is at, those beside it, and all there are."""
    back, forward = neighbours(stages, application.step)
    spec = spec_named(stages, application.step)
    return {
        "move_back": back.key if back else "",
        "move_forward": forward.key if forward else "",
        "stage_label": spec.label if spec else application.get_stage_display(),
        "stage_labels": {each.key: each.label for each in stages},
        "stage_options": stage_options(stages),
    }


def _interviews(
    actor: Actor, application: Application, panel: Sequence[PanelRow], stages: Sequence[StageSpec]
) -> dict[str, Any]:
    """Who interviews, and what of it is this colleague's to do."""
    arranges = may_arrange(actor, application)
    reads_cards = may_decide(actor) or actor.role is Role.INTERVIEWER
    own = [row for row in panel if row.place.account_id == actor.account_id and not row.is_in]
    return {
        "panel": panel,
        "own_places": own if application.outcome == "open" and reads_cards else [],
        "may_arrange": arranges,
        "interviewers": list(colleagues_who_interview()) if arranges else [],
        "panel_steps": [(spec.key, spec.label) for spec in rated_stages(stages)],
        "may_read_cards": reads_cards,
        "may_open_job": actor.finds_people or application.job_id in actor.job_ids,
    }


def _came_with(application: Application, actor: Actor) -> dict[str, Any]:
    """What was answered, and what holds the application, if anything does."""
    hold = hold_on(application)
    signs = signs_in_words(hold) if hold else []
    return {"answers": answers_to(application, by=actor), "hold": hold, "signs": signs}


def resume_pieces(text: str, names: dict[str, str]) -> tuple[list[Piece], set[str]]:
    """Return a résumé cut at the skills the job asks for, and which of them it names."""
    wanted = [found for found in find_skills(text, vocabulary()) if found.slug in names]
    pieces = cut(text, [Span(found.start, found.end, names[found.slug]) for found in wanted])
    return pieces, {found.slug for found in wanted}


@deciders
@posts_only
def application_move(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Move an application along the pipeline or back; undo moves it to where it was."""
    actor = actor_of(request)
    application = application_for(actor, application_id)
    before = application.step
    target = request.POST.get("stage", "")

    def deed() -> Toast:
        moved = move_application(application, stage=target, by=actor)
        spec = spec_named(stages_of(moved.job_id), moved.step)
        stage = spec.label if spec else moved.get_stage_display()
        words = {"name": moved.person.name or _("The applicant"), "stage": stage}
        return Toast(
            _("%(name)s is now at %(stage)s.") % words,
            reverse("desk:application_move", args=[application_id]),
            {"stage": before},
        )

    return do_and_return(request, reverse("desk:application", args=[application_id]), deed)


@deciders
@posts_only
def application_reject(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Say no, in the name of the colleague who signed in and with their reason."""
    actor = actor_of(request)
    application = application_for(actor, application_id)
    try:
        reject_application(application, reason=request.POST.get("reason", ""), by=actor)
    except (Invalid, Conflict) as error:
        return _page(request, application_for(actor, application_id), refused=error)
    leave_toast(request, Toast(_("Your decision is on record in your name.")))
    return SeeOther(reverse("desk:application", args=[application_id]))


@deciders
@posts_only
def application_hire(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Say yes, in the name of the colleague who signed in."""
    actor = actor_of(request)
    application = application_for(actor, application_id)

    def deed() -> Toast:
        hire_applicant(application, by=actor)
        return Toast(_("Hired. Congratulations to all of you."))

    return do_and_return(request, reverse("desk:application", args=[application_id]), deed)


@deciders
@posts_only
def application_stayed(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Note that who was hired is still here: what the mixes learn from last."""
    actor = actor_of(request)
    application = application_for(actor, application_id)

    def deed() -> Toast:
        note_stay(application, days=_days(request), by=actor)
        return Toast(_("Noted. Good to hear."))

    return do_and_return(request, reverse("desk:application", args=[application_id]), deed)


def _days(request: HttpRequest) -> int:
    text = request.POST.get("days", "")
    return int(text) if text.isascii() and text.isdigit() else 0
