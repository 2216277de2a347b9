"""One application: its evidence, its way so far, and the verbs that need a named human."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from segue.catalog.queries.skills import labels, vocabulary
from segue.engine.lexicon import find_skills
from segue.hire.actions.applications import (
    hire_applicant,
    move_application,
    open_application,
    reject_application,
)
from segue.hire.actions.staying import note_stay, stays_to_note
from segue.hire.models import Application, Stage
from segue.hire.queries.applications import application_for, claim_of, stage_history
from segue.hire.queries.board import neighbours, resume_of
from segue.kit.errors import Conflict, Invalid, SegueError
from segue.web.actors import actor_of
from segue.web.desk.doors import deciders, hiring_team, posts_only
from segue.web.desk.highlight import Piece, Span, cut
from segue.web.desk.pages import desk_page, may_decide
from segue.web.desk.reasons import suggested_reasons
from segue.web.desk.toast import SeeOther, Toast, do_and_return, leave_toast


@hiring_team
def application_page(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Show the evidence; opening this page is what makes a decision on it possible."""
    actor = actor_of(request)
    application = application_for(actor, application_id)
    open_application(application, by=actor)
    return _page(request, application)


def _page(
    request: HttpRequest, application: Application, *, refused: SegueError | None = None
) -> HttpResponse:
    actor = actor_of(request)
    back, forward = neighbours(application.stage)
    names = labels([*application.job.required_skills, *application.job.nice_skills])
    resume = resume_of(application, by=actor)
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
        claim=claim_of(application, by=actor),
        stays=stays_to_note(application, by=actor),
        move_back=back,
        move_forward=forward,
        stage_labels=dict(Stage.choices),
        may_decide=may_decide(actor),
        reasons=suggested_reasons(),
        refused=refused,
        typed_reason=request.POST.get("reason", ""),
        status=422 if refused else 200,
    )


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
    before = application.stage
    target = request.POST.get("stage", "")

    def deed() -> Toast:
        moved = move_application(application, stage=target, by=actor)
        words = {"name": moved.person.name or _("The applicant"), "stage": moved.get_stage_display()}
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
