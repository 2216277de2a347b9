"""Keyset paging: a page costs the same on row 10 and on row 100,000."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    rows: Sequence[M]
    next_after: str


def page_of(rows: QuerySet[M], *, after: str = "", size: int = 50) -> Page[M]:
    """Return `size` rows newest first (ids are time-ordered) below the id `after`."""
    try:
        below = rows.model._meta.pk.to_python(after) if after else None
    except ValidationError:
        below = None
    if below is not None:
        rows = rows.filter(pk__lt=below)
    found = list(rows.order_by("-pk")[: size + 1])
    more = found[size - 1].pk if len(found) > size else ""
    return Page(rows=found[:size], next_after=str(more))


def offset_page(rows: QuerySet[M], *, after: str = "", size: int = 50) -> Page[M]:
    """Return `size` rows from number `after` on, in the order given; for lists that are never long."""
    start = int(after) if after.isdecimal() and len(after) < 9 else 0
    found = list(rows[start : start + size + 1])
    more = str(start + size) if len(found) > size else ""
    return Page(rows=found[:size], next_after=more)


def keyset_page(rows: QuerySet[M], order: tuple[str, str], *, after: str = "", size: int = 50) -> Page[M]:
    """Return `size` rows in descending order of two columns, the second unique, below the place `after`.

    A place is "time|id", as `next_after` gave it; anything else is the beginning.
    """
    first, second = order
    value, _, key = after.partition("|")
    try:
        column: Any = rows.model._meta.get_field(first)
        at = column.to_python(value) if key else None
        pk = rows.model._meta.pk.to_python(key) if key else None
    except ValidationError:
        at = pk = None
    if at is not None and pk is not None:
        # the first condition alone is what an index can begin at
        rows = rows.filter(**{f"{first}__lte": at}).exclude(**{first: at, f"{second}__gte": pk})
    found = list(rows.order_by(f"-{first}", f"-{second}")[: size + 1])
    last = found[size - 1] if len(found) > size else None
    more = f"{getattr(last, first).isoformat()}|{last.pk}" if last is not None else ""
    return Page(rows=found[:size], next_after=more)
