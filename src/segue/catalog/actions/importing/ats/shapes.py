"""What a reader of one system's export gives back, and the small readings all of them share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

Record = Mapping[str, Any]
REFUSED = "refused"  # a row with this key is not to come in, and the word says why
ATTACHMENT = "attachment_not_in_export"


class Row(NamedTuple):
    """A thing in our fields: `kind` is "people", "jobs" or "applications"."""

    kind: str
    data: dict[str, Any]


@dataclass
class Ignored:
    """What an export says that we keep no place for, counted by its name there."""

    counts: Counter[str] = field(default_factory=Counter)

    def note(self, where: str, record: Record, known: frozenset[str]) -> None:
        """Count what is said in a record under keys that nobody reads."""
        self.counts.update(
            f"{where}.{key}" for key, value in record.items() if key not in known and _says(value)
        )

    def add(self, name: str) -> None:
        self.counts[name] += 1


def _says(value: Any) -> bool:
    return value not in (None, "", [], {}, False)


Reader = Callable[[Record, Ignored], Iterator[Row]]


@dataclass(frozen=True)
class System:
    """One system: `kind_of` tells by its keys what an object is, or "" for what is none of it.

    `collections` are the names under which its pages and files keep their lists; `signature` are keys by
    which an object can only be of this system.
    """

    name: str
    kind_of: Callable[[Record], str]
    readers: Mapping[str, Reader]

    def rows(self, record: Record, ignored: Ignored) -> Iterator[Row]:
        """Yield what an object comes to. Raises LookupError for one that is none of this system's."""
        return self.readers[self.kind_of(record)](record, ignored)


def text(value: Any) -> str:
    """Return a literal as text, a named thing's name, or ""."""
    if isinstance(value, Mapping):
        return text(next((value[key] for key in ("name", "title", "text", "value") if value.get(key)), ""))
    if value is None or isinstance(value, bool | list):
        return ""
    return str(value).strip()


def dig(record: Any, *keys: str) -> Any:
    """Return what lies at a path of keys, or None."""
    for key in keys:
        record = record.get(key) if isinstance(record, Mapping) else None
    return record


def first_text(items: Any, *keys: str) -> str:
    """Return the first text in a list of texts, or of objects that keep it under one of these keys."""
    for item in items if isinstance(items, list) else []:
        found = (
            next((text(item[key]) for key in keys if item.get(key)), "")
            if isinstance(item, Mapping)
            else text(item)
        )
        if found:
            return found
    return ""


def texts(items: Any) -> list[str]:
    """Return the texts of a list of texts or named things."""
    return [found for found in map(text, items if isinstance(items, list) else []) if found]


def when(value: Any) -> str:
    """Return a moment in ISO 8601: as it is said, or from milliseconds since 1970."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return datetime.fromtimestamp(value / 1000, tz=UTC).isoformat()
    return text(value)


def said(**fields: Any) -> dict[str, Any]:
    """Return the fields that say something."""
    return {name: value for name, value in fields.items() if value not in ("", None, [], {})}


def joined(words: Iterable[str]) -> str:
    return "\n".join(word for word in words if word)


def pay(low: Any, high: Any, currency: Any, period: Any) -> dict[str, Any]:
    """Return what an advertisement says of its pay."""
    return said(pay_min=text(low), pay_max=text(high), pay_currency=text(currency), pay_period=text(period))
