"""A brand's stylesheet: the same for everybody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import condition, require_safe

from segue.catalog.queries.brands import brand_for
from segue.kit.actor import Actor
from segue.web.brands import sheet_of, version_of

ANYBODY = Actor.anonymous()
FOR_EVER, A_WHILE = "public, max-age=31536000, immutable", "public, max-age=300"


def _as_it_is(request: HttpRequest, brand_key: str) -> str:
    return f'"{version_of(sheet_of(brand_for(ANYBODY, brand_key)))}"'


@require_safe
@condition(etag_func=_as_it_is)
def brand_sheet(request: HttpRequest, brand_key: str) -> HttpResponse:
    """Return a brand's colours; under the address that names this very sheet they may be kept for ever."""
    sheet = sheet_of(brand_for(ANYBODY, brand_key))
    response = HttpResponse(sheet, content_type="text/css; charset=utf-8")
    named = request.GET.get("v") == version_of(sheet)
    response["Cache-Control"] = FOR_EVER if named else A_WHILE
    return response
