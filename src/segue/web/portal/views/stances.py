"""One-tap answers: save, like, skip, not now, less like this, hide; and taking each back."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from segue.catalog.queries.jobs import job_for
from segue.kit.htmx import wants_fragment
from segue.recommend.actions.stances import take_stance, undo_stance
from segue.recommend.cards import Reaction
from segue.recommend.queries.stances import stances_of
from segue.web.actors import candidates_only
from segue.web.portal.doors import SeeOther, candidate_of, device_of, next_of, uuid_or_none
from segue.web.portal.undo import LEAVES_THE_SHELF, read_answer, said_of


@require_POST
@candidates_only
def stance(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Take an answer; a pressed button pressed again takes it back."""
    button = request.POST.get("stance", "")
    if button == "undo":
        return undo(request, job_id)
    actor, person_id = candidate_of(request)
    exposure_id = uuid_or_none(request.POST.get("exposure_id", ""))
    answer, until = read_answer(button)
    reaction = take_stance(
        person_id,
        job_id=job_id,
        stance=answer,
        by=actor,
        exposure_id=exposure_id,
        until=until,
        device=device_of(request),
    )
    if wants_fragment(request):
        return _swap(request, reaction, exposure_id)
    undo_url = reverse("portal:undo", args=[job_id])
    messages.info(request, said_of(answer, reaction.job.title), extra_tags=undo_url)
    return SeeOther(next_of(request, reverse("portal:home")))


@require_POST
@candidates_only
def undo(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Take the last answer about this job back; its card returns to its place."""
    actor, person_id = candidate_of(request)
    card = undo_stance(person_id, job_id=job_id, by=actor)
    if not wants_fragment(request):
        return SeeOther(next_of(request, reverse("portal:home")))
    place = request.POST.get("place", "")
    if place in {"page", "row"}:
        exposure_id = uuid_or_none(request.POST.get("exposure_id", ""))
        standing = stances_of(person_id, actor).get(job_id)
        context: dict[str, Any] = {
            "job": job_for(actor, job_id),
            "place": place,
            "stance": standing.stance if standing else None,
            "undone": True,
        }
        return _fragment(request, "feedback", uid=job_id, exposure_id=exposure_id, **context)
    if card is None:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    # A skipped card comes back to where its replacement lies now.
    lies_at = uuid_or_none(request.POST.get("instead_of", "")) or card.exposure_id
    return _fragment(request, "card", retarget=f"#card-{lies_at}", card=card, undone=True)


def _swap(request: HttpRequest, reaction: Reaction, exposure_id: uuid.UUID | None) -> HttpResponse:
    """Answer with what takes the place on the screen, and a toast that can undo it."""
    place = request.POST.get("place", "card")
    job = reaction.job
    context: dict[str, Any] = {"job": job, "place": place, "said": said_of(reaction.stance, job.title)}
    if place != "card" or reaction.stance not in LEAVES_THE_SHELF:
        uid = exposure_id if place == "card" else job.pk
        context |= {"uid": uid, "exposure_id": exposure_id, "stance": reaction.stance}
        return _fragment(request, "feedback", target=f"#feedback-{uid}", **context)
    here = f"#card-{exposure_id}"
    if reaction.replacement is None:
        return _fragment(request, "gone", retarget=here, target=here, exposure_id=exposure_id, **context)
    fresh = reaction.replacement
    context |= {"card": fresh, "instead_of": fresh.exposure_id, "target": f"#card-{fresh.exposure_id}"}
    return _fragment(request, "card", retarget=here, **context)


def _fragment(request: HttpRequest, name: str, retarget: str = "", **context: Any) -> HttpResponse:
    response = render(request, f"portal/swap_{name}.html", context)
    if retarget:
        response["HX-Retarget"] = retarget
        response["HX-Reswap"] = "outerHTML"
    return response
