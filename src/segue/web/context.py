"""What every page needs to know."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from segue.web.tongues import in_other_languages

FOR_EVERYBODY = frozenset({"portal:home", "portal:jobs", "portal:job"})  # what search engines may keep


def site(request: HttpRequest) -> dict[str, Any]:
    """Give templates the employer's name, the actor, and whether this is the demo."""
    return {
        "employer_name": settings.EMPLOYER_NAME,
        "actor": getattr(request, "actor", None),
        "is_demo": settings.DEMO,
        "theme": _theme(request),
        "languages": in_other_languages(request),
        "is_for_everybody": getattr(request.resolver_match, "view_name", "") in FOR_EVERYBODY,
    }


def _theme(request: HttpRequest) -> str:
    """Return "light", "dark", or "" to follow the device: the browser's choice, else the account's."""
    chosen: str = request.COOKIES.get("theme", "") or getattr(getattr(request, "user", None), "theme", "")
    return chosen if chosen in {"light", "dark"} else ""
