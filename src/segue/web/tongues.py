"""In which language a page speaks: its address says it, else the last choice, else the browser.

An address may begin with a language: /fr/jobs/ is /jobs/ in French, and every link on it stays in French.
Such addresses are what search engines keep apart and what people share. The choice is remembered in a cookie
that tells nothing of anybody. The desk has one address a page: there a language at the front is a choice.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import get_script_prefix, set_script_prefix
from django.utils import translation
from django.utils.cache import patch_vary_headers

COOKIE = "language"
YEAR_S = 365 * 24 * 3600
WITHOUT = ("api/", "harvest/", "scim/", "mail/", "healthz", "readyz", "metrics", "static/")  # for programs
ONE_ADDRESS = ("desk/",)


class TongueMiddleware:
    """Take a language off the front of the address, and speak it; django.middleware.locale does less."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        said, rest = language_at_front(request.path_info)
        if said and rest.startswith(ONE_ADDRESS) and request.method in {"GET", "HEAD"}:
            query = request.META.get("QUERY_STRING", "")
            return _remembering(
                HttpResponseRedirect(f"/{rest}" + (f"?{query}" if query else "")), request, said
            )
        language = said or _wanted(request)
        request.LANGUAGE_CODE = language  # as Django's own middleware names it
        before = get_script_prefix()
        if said:
            request.path_info = f"/{rest}"
            set_script_prefix(f"{before.rstrip('/')}/{said}/")
        try:
            with translation.override(language):
                response = self.get_response(request)
        finally:
            set_script_prefix(before)
        response.headers.setdefault("Content-Language", language)
        if said:
            return _remembering(response, request, said)
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response


def language_at_front(path: str) -> tuple[str, str]:
    """Return the language a path begins with and what follows, or "" and the path without its slash.

    >>> language_at_front("/fr/jobs/"), language_at_front("/jobs/"), language_at_front("/fr/api/v1/jobs")
    (('fr', 'jobs/'), ('', 'jobs/'), ('', 'fr/api/v1/jobs'))
    """
    whole = path.removeprefix("/")
    first, slash, rest = whole.partition("/")
    if slash and first in dict(settings.LANGUAGES) and not rest.startswith(WITHOUT):
        return first, rest
    return "", whole


def in_other_languages(request: HttpRequest) -> list[tuple[str, str, str]]:
    """Return each language's code, its name in itself, and the address of this page in it."""
    _said, rest = language_at_front(request.path)
    query = request.META.get("QUERY_STRING", "") if request.method == "GET" else ""
    tail = rest + (f"?{query}" if query else "")
    return [(code, name, f"/{code}/{tail}") for code, name in settings.LANGUAGES]


def _wanted(request: HttpRequest) -> str:
    chosen = request.COOKIES.get(COOKIE, "")
    if chosen in dict(settings.LANGUAGES):
        return chosen
    return translation.get_language_from_request(request)


def _remembering(response: HttpResponse, request: HttpRequest, said: str) -> HttpResponse:
    if request.COOKIES.get(COOKIE) != said:
        response.set_cookie(COOKIE, said, max_age=YEAR_S, samesite="Lax", secure=request.is_secure())
    return response
