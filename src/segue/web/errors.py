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
        response = _answer(request, error)
        if isinstance(error, TooMany):
            response["Retry-After"] = str(error.retry_after_s)
        return response


def _answer(request: HttpRequest, error: SegueError) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse(error.as_dict(), status=error.http_status)
    if wants_fragment(request):
        response = render(request, "errors/toast.html", {"error": error}, status=error.http_status)
        response["HX-Retarget"], response["HX-Reswap"] = "#toasts", "innerHTML"
        return response
    return render(request, "errors/refused.html", {"error": error}, status=error.http_status)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say in plain words why a form was not taken, and that nothing was changed."""
    return render(request, "errors/csrf.html", {"reason": reason}, status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "errors/500.html", status=500)
