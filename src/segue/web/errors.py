"""Typed errors become clear pages, fragments or JSON; nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from segue.kit.errors import SegueError, TooMany
from segue.kit.htmx import wants_fragment


class TypedErrorMiddleware:
    """Answer a SegueError with its own status, message and remedy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, SegueError):
            return None
        return answer_refused(request, error)


def answer_refused(request: HttpRequest, error: SegueError) -> HttpResponse:
    """Answer with the error's own status, as JSON, a toast or a page, whichever was asked for."""
    response = _answer(request, error)
    if isinstance(error, TooMany):
        response["Retry-After"] = str(error.retry_after_s)
    return response


def _answer(request: HttpRequest, error: SegueError) -> HttpResponse:
    if request.path.startswith("/scim/"):
        return JsonResponse(_in_scim(error), status=_scim_status(error), content_type="application/scim+json")
    if request.path.startswith(("/api/", "/harvest/")):
        return JsonResponse(error.as_dict(), status=error.http_status)
    if wants_fragment(request):
        response = render(request, "errors/toast.html", {"error": error}, status=error.http_status)
        response["HX-Retarget"], response["HX-Reswap"] = "#toasts", "innerHTML"
        return response
    return render(request, "errors/refused.html", {"error": error}, status=error.http_status)


SCIM_ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
SCIM_TYPES = frozenset(
    {"invalidFilter", "uniqueness", "mutability", "invalidSyntax", "invalidPath", "noTarget", "invalidValue"}
)


def _scim_status(error: SegueError) -> int:
    """What RFC 7644 calls a bad request is one, whichever the fault."""
    return 400 if error.http_status == 422 else error.http_status


def _in_scim(error: SegueError) -> dict[str, object]:
    """Say an error as RFC 7644, 3.12 has it."""
    kind = error.code if error.code in SCIM_TYPES else "invalidValue" if error.http_status == 422 else ""
    said: dict[str, object] = {
        "schemas": [SCIM_ERROR],
        "status": str(_scim_status(error)),
        "detail": str(error),
    }
    return said | ({"scimType": kind} if kind else {})


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say in plain words why a form was not taken, and that nothing was changed."""
    return render(request, "errors/csrf.html", {"reason": reason}, status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "errors/500.html", status=500)
