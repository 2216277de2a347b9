"""A POST sent twice under one Idempotency-Key is one deed with one answer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from segue.kit.actor import Actor, Role
from segue.kit.errors import Invalid, SegueError
from segue.trust.actions.kept_answers import hold_place, keep_answer
from segue.web.actors import actor_of
from segue.web.errors import answer_refused

LONGEST_KEY = 200
NOT_KEPT = frozenset({401, 403, 408, 429})  # these may be answered otherwise the next time


class RepeatMiddleware:
    """Keep the answers of POSTs to /api/v1/ that bring the header, for a day; give them again when asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.headers.get("Idempotency-Key", "")
        if request.method != "POST" or not key or not request.path.startswith("/api/v1/"):
            return self.get_response(request)
        actor = actor_of(request)
        if actor.role is Role.ANONYMOUS:
            return self.get_response(request)
        try:
            return self._once(request, actor, key)
        except SegueError as refused:
            return answer_refused(request, refused)

    def _once(self, request: HttpRequest, actor: Actor, key: str) -> HttpResponse:
        if len(key) > LONGEST_KEY or not key.isprintable():
            remedy = _("Use up to 200 letters, such as a UUID.")
            raise Invalid(_("This is no Idempotency-Key."), field="Idempotency-Key", remedy=remedy)
        said = f"{request.method} {request.get_full_path()}\n".encode() + request.body
        with transaction.atomic():
            place = hold_place(actor, key, hashlib.sha256(said).hexdigest())
            if place.status:
                answer = HttpResponse(place.body, status=place.status, content_type="application/json")
                answer["Idempotent-Replayed"] = "true"
                return answer
            response = self.get_response(request)
            if response.status_code >= 500 or response.status_code in NOT_KEPT:
                transaction.set_rollback(True)
            else:
                keep_answer(place, status=response.status_code, body=response.content.decode())
            return response
