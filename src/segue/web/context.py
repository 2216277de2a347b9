"""What every page needs to know."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """Give templates the employer's name, the actor, and whether this is the demo."""
    return {
        "employer_name": settings.EMPLOYER_NAME,
        "actor": getattr(request, "actor", None),
        "is_demo": settings.DEMO,
        "theme": getattr(getattr(request, "user", None), "theme", ""),
    }
