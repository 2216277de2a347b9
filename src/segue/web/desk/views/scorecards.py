"""One's own scorecards: the list, the form that saves itself, and amendments."""

from __future__ import annotations

import uuid
from dataclasses import replace

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from segue.hire.actions.scorecards import (
    begin_amendment,
    drop_amendment,
    save_scorecard,
    submit_scorecard,
)
from segue.hire.models import Outcome, Panelist, Recommendation, Scorecard
from segue.hire.queries.board import resume_of
from segue.hire.queries.debriefs import rows_of
from segue.hire.queries.kits import kit_at
from segue.hire.queries.pipelines import spec_named, stages_of
from segue.hire.queries.scorecards import own_card, own_cards, own_history, place_for
from segue.kit import clock
from segue.kit.actor import TALENT_TEAM, Role
from segue.kit.errors import Conflict, Invalid, SegueError
from segue.web.actors import actor_of, staff_only
from segue.web.desk.card_form import questions_for, read_card
from segue.web.desk.doors import posts_only
from segue.web.desk.pages import desk_page
from segue.web.desk.toast import SeeOther, Toast, do_and_return, leave_toast

interviewers = staff_only(*TALENT_TEAM, Role.HIRING_MANAGER, Role.INTERVIEWER)


@interviewers
def scorecards(request: HttpRequest) -> HttpResponse:
    """List one's own cards, what is owed first."""
    return desk_page(request, "scorecards", "home", rows=own_cards(actor_of(request)), now=clock.now())


@interviewers
def scorecard(request: HttpRequest, panelist_id: uuid.UUID) -> HttpResponse:
    """Show one's own card: to fill in, or as it was handed in."""
    return _page(request, place_for(actor_of(request), panelist_id))


def _page(
    request: HttpRequest, place: Panelist, *, refused: SegueError | None = None, typed: bool = False
) -> HttpResponse:
    actor, application = actor_of(request), place.application
    card = own_card(place)
    is_open = place.removed_at is None and application.outcome == Outcome.OPEN
    is_in = card is not None and card.submitted_at is not None
    kit = card.kit if card else kit_at(application.job_id, place.step)
    shown = _as_typed(request, card, place) if typed else card
    spec = spec_named(stages_of(application.job_id), place.step)
    history = own_history(place)
    resume = resume_of(application, by=actor) if is_open else None
    return desk_page(
        request,
        "scorecard",
        "home",
        place=place,
        application=application,
        stage_label=spec.label if spec else place.step,
        kit=kit,
        card=card,
        shown=shown,
        is_open=is_open,
        is_in=is_in,
        questions=questions_for(kit, shown),
        recommendations=Recommendation.choices,
        rows=rows_of(history[-1:]),
        history=history,
        resume=resume,
        refused=refused,
        now=clock.now(),
        status=(409 if isinstance(refused, Conflict) else 422) if refused else 200,
    )


def _as_typed(request: HttpRequest, card: Scorecard | None, place: Panelist) -> Scorecard:
    """Return what this window holds, unsaved, so that a refusal loses no word."""
    words = read_card(request.POST)
    keys = {*words.ratings, *words.notes}
    return Scorecard(
        step=place.step,
        ratings={key: {"rating": words.ratings.get(key), "notes": words.notes.get(key, "")} for key in keys},
        recommendation=words.recommendation[:10],
        summary=words.summary,
        revision=card.revision if card else 0,
    )


@interviewers
@posts_only
def scorecard_save(request: HttpRequest, panelist_id: uuid.UUID) -> HttpResponse:
    """Keep what was written so far; the page's own script asks for JSON and stays where it is."""
    actor = actor_of(request)
    place = place_for(actor, panelist_id)
    by_script = "application/json" in request.headers.get("Accept", "")
    try:
        card = save_scorecard(place, words=read_card(request.POST), by=actor)
    except (Conflict, Invalid) as error:
        if by_script:
            return JsonResponse(error.as_dict(), status=error.http_status)
        return _page(request, place_for(actor, panelist_id), refused=error, typed=True)
    if by_script:
        return JsonResponse({"revision": card.revision, "kit": str(card.kit_id or "")})
    leave_toast(request, Toast(_("Your draft is kept. Only you see it.")))
    return SeeOther(_address(panelist_id))


@interviewers
@posts_only
def scorecard_submit(request: HttpRequest, panelist_id: uuid.UUID) -> HttpResponse:
    """Hand the card in; what is still missing is named, and what was written is kept meanwhile."""
    actor = actor_of(request)
    place, words = place_for(actor, panelist_id), read_card(request.POST)
    try:
        kept = save_scorecard(place, words=words, by=actor)
    except (Conflict, Invalid) as error:
        return _page(request, place_for(actor, panelist_id), refused=error, typed=True)
    try:
        submit_scorecard(place, words=replace(words, seen=kept.revision), by=actor)
    except (Conflict, Invalid) as error:
        return _page(request, place_for(actor, panelist_id), refused=error)
    leave_toast(request, Toast(_("Your scorecard is in. Thank you.")))
    return SeeOther(_address(panelist_id))


@interviewers
@posts_only
def scorecard_amend(request: HttpRequest, panelist_id: uuid.UUID) -> HttpResponse:
    """Begin an amendment of one's own card; the toast lets it go again."""
    actor = actor_of(request)
    place = place_for(actor, panelist_id)

    def deed() -> Toast:
        begin_amendment(place, reason=request.POST.get("reason", ""), by=actor)
        undo = reverse("desk:scorecard_drop", args=[panelist_id])
        return Toast(_("Amend it here. What you handed in stays beside it."), undo)

    return do_and_return(request, _address(panelist_id), deed)


@interviewers
@posts_only
def scorecard_drop(request: HttpRequest, panelist_id: uuid.UUID) -> HttpResponse:
    """Let an amendment that is not handed in go."""
    actor = actor_of(request)
    place = place_for(actor, panelist_id)

    def deed() -> Toast:
        drop_amendment(place, by=actor)
        return Toast(_("Your card counts as you handed it in."))

    return do_and_return(request, _address(panelist_id), deed)


def _address(panelist_id: uuid.UUID) -> str:
    return reverse("desk:scorecard", args=[panelist_id])
