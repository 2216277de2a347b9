"""The tree a rule is read into. It keeps the shape it was given, so that an editor shows what was built."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Union

Value = str | int | float | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that holds of a person or not: a kind of the vocabulary, and its values by field."""

    kind: str
    values: tuple[tuple[str, Value], ...] = ()

    def get(self, field: str) -> Value | None:
        return dict(self.values).get(field)

    def text(self, field: str) -> str:
        """A field's text, "" where it is not said."""
        return str(self.get(field) or "")

    def words(self, field: str) -> tuple[str, ...]:
        """A field's list, empty where it is not said."""
        found = self.get(field)
        return found if isinstance(found, tuple) else ()

    def number(self, field: str) -> float | None:
        """A field's number, None where it is not said."""
        found = self.get(field)
        return float(found) if isinstance(found, int | float) else None


@dataclass(frozen=True, slots=True)
class Not:
    part: Node


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds; without parts it holds for everybody."""

    parts: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One part at least holds; without parts it holds for nobody."""

    parts: tuple[Node, ...] = ()


Node = Union[Condition, Not, All, AnyOf]  # noqa: UP007 - a forward name in `|` is no type at run time


def conditions(node: Node) -> Iterator[Condition]:
    """Yield the conditions of a rule in reading order: the place of one here is its number."""
    if isinstance(node, Condition):
        yield node
    elif isinstance(node, Not):
        yield from conditions(node.part)
    else:
        for part in node.parts:
            yield from conditions(part)


def segments_named(node: Node) -> tuple[str, ...]:
    """The ids of the other segments a rule asks for, each once."""
    return tuple(dict.fromkeys(one.text("segment") for one in conditions(node) if one.kind == "segment"))
