"""The types the API takes: text a database can hold, moments with their zone, numbers within bounds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from ninja import Field
from pydantic import AfterValidator

BIGGEST_ID = 2**63 - 1


def _holdable(value: Any) -> Any:
    """Refuse what PostgreSQL cannot store, wherever in the value it stands: NUL, and half a character."""
    if isinstance(value, str):
        if "\x00" in value:
            raise ValueError("The text holds a NUL character.")
        try:
            value.encode()
        except UnicodeEncodeError:
            raise ValueError("The text holds half a character.") from None
    elif isinstance(value, dict):
        for key, inner in value.items():
            _holdable(key)
            _holdable(inner)
    elif isinstance(value, list):
        for inner in value:
            _holdable(inner)
    return value


def _in_utc(moment: datetime) -> datetime:
    """A moment without a zone counts as UTC; PostgreSQL knows no zone sixteen hours away, so none is sent."""
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError:
        raise ValueError("This moment is out of range.") from None


Text = Annotated[str, AfterValidator(_holdable)]
AnyValue = Annotated[Any, AfterValidator(_holdable)]
Moment = Annotated[datetime, AfterValidator(_in_utc)]
Cursor = Annotated[str, Field(max_length=40), AfterValidator(_holdable)]
Size = Annotated[int, Field(ge=1, le=200)]
