"""Which models are in force, what stands beside them, and whether a past decision can be made again."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from segue.engine.drift import MOVED, MOVED_FAR
from segue.kit.actor import Role
from segue.learn.actions.registry import challenge_model, promote_model, retire_model, roll_back_model
from segue.learn.models import ModelState
from segue.learn.queries.registry import model_named, registry
from segue.recommend.queries.replay import replay_decision
from segue.trust.queries.decisions import decision_for, latest_decisions
from segue.web.actors import actor_of
from segue.web.desk.doors import administrators, posts_only, readers_of_models
from segue.web.desk.pages import desk_page
from segue.web.desk.toast import SeeOther, Toast, do_and_return, leave_toast

LATEST = 20


@readers_of_models
def models_page(request: HttpRequest) -> HttpResponse:
    """Show every kind with its champion, challengers, drift and past, and the latest decisions."""
    actor = actor_of(request)
    return desk_page(
        request,
        "models",
        "models",
        kinds=registry(actor),
        may_settle=actor.role is Role.ADMINISTRATOR,
        moved=MOVED,
        moved_far=MOVED_FAR,
        decisions=latest_decisions(actor, LATEST),
    )


@administrators
@posts_only
def model_promote(request: HttpRequest) -> HttpResponse:
    """Let a candidate stand as challenger, or put a challenger in force."""
    actor = actor_of(request)

    def deed() -> Toast:
        model = model_named(actor, request.POST.get("hash", ""))
        if model.state == ModelState.CANDIDATE:
            challenge_model(model, by=actor)
            return Toast(_("It stands as challenger."))
        promote_model(model, reason=request.POST.get("reason", ""), by=actor)
        undo = {"kind": model.kind, "reason": _("Undone at once.")}
        return Toast(_("It is in force."), reverse("desk:model_roll_back"), undo)

    return do_and_return(request, reverse("desk:models"), deed)


@administrators
@posts_only
def model_roll_back(request: HttpRequest) -> HttpResponse:
    """Return a kind to the champion before the present one."""
    actor = actor_of(request)

    def deed() -> Toast:
        roll_back_model(kind=request.POST.get("kind", ""), reason=request.POST.get("reason", ""), by=actor)
        return Toast(_("The one before is in force again."))

    return do_and_return(request, reverse("desk:models"), deed)


@administrators
@posts_only
def model_retire(request: HttpRequest) -> HttpResponse:
    """Take a candidate or challenger out of the running."""
    actor = actor_of(request)

    def deed() -> Toast:
        retire_model(model_named(actor, request.POST.get("hash", "")), by=actor)
        return Toast(_("Retired."))

    return do_and_return(request, reverse("desk:models"), deed)


@readers_of_models
def decision_find(request: HttpRequest) -> HttpResponse:
    """Lead from an id to its decision."""
    try:
        decision_id = uuid.UUID(request.GET.get("id", "").strip())
    except ValueError:
        leave_toast(request, Toast(_("A decision's id is a UUID. Copy it whole."), refused=True))
        return SeeOther(reverse("desk:models"))
    return SeeOther(reverse("desk:decision", args=[decision_id]))


@readers_of_models
def decision_page(request: HttpRequest, decision_id: uuid.UUID) -> HttpResponse:
    """Show what one decision says of itself; asked to, make it again and lay both side by side."""
    actor = actor_of(request)
    row = decision_for(actor, decision_id)
    again = replay_decision(row.pk, by=actor) if "again" in request.GET else None
    return desk_page(request, "decision", "models", row=row, again=again)
