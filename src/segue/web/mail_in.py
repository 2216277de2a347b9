"""The door by which a mail provider hands over what arrived: one message a request, as it came."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from segue.engage.actions.arriving import receive_mail
from segue.engage.letters import MOST_BYTES
from segue.kit.actor import Actor
from segue.kit.errors import Invalid


@csrf_exempt
@require_POST
def mail_in(request: HttpRequest) -> HttpResponse:
    """Take in one message of type message/rfc822; the same again changes nothing.

    200 says that it is stored. The bearer token is SEGUE_MAIL_IN_SECRET; without one there is no door.
    """
    secret = settings.MAIL_IN_SECRET
    if not secret:
        return _answer(
            404, "not_found", "Mail does not come in this way.", "Set SEGUE_MAIL_IN_SECRET to open it."
        )
    said = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not constant_time_compare(said, secret):
        return _answer(401, "not_allowed", "That is not the token.", "Send Authorization: Bearer ….")
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
        return _answer(413, "too_large", "The mail is larger than 25 MB.", "Leave large files out.")
    try:
        arrival = receive_mail(request.read(MOST_BYTES + 1), by=Actor.machine("mail"))
    except Invalid as error:
        return JsonResponse(error.as_dict(), status=error.http_status)
    return JsonResponse({"id": str(arrival.pk), "state": arrival.state, "why": arrival.why})


def _answer(status: int, code: str, message: str, remedy: str) -> JsonResponse:
    return JsonResponse({"code": code, "message": message, "field": "", "remedy": remedy}, status=status)
