"""An administrator looking with somebody else's eyes: pages show themselves, nothing is done."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from segue.kit.action import looking_only
from segue.kit.errors import NotAllowed
from segue.trust.actions.impersonation import note_page_seen
from segue.web.actors import look_of, real_actor_of
from segue.web.errors import answer_refused

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
QUIET = ("/static/", "/healthz", "/readyz", "/metrics")


class LookingMiddleware:
    """Refuse deeds, take back what a page leaves behind, and write down each page under both names."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        look = look_of(request)
        if look is None or request.path.startswith(QUIET):
            return self.get_response(request)
        if request.method not in SAFE:
            if request.path in {reverse("desk:look_stop"), reverse("portal:sign_out")}:
                return self.get_response(request)
            return answer_refused(
                request,
                NotAllowed(
                    _("You only look as %s: nothing can be changed.")
                    % (look.target.name or look.target.email),
                    remedy=_("Stop looking as somebody else, and do it in your own name."),
                ),
            )
        with looking_only():
            response = self.get_response(request)
        note_page_seen(look, path=request.path, status=response.status_code, by=real_actor_of(request))
        response["Cache-Control"] = "private, no-store"
        return response
