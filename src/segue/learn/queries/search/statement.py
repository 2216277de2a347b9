"""An Ask as SQL over the index: one tsquery for its words, and arithmetic for its places."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import cos, radians
from typing import Any

from segue.engine.place import EARTH_RADIUS_KM
from segue.engine.query import All, AnyOf, Near, Node, Not, all_of, any_of
from segue.engine.query.lexemes import query_of
from segue.learn.queries.search.asking import Ask

_KM_A_DEGREE = EARTH_RADIUS_KM * radians(1.0)
DISTANCE_KM = (
    f"{2 * EARTH_RADIUS_KM} * asin(sqrt(least(1.0, power(sin(radians(lat - %s) / 2), 2)"
    " + cos(radians(%s)) * cos(radians(lat)) * power(sin(radians(lon - %s) / 2), 2))))"
)
Sql = tuple[str, list[Any]]


def where(ask: Ask) -> Sql:
    """The condition a row of the index must meet, with its values; true for an Ask of nothing.

    No part of it is ever unknown, so that NOT cannot let anybody through whom its part would have held.
    """
    return _where(ask.tree, ask)


def _where(tree: Node, ask: Ask) -> Sql:
    if _in_words(tree):
        return (
            ("words @@ %s::tsquery", [written]) if (written := query_of(tree, ask.skills)) else ("TRUE", [])
        )
    if isinstance(tree, Near):
        return _within(tree, ask)
    if isinstance(tree, Not):
        sql, values = _where(tree.part, ask)
        return f"NOT ({sql})", values
    parts = tree.parts if isinstance(tree, All | AnyOf) else ()
    join: Callable[[Iterable[Node]], Node] = all_of if isinstance(tree, All) else any_of
    words = [part for part in parts if _in_words(part)]
    asked = [_where(join(words), ask)] if words else []
    asked += [_where(part, ask) for part in parts if not _in_words(part)]
    glue = " AND " if isinstance(tree, All) else " OR "
    return glue.join(f"({sql})" for sql, _ in asked), [value for _, values in asked for value in values]


def _in_words(tree: Node) -> bool:
    if isinstance(tree, All | AnyOf):
        return all(map(_in_words, tree.parts))
    return _in_words(tree.part) if isinstance(tree, Not) else not isinstance(tree, Near)


def _within(near: Near, ask: Ask) -> Sql:
    """A box that the index of places answers, then the circle in it; who lives nowhere known is not near."""
    lat, lon = ask.places[near]
    up = near.km / _KM_A_DEGREE * 1.001
    sql, values = "lat BETWEEN %s AND %s", [lat - up, lat + up]
    narrow = cos(radians(min(89.9, abs(lat) + up)))
    across = up / narrow
    if abs(lat) + up < 89 and abs(lon) + across < 180:  # a box over a pole or the date line would be no box
        sql, values = f"{sql} AND lon BETWEEN %s AND %s", [*values, lon - across, lon + across]
    circle = f"coalesce({DISTANCE_KM} <= %s, FALSE)"
    return f"coalesce({sql}, FALSE) AND {circle}", [*values, lat, lat, lon, near.km]


def ranked_by(ask: Ask) -> str:
    """The tsquery that ranks: what is asked for in words, without what must not be there; "" for none."""
    return query_of(_said(ask.tree), ask.skills)


def _said(tree: Node) -> Node:
    if isinstance(tree, All | AnyOf):
        return any_of(part for one in tree.parts if (part := _said(one)) != All())
    return All() if isinstance(tree, Not | Near) else tree
