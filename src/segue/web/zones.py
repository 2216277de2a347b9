"""Times are shown in the zone of the one who reads them."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

SESSION_ZONE = "time_zone"


class ZoneMiddleware:
    """Activate the zone stated at sign-in, else the one the browser told, else UTC."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        stated = request.session.get(SESSION_ZONE, "") if request.COOKIES.get("sessionid") else ""
        with timezone.override(_zone(stated) or _zone(request.COOKIES.get("tz", "")) or ZoneInfo("UTC")):
            return self.get_response(request)


def _zone(name: str) -> ZoneInfo | None:
    """Return the zone of that name; whatever a cookie may hold, never an error."""
    if not name or len(name) > 60:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
