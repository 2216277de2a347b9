"""An Ask as SQL over the index: one tsquery for its words, and arithmetic for its places."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import cos, radians
from typing import Any

from segue.engine.place import EARTH_RADIUS_KM
from segue.engine.query import All, AnyOf, Applied, Near, Node, Not, all_of, any_of
from segue.engine.query.lexemes import query_of
from segue.kit.actor import Actor
from segue.learn.applied import applications_known
from segue.learn.queries.search.asking import Ask

_KM_A_DEGREE = EARTH_RADIUS_KM * radians(1.0)
DISTANCE_KM = (
    f"{2 * EARTH_RADIUS_KM} * asin(sqrt(least(1.0, power(sin(radians(lat - %s) / 2), 2)"
    " + cos(radians(%s)) * cos(radians(lat)) * power(sin(radians(lon - %s) / 2), 2))))"
)
Sql = tuple[str, list[Any]]


def where(ask: Ask, actor: Actor) -> Sql:
    """The condition a row of the index must meet, with its values; true for an Ask of nothing.

    No part of it below a NOT is ever unknown, so that NOT cannot let anybody through whom its part would have
    held. What is asked of applications is asked of those this actor may see: another's answer is another
    condition.
    """
    return _where(ask.tree, ask, actor)


def _where(tree: Node, ask: Ask, actor: Actor, *, denied: bool = False) -> Sql:
    if _in_words(tree):
        return (
            ("words @@ %s::tsquery", [written]) if (written := query_of(tree, ask.skills)) else ("TRUE", [])
        )
    if isinstance(tree, Near):
        return circle(*ask.places[tree], tree.km, denied=denied)
    if isinstance(tree, Applied):
        return applications_known().condition(tree, actor, "learn_searchrow.person_id")
    if isinstance(tree, Not):
        sql, values = _where(tree.part, ask, actor, denied=True)
        return f"NOT ({sql})", values
    parts = tree.parts if isinstance(tree, All | AnyOf) else ()
    join: Callable[[Iterable[Node]], Node] = all_of if isinstance(tree, All) else any_of
    words = [part for part in parts if _in_words(part)]
    asked = [_where(join(words), ask, actor)] if words else []
    asked += [_where(part, ask, actor, denied=denied) for part in parts if not _in_words(part)]
    values = [value for _, some in asked for value in some]
    if isinstance(tree, AnyOf) and not denied and len(asked) > 1 and not all(map(_in_index, parts)):
        return _either(asked), values
    glue = " AND " if isinstance(tree, All) else " OR "
    return glue.join(f"({sql})" for sql, _ in asked), values


def _either(asked: Sequence[Sql]) -> str:
    """Whoever one of these holds of, each found its own way: a plain OR would read every row."""
    sides = " UNION ALL ".join(f"SELECT person_id FROM learn_searchrow WHERE {sql}" for sql, _ in asked)  # noqa: S608 - our own words
    return f"person_id IN ({sides})"


def _in_index(tree: Node) -> bool:
    """Say whether the index of people answers it alone, without applications."""
    if isinstance(tree, All | AnyOf):
        return all(map(_in_index, tree.parts))
    return _in_index(tree.part) if isinstance(tree, Not) else not isinstance(tree, Applied)


def _in_words(tree: Node) -> bool:
    if isinstance(tree, All | AnyOf):
        return all(map(_in_words, tree.parts))
    return _in_words(tree.part) if isinstance(tree, Not) else not isinstance(tree, Near | Applied)


def circle(lat: float, lon: float, km: float, *, denied: bool) -> Sql:
    """A box that the index of places answers, then the circle in it; who lives nowhere known is not near.

    Below a NOT it must not be unknown of them, and no index answers it.
    """
    up = km / _KM_A_DEGREE * 1.001
    sql, values = "lat BETWEEN %s AND %s", [lat - up, lat + up]
    narrow = cos(radians(min(89.9, abs(lat) + up)))
    across = up / narrow
    if abs(lat) + up < 89 and abs(lon) + across < 180:  # a box over a pole or the date line would be no box
        sql, values = f"{sql} AND lon BETWEEN %s AND %s", [*values, lon - across, lon + across]
    sql = f"{sql} AND {DISTANCE_KM} <= %s"
    return f"coalesce({sql}, FALSE)" if denied else sql, [*values, lat, lat, lon, km]


def ranked_by(ask: Ask) -> str:
    """The tsquery that ranks: what is asked for in words, without what must not be there; "" for none."""
    return query_of(_said(ask.tree), ask.skills)


def _said(tree: Node) -> Node:
    if isinstance(tree, All | AnyOf):
        return any_of(part for one in tree.parts if (part := _said(one)) != All())
    return All() if isinstance(tree, Not | Near | Applied) else tree
