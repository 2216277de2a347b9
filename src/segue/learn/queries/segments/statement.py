"""A rule as one condition in SQL over what rules read of people.

NOT is driven down to the conditions, so that each stands there as it is meant, asked or denied, beside the
consent it needs: who did not give it is in neither, and nothing of theirs that was not granted can move a
count. A set that another table answers is asked for once, as `IN (SELECT …)`; `among` narrows such a set
where only some people are looked at.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from segue.engine.query import Term, any_of
from segue.engine.query.lexemes import query_of
from segue.engine.segments import EDUCATION, VOCABULARY, All, Condition, Node, Not, conditions
from segue.kit.actor import Actor
from segue.learn.queries.search.asking import Ask
from segue.learn.queries.search.statement import circle
from segue.learn.queries.search.statement import where as words_where

Sql = tuple[str, list[Any]]
SEEN = "seen"
_EVERYBODYS = Actor.machine("segments")  # who is in must not depend on who last looked
SUBMITTED, MOVED, DECIDED = "application.submitted", "application.moved", "application.decided"


@dataclass(frozen=True, slots=True)
class Understood:
    """A rule with everything its conditions name looked up: see `rules.understand_rule`."""

    tree: Node
    places: Mapping[str, tuple[float, float]] = field(default_factory=dict)  # degrees, by what was written
    skills: Mapping[str, str] = field(default_factory=dict)  # slugs
    countries: Mapping[str, str] = field(default_factory=dict)  # ISO codes
    asks: Mapping[str, Ask] = field(default_factory=dict)  # searches


@dataclass(frozen=True, slots=True)
class _Reading:
    """Whose day it is, and whom is looked at (None: everybody)."""

    rule: Understood
    today: date
    among: Sequence[uuid.UUID] | None

    def someone(self, sql: str, values: list[Any], *, having: str = "", bound: int = 0) -> Sql:
        """People of another table's rows that `sql` chooses."""
        if self.among is not None:
            sql, values = f"{sql} AND person_id = ANY(%s::uuid[])", [*values, list(self.among)]
        if having:
            sql, values = f"{sql} GROUP BY person_id HAVING {having} >= %s", [*values, bound]
        return f"person_id IN (SELECT person_id FROM {sql})", values  # noqa: S608 - our own words

    def since(self, condition: Condition) -> date | None:
        """The first of the last `days` calendar days (UTC, today is one of them)."""
        days = condition.number("days")
        return None if days is None else self.today - timedelta(days=int(days) - 1)


def where(rule: Understood, *, today: date, among: Sequence[uuid.UUID] | None = None) -> Sql:
    """The condition a row of `learn_segmentrow` must meet, with its values; never unknown."""
    reading = _Reading(rule, today, among)
    sql, values = _where(rule.tree, reading, said=True)
    if among is not None:
        return f"({sql}) AND person_id = ANY(%s::uuid[])", [*values, list(among)]
    return sql, values


def each_holds(rule: Understood, *, today: date, among: Sequence[uuid.UUID]) -> list[tuple[Condition, Sql]]:
    """Every condition of a rule in reading order with its own SQL, for people who are looked at."""
    reading = _Reading(rule, today, among)
    return [(one, _leaf(one, reading, said=True)) for one in conditions(rule.tree)]


def _where(node: Node, reading: _Reading, *, said: bool) -> Sql:
    if isinstance(node, Condition):
        return _leaf(node, reading, said=said)
    if isinstance(node, Not):
        return _where(node.part, reading, said=not said)
    every = isinstance(node, All) is said
    if not node.parts:
        return ("TRUE" if every else "FALSE"), []
    parts = [_where(part, reading, said=said) for part in node.parts]
    glue = " AND " if every else " OR "
    return glue.join(f"({sql})" for sql, _ in parts), [value for _, values in parts for value in values]


def _leaf(condition: Condition, reading: _Reading, *, said: bool) -> Sql:
    sql, values = _LEAVES[condition.kind](condition, reading)
    sql = f"coalesce({sql}, FALSE)" if condition.kind in _MAY_BE_NULL else f"({sql})"
    sql = sql if said else f"NOT {sql}"
    needs = VOCABULARY[condition.kind].needs
    return (f"{needs} AND {sql}" if needs else sql), values


def _place(condition: Condition, reading: _Reading) -> Sql:
    lat, lon = reading.rule.places[condition.text("near")]
    return circle(lat, lon, float(condition.number("km") or 0), denied=False)


def _country(condition: Condition, reading: _Reading) -> Sql:
    codes = [reading.rule.countries[one] for one in condition.words("countries")]
    return "country = ANY(%s)", [codes]


def _language(condition: Condition, _reading: _Reading) -> Sql:
    return "language = ANY(%s)", [[one.lower() for one in condition.words("languages")]]


def _title(condition: Condition, reading: _Reading) -> Sql:
    titles = any_of(Term(text, "title", quoted=True) for text in condition.words("titles"))
    return reading.someone("learn_searchrow WHERE words @@ %s::tsquery", [query_of(titles, {})])


def _skills(condition: Condition, reading: _Reading) -> Sql:
    slugs = [reading.rule.skills[one] for one in condition.words("skills")]
    return _holds("skills", condition.text("which"), slugs)


def _licences(condition: Condition, reading: _Reading) -> Sql:
    slugs = [reading.rule.skills[one] for one in condition.words("licences")]
    return _holds("licences", condition.text("which"), slugs)


def _holds(column: str, which: str, slugs: list[str]) -> Sql:
    sign = "@>" if which == "all" else "&&"
    return f"{'NOT ' if which == 'none' else ''}{column} {sign} %s::varchar[]", [slugs]


def _years(condition: Condition, reading: _Reading) -> Sql:
    years = "years + coalesce((%s::date - working_since) / 365.25, 0)"
    said = [(sign, bound) for sign, name in ((">=", "at_least"), ("<=", "at_most"))
            if (bound := condition.number(name)) is not None]  # fmt: skip
    sql = " AND ".join(f"{years} {sign} %s" for sign, _ in said)
    return sql, [value for _, bound in said for value in (reading.today, bound)]


def _education(condition: Condition, _reading: _Reading) -> Sql:
    return "education >= %s", [EDUCATION.index(condition.text("level")) + 1]


def _remote(condition: Condition, _reading: _Reading) -> Sql:
    return "remote = %s", [condition.text("mode")]


def _wish(condition: Condition, _reading: _Reading) -> Sql:
    sign = "+" if condition.text("stance") == "for" else "-"
    return "wishes @> %s::varchar[]", [[sign + condition.text("what")]]


def _fresh(condition: Condition, reading: _Reading) -> Sql:
    return "stated_at >= %s::date", [reading.since(condition)]


def _known(condition: Condition, reading: _Reading) -> Sql:
    return "joined_at >= %s::date", [reading.since(condition)]


def _source(condition: Condition, _reading: _Reading) -> Sql:
    return "lower(source) = ANY(%s)", [[one.lower() for one in condition.words("sources")]]


def _consent(condition: Condition, _reading: _Reading) -> Sql:
    return {"contact": "contact", "discovery": "discovery", "profile": "profile", "behaviour": "behaviour"}[
        condition.text("purpose")
    ], []


def _did(condition: Condition, reading: _Reading) -> Sql:
    return _often(condition, condition.text("signal"), reading)


def _applied(condition: Condition, reading: _Reading) -> Sql:
    return _often(condition, SUBMITTED, reading)


def _often(condition: Condition, kind: str, reading: _Reading) -> Sql:
    """Did it at least so often, and not once more than at most: who never did has no rows to count."""
    rows = "learn_engagement WHERE kind = %s"
    values: list[Any] = [kind]
    if since := reading.since(condition):
        rows, values = f"{rows} AND day BETWEEN %s AND %s", [*values, since, reading.today]
    low, high = condition.number("at_least"), condition.number("at_most")
    parts: list[Sql] = []
    if low:
        parts.append(_times(rows, values, int(low), reading))
    if high is not None:
        sql, more = _times(rows, values, int(high) + 1, reading)
        parts.append((f"NOT {sql}", more))
    if not parts:
        return "TRUE", []  # at least none is everybody
    return " AND ".join(sql for sql, _ in parts), [value for _, more in parts for value in more]


def _times(rows: str, values: list[Any], times: int, reading: _Reading) -> Sql:
    if times == 1:
        return reading.someone(rows, values)
    return reading.someone(rows, values, having="sum(times)", bound=times)


def _seen(condition: Condition, reading: _Reading) -> Sql:
    rows = "learn_engagement WHERE kind = %s AND day BETWEEN %s AND %s"
    return reading.someone(rows, [SEEN, reading.since(condition), reading.today])


def _stage(condition: Condition, reading: _Reading) -> Sql:
    stage = condition.text("stage")
    kinds = [f"{MOVED}/{stage}"] + ([f"{DECIDED}/hired"] if stage == "hired" else [])
    rows = "learn_engagement WHERE kind = ANY(%s)"
    values: list[Any] = [kinds]
    if since := reading.since(condition):
        rows, values = f"{rows} AND day BETWEEN %s AND %s", [*values, since, reading.today]
    return reading.someone(rows, values)


def _segment(condition: Condition, reading: _Reading) -> Sql:
    rows = "learn_segmentmember WHERE segment_id = %s::uuid AND left_at IS NULL"
    return reading.someone(rows, [condition.text("segment")])


def _text(condition: Condition, reading: _Reading) -> Sql:
    sql, values = words_where(reading.rule.asks[condition.text("query")], _EVERYBODYS)
    return reading.someone(f"learn_searchrow WHERE ({sql})", values)


_LEAVES: dict[str, Callable[[Condition, _Reading], Sql]] = {
    "place": _place,
    "country": _country,
    "language": _language,
    "title": _title,
    "skills": _skills,
    "licences": _licences,
    "years": _years,
    "education": _education,
    "remote": _remote,
    "wish": _wish,
    "fresh": _fresh,
    "known": _known,
    "source": _source,
    "consent": _consent,
    "did": _did,
    "seen": _seen,
    "applied": _applied,
    "stage": _stage,
    "segment": _segment,
    "text": _text,
}
_MAY_BE_NULL = frozenset({"years", "education", "place"})  # the others are never unknown
