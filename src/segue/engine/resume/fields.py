"""What was read: each thing with its value, where the text says it, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from segue.engine.resume.sections import Section


@dataclass(frozen=True, slots=True)
class Field:
    """One thing read: `kind` as in the catalog's facts; `span` in characters of the document's text."""

    kind: str
    value: Any
    span: tuple[int, int]
    confidence: float
    features: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that could not be read, or cannot be right, by name, and where."""

    code: str
    span: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read from one document."""

    fields: Sequence[Field]
    doubts: Sequence[Doubt]
    sections: Sequence[Section]

    def of(self, kind: str) -> list[Field]:
        """Return the fields of one kind, in order."""
        return [found for found in self.fields if found.kind == kind]


class Places(Protocol):
    """What the caller knows of the world's places; the engine keeps no gazetteer."""

    def country_of_city(self, city: str) -> str | None:
        """Return the ISO code of the country a city is in, None for a city not known."""
        ...

    def country(self, text: str) -> str:
        """Return the ISO code of a country by name, "" where it is none."""
        ...


class Nowhere:
    """Knows no place: what can be told without a gazetteer still is."""

    def country_of_city(self, city: str) -> str | None:
        return None

    def country(self, text: str) -> str:
        return ""
