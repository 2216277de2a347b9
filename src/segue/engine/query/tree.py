"""The tree a query is read into. Trees are made by `all_of`, `any_of` and `negated`, which keep them flat."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Union

FIELDS = ("name", "title", "skill", "city", "country", "employer", "school", "source", "remote")
APPLIED = ("status", "stage", "job")
KM_A_MILE = 1.609344


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or a phrase where `quoted`; `begins`: any word that begins so. Without a field: anywhere."""

    text: str
    field: str = ""
    quoted: bool = False
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """Who lives within `reach` (in `unit`, km or mi) of a place."""

    place: str
    reach: float = 50.0
    unit: str = "km"

    @property
    def km(self) -> float:
        return self.reach * (KM_A_MILE if self.unit == "mi" else 1.0)


@dataclass(frozen=True, slots=True)
class Applied:
    """Who has an application of which all that is said here holds: one and the same application."""

    status: str = ""
    stage: str = ""
    job: str = ""


@dataclass(frozen=True, slots=True)
class Not:
    part: Node


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds; without parts it holds for everybody."""

    parts: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Node, ...]


Leaf = Union[Term, Near, Applied]  # noqa: UP007 - as below
Node = Union[Term, Near, Applied, Not, All, AnyOf]  # noqa: UP007 - a forward name in `|` is no type at run time


def all_of(parts: Iterable[Node]) -> Node:
    """Every part; one part alone is itself.

    >>> all_of([Term("a"), All((Term("b"), Term("c")))]) == All((Term("a"), Term("b"), Term("c")))
    True
    """
    flat = [one for part in parts for one in (part.parts if isinstance(part, All) else (part,))]
    return flat[0] if len(flat) == 1 else All(tuple(flat))


def any_of(parts: Iterable[Node]) -> Node:
    """One part at least; where any of them holds for everybody, so does the whole."""
    flat = [one for part in parts for one in (part.parts if isinstance(part, AnyOf) else (part,))]
    if not flat or All() in flat:
        return All()
    return flat[0] if len(flat) == 1 else AnyOf(tuple(flat))


def negated(part: Node) -> Node:
    """Not this part; twice not is yes.

    >>> negated(negated(Term("a")))
    Term(text='a', field='', quoted=False, begins=False)
    """
    return part.part if isinstance(part, Not) else Not(part)


def leaves(node: Node, *, wanted: bool = True) -> Iterator[Leaf]:
    """Yield what the tree asks for, in order; with `wanted` False, what it asks not to be there."""
    yield from (leaf for leaf, said in _signed(node, said=True) if said is wanted)


def _signed(node: Node, *, said: bool) -> Iterator[tuple[Leaf, bool]]:
    if isinstance(node, Not):
        yield from _signed(node.part, said=not said)
    elif isinstance(node, All | AnyOf):
        for part in node.parts:
            yield from _signed(part, said=said)
    else:
        yield node, said
