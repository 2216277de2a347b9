"""A rule as the JSON it is stored in, and as words: reading what was written gives the same rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from segue.engine.segments.reading import VERSION
from segue.engine.segments.tree import All, Condition, Node, Not

Join = Callable[[list[str]], str]


def write_rule(node: Node) -> dict[str, Any]:
    """The JSON of a rule.

    >>> write_rule(Not(Condition("seen", (("days", 30),))))
    {'version': 1, 'rule': {'not': {'kind': 'seen', 'days': 30}}}
    """
    return {"version": VERSION, "rule": plain(node)}


def plain(node: Node) -> dict[str, Any]:
    """A part of a rule as JSON, without the version."""
    if isinstance(node, Condition):
        values = {name: list(value) if isinstance(value, tuple) else value for name, value in node.values}
        return {"kind": node.kind, **values}
    if isinstance(node, Not):
        return {"not": plain(node.part)}
    return {"all" if isinstance(node, All) else "any": [plain(part) for part in node.parts]}


def said(
    node: Node, *, one: Callable[[Condition], str], both: Join, either: Join, no: Callable[[str], str]
) -> str:
    """A rule in words. `one` says a condition, `both` and `either` join, `no` denies; "" for everybody.

    A group within another kind of group stands in brackets.

    >>> from segue.engine.segments.tree import AnyOf
    >>> rule = All((Condition("a"), Not(AnyOf((Condition("b"), Condition("c"))))))
    >>> said(rule, one=lambda c: c.kind, both=" and ".join, either=" or ".join, no=lambda w: f"not {w}")
    'a and not (b or c)'
    """

    def words(part: Node, outer: type | None = None) -> str:
        if isinstance(part, Condition):
            return one(part)
        if isinstance(part, Not):
            return no(words(part.part, Not))
        join = both if isinstance(part, All) else either
        inner = [text for each in part.parts if (text := words(each, type(part)))]
        text = join(inner) if inner else ""
        bracketed = len(inner) > 1 and outer is not None and outer is not type(part)
        return f"({text})" if bracketed else text

    return words(node)
