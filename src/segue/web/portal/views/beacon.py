"""What a page tells about itself while it is read: seen cards, and time visible and focused."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from segue.catalog.queries.jobs import job_for
from segue.recommend.actions.mixes import mark_seen
from segue.recommend.actions.stances import note_dwell
from segue.web.actors import actor_of
from segue.web.portal.doors import uuid_or_none

MOST_CARDS = 100


def _wants_quiet(request: HttpRequest) -> bool:
    """Honour Global Privacy Control: whoever asks not to be followed is not."""
    return request.headers.get("Sec-GPC") == "1"


@require_POST
def dwell(request: HttpRequest) -> HttpResponse:
    """Hear how long a job was read. Consent decides, further down, whose signal it is."""
    actor = actor_of(request)
    job_id = uuid_or_none(request.POST.get("job_id", ""))
    if actor.person_id is not None and job_id is not None and not _wants_quiet(request):
        row = job_for(actor, job_id)
        note_dwell(
            actor.person_id, job_id=row.pk, dwell_s=_seconds(request.POST.get("dwell_s", "")), by=actor
        )
    return HttpResponse(status=204)


@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """Hear which cards were at least half visible for a second."""
    actor = actor_of(request)
    sent = request.POST.get("exposure_ids", "").split(",")[:MOST_CARDS]
    ids = [key for text in sent if (key := uuid_or_none(text)) is not None]
    if actor.person_id is not None and ids and not _wants_quiet(request):
        mark_seen(actor.person_id, exposure_ids=ids, by=actor)
    return HttpResponse(status=204)


def _seconds(text: str) -> float:
    """Read a duration; what is no number, or not finite, counts as none."""
    try:
        found = float(text)
    except ValueError:
        return 0.0
    return found if 0 <= found < float("inf") else 0.0
