"""Nobody passes who is not in the permission matrix: asked before any view runs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from segue.kit.actor import Actor, Role
from segue.kit.errors import NotAllowed, SegueError, TooMany
from segue.kit.ratelimit import Allowance, knock
from segue.trust.actions.keys import note_use
from segue.trust.models import ApiKey
from segue.trust.providers import has_providers
from segue.web.actors import actor_of, key_sent
from segue.web.errors import answer_refused
from segue.web.permissions import AT_THE_DESK, THEIRS_ALONE, Reach, rule_for
from segue.web.signing_in import SecondStepMissing, check_session

MINUTE_S = 60
APIS = ("api/", "harvest/", "scim/")
_CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")


class NotSignedIn(SegueError):
    """Nobody is known to ask, where somebody must be."""

    code = "not_signed_in"
    http_status = 401


class MachineMayNotDecide(NotAllowed):
    """A program asked to decide about somebody."""

    code = "machine_may_not_decide"


class DoorkeeperMiddleware:
    """Let a request through, or answer it with a refusal; count what API keys ask."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        allowance: Allowance | None = getattr(request, "allowance", None)
        if allowance is not None:
            _say_allowance(response, allowance)
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Ask the matrix; a key's knock is counted first, whatever becomes of the request."""
        try:
            _count(request)
            _check(request)
        except SegueError as refused:
            return self._refused(request, refused)
        return None

    def _refused(self, request: HttpRequest, refused: SegueError) -> HttpResponse:
        actor = actor_of(request)
        if not _is_api(request):
            if actor.role is Role.ANONYMOUS:
                door = (
                    "desk:sign_in"
                    if request.path.startswith("/desk/") and has_providers()
                    else "portal:sign_in"
                )
                return HttpResponseRedirect(f"{reverse(door)}?next={request.path}")
            if isinstance(refused, SecondStepMissing):
                return HttpResponseRedirect(reverse("desk:security"))
            if actor.is_staff and _belongs_to_candidates(request):
                return HttpResponseRedirect(reverse("desk:home"))
        response = answer_refused(request, refused)
        if isinstance(refused, NotSignedIn):
            response["WWW-Authenticate"] = (
                'Basic realm="Segue"' if _route(request).startswith("harvest/") else 'Bearer realm="Segue"'
            )
        if isinstance(refused, TooMany):
            _say_allowance(response, Allowance(getattr(request, "limit", 0), 0, refused.retry_after_s))
        return response


def operation_of(request: HttpRequest) -> str:
    """Return an API request as the matrix names it, like "GET /api/v1/jobs/{job_id}"; else nothing."""
    if not _is_api(request):
        return ""
    method = "GET" if request.method == "HEAD" else request.method
    path = _CONVERTER.sub(r"{\1}", _route(request))
    return f"{method} /{path}"


def _check(request: HttpRequest) -> None:
    actor = actor_of(request)
    match = request.resolver_match
    assert match is not None
    operation = operation_of(request)
    found = rule_for(match.view_name, operation)
    if found is None and operation and _is_other_method(request, operation):
        return  # the API answers 405 by itself, and does nothing
    if found is not None and found.reach_of(actor) is not Reach.NO:
        if actor.seen_by_id is not None and match.view_name in THEIRS_ALONE:
            raise NotAllowed(
                _("This is for %s alone.") % actor.name, remedy=_("Look at another page, or stop looking.")
            )
        check_session(request, actor, match.view_name)
        return
    if found is AT_THE_DESK and actor.role is not Role.ANONYMOUS:
        raise MachineMayNotDecide(
            _("Nobody is hired or rejected by a program: that takes a named colleague who has opened it."),
            field="decided_by",
            remedy=_("Let a recruiter decide at %s.") % _desk_page(request),
        )
    raise _refusal(request, actor, scope=found.scope if found else "")


def _desk_page(request: HttpRequest) -> str:
    kwargs = request.resolver_match.kwargs if request.resolver_match else {}
    return request.build_absolute_uri(reverse("desk:application", kwargs=kwargs))


def _refusal(request: HttpRequest, actor: Actor, *, scope: str) -> SegueError:
    if not _is_api(request):
        said = _("This page is for the talent team.")
        if actor.is_staff:
            said = _("This page is not for your role.")
        return NotAllowed(said, remedy=_("Ask an administrator for access."))
    if key_sent(request) and actor.role is Role.ANONYMOUS:
        return NotSignedIn(
            _("This key opens nothing."),
            field="Authorization",
            remedy=_("It may have ended. Make a new one."),
        )
    if actor.role is Role.ANONYMOUS:
        return NotSignedIn(
            _("Nobody is signed in."),
            remedy=_("Send an API key (Authorization: Bearer …), or sign in at /sign-in/."),
        )
    if actor.role is Role.API_CLIENT and scope:
        return NotAllowed(
            _("This key does not have the scope for that."),
            field=scope,
            remedy=_("Ask an administrator for a key with the scope %s.") % scope,
        )
    return NotAllowed(_("This is not for you to ask."), remedy=_("Ask an administrator for access."))


def _count(request: HttpRequest) -> None:
    actor_of(request)  # wakes the lazy actor, who leaves the key
    key: ApiKey | None = getattr(request, "api_key", None)
    if key is None:
        return
    request.limit = key.limit_per_min  # type: ignore[attr-defined]
    request.allowance = knock(  # type: ignore[attr-defined]
        "api.key", str(key.pk), limit=key.limit_per_min, per_s=MINUTE_S
    )
    note_use(key)


def _say_allowance(response: HttpResponse, allowance: Allowance) -> None:
    """Say it in the words of the IETF draft, and in those that most clients read today."""
    limit, left, reset_s = allowance
    response["RateLimit-Policy"] = f'"key";q={limit};w={MINUTE_S}'
    response["RateLimit"] = f'"key";r={left};t={reset_s}'
    for name, value in (("Limit", limit), ("Remaining", left), ("Reset", reset_s)):
        response[f"X-RateLimit-{name}"] = str(value)


def _is_other_method(request: HttpRequest, operation: str) -> bool:
    path = operation.partition(" ")[2]
    return any(rule_for("", f"{method} {path}") for method in ("GET", "POST", "PATCH", "PUT", "DELETE"))


def _route(request: HttpRequest) -> str:
    return request.resolver_match.route if request.resolver_match else ""


def _is_api(request: HttpRequest) -> bool:
    return _route(request).startswith(APIS)


def _belongs_to_candidates(request: HttpRequest) -> bool:
    found = rule_for(request.resolver_match.view_name) if request.resolver_match else None
    return found is not None and Role.CANDIDATE in found.who
