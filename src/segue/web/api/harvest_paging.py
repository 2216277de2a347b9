"""Pages by number, as Harvest has them."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Field, Schema

from segue.web.api.schemas import REFUSED

M = TypeVar("M", bound=Model)
LIST: dict[Any, Any] = {200: list[dict[str, Any]], **REFUSED}
ONE: dict[Any, Any] = {200: dict[str, Any], **REFUSED}


class Paged(Schema):
    """Which page, and how many rows on one."""

    per_page: Annotated[int, Field(ge=1, le=500)] = 100
    page: Annotated[int, Field(ge=1, le=100_000)] = 1
    skip_count: bool = False


def page_of_rows(request: HttpRequest, response: HttpResponse, rows: QuerySet[M], wanted: Paged) -> list[M]:
    """Return one page, oldest first, and say in the Link header where the others are."""
    start = (wanted.page - 1) * wanted.per_page
    found = list(rows.order_by("pk")[start : start + wanted.per_page + 1])
    links = {}
    if len(found) > wanted.per_page:
        links["next"] = wanted.page + 1
    if wanted.page > 1:
        links["prev"] = wanted.page - 1
    if not wanted.skip_count:
        links["last"] = max(1, -(-rows.count() // wanted.per_page))
    kept = {name: value for name, value in request.GET.items() if name != "page"}
    here = request.build_absolute_uri(request.path)
    response["Link"] = ",".join(
        f'<{here}?{urlencode(kept | {"page": number, "per_page": wanted.per_page})}>; rel="{rel}"'
        for rel, number in links.items()
    )
    return found[: wanted.per_page]
