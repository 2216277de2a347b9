"""How many things said become one profile: the strongest source wins, nothing said is lost.

Pure decisions over fact rows; `facts.py` and the importers store what comes out.
What a person took out stays out (see `queries/precedence.py`); that it was said again is kept, and ended.
A fact kept for other purposes than recruiting settles into no column, since profiles serve recruiting.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from segue.catalog.actions.fact_values import read_fact
from segue.catalog.models import Fact, FactKind, Person
from segue.catalog.places import locate
from segue.catalog.queries.precedence import (
    MANY_VALUED,
    RANK,
    RECRUITING,
    UNVERIFIED,
    in_force,
    is_machine,
    last_words,
    serves_recruiting,
    shut_by,
    slot_of,
    strength,
)

__all__ = [
    "RECRUITING",
    "UNVERIFIED",
    "Merge",
    "Said",
    "kinds_known",
    "leaked_columns",
    "merge_facts",
    "serves_recruiting",
    "settled_columns",
]
_LISTS = {"skill": "skills", "licence": "licences", "permit": "permits"}
_COLUMNS = {kind: str(kind) for kind in (
    FactKind.NAME, FactKind.EMAIL, FactKind.PHONE, FactKind.HEADLINE, FactKind.CITY, FactKind.COUNTRY,
    FactKind.LOCALE, FactKind.TIME_ZONE, FactKind.REMOTE, FactKind.WILLING_KM,
)}  # fmt: skip
_EMPTY: dict[str, Any] = {"phone": "", "headline": "", "city": "", "country": "", "locale": "en",
                          "time_zone": "UTC", "remote": "", "willing_km": None}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """One thing somebody says about a person; `span` is where the résumé says it (characters)."""

    kind: str
    value: Any
    confidence: float = 1.0
    method: str = ""
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Merge:
    """What stating comes to: one fact for each thing said, the new ones among them, and those now past."""

    facts: list[Fact]
    fresh: list[Fact]
    superseded: list[Fact]


def merge_facts(
    person: Person, known: Iterable[Fact], said: Sequence[Said], *, source: str, **provenance: Any
) -> Merge:
    """Decide what is new; `known` are all facts of the person, past ones too. Raises Invalid."""
    known = list(known)
    current = {_key(fact): fact for fact in known if fact.source == source and fact.superseded_at is None}
    denials = [fact for fact in known if in_force(fact)]
    merge = Merge([], [], [])
    for thing in said:
        value, normalised = read_fact(thing.kind, thing.value)
        stated = _fact(person, thing, value, normalised, source=source, **provenance)
        if shut_by(stated, denials):
            _keep_out(merge, current, stated, known)
            continue
        fact = current.setdefault(_key(stated), stated)
        if fact is stated:
            merge.fresh.append(fact)
            _supersede(merge, current, fact)
        merge.facts.append(fact)
    return merge


def _key(fact: Fact) -> tuple[str, bool, bool, str]:
    """A stranger's word never stands in for, nor pushes aside, the person's own; nor what is kept for another
    purpose what serves recruiting."""
    return fact.kind, fact.method == UNVERIFIED, serves_recruiting(fact), fact.normalised


def _keep_out(
    merge: Merge, current: dict[tuple[str, bool, bool, str], Fact], stated: Fact, known: Sequence[Fact]
) -> None:
    """Somebody took this out: that it was said is kept, once, and is this voice's last word all the same."""
    last = last_words([*known, *merge.fresh]).get(slot_of(stated))
    same = last is not None and last.superseded_at is not None and last.normalised == stated.normalised
    if same and is_machine(stated):
        return
    stated.superseded_at = stated.stated_at
    merge.fresh.append(stated)
    _supersede(merge, current, stated)


def _supersede(merge: Merge, current: dict[tuple[str, bool, bool, str], Fact], fact: Fact) -> None:
    if fact.kind in MANY_VALUED:
        return
    mine = _key(fact)
    for key in [key for key in current if key[:3] == mine[:3] and key != mine]:
        past = current.pop(key)
        if any(past is fresh for fresh in merge.fresh):
            merge.fresh[:] = [fresh for fresh in merge.fresh if fresh is not past]
        else:
            merge.superseded.append(past)


def _fact(person: Person, thing: Said, value: Any, normalised: str, **provenance: Any) -> Fact:
    start, end = thing.span or (None, None)
    return Fact(
        person=person,
        kind=thing.kind,
        value=value,
        normalised=normalised,
        confidence=thing.confidence,
        method=thing.method,
        span_start=start,
        span_end=end,
        **provenance,
    )


def settled_columns(
    person: Person, facts: Iterable[Fact], *, once_known: Iterable[str] = ()
) -> dict[str, Any]:
    """Return the columns that the current facts settle into, strongest source first, newest first.

    Kinds in `once_known` that nobody vouches for any more fall back to empty.
    """
    by_kind: dict[str, list[Fact]] = defaultdict(list)
    for fact in sorted(filter(serves_recruiting, facts), key=strength):
        by_kind[fact.kind].append(fact)
    columns: dict[str, Any] = {}
    for kind in {*by_kind, *once_known}:
        columns |= _columns_of(kind, by_kind[kind])
    return columns | _coordinates(person, columns, by_kind)


def kinds_known(facts: Iterable[Fact]) -> set[str]:
    """Return the kinds that any fact a profile may hold was ever about."""
    return {fact.kind for fact in facts if serves_recruiting(fact)}


def leaked_columns(person: Person, facts: Iterable[Fact]) -> dict[str, Any]:
    """Return, emptied, the columns that hold what only facts of other purposes ever said.

    Profiles settled before such facts were kept apart may hold them; nothing else is touched.
    """
    facts = list(facts)
    known = kinds_known(facts)
    leaked: dict[str, Any] = {}
    for fact in facts:
        if fact.kind not in known:
            leaked |= _leaked(person, fact, leaked)
    if "city" in leaked:
        leaked |= {"lat": None, "lon": None}  # which were the city's own
    return leaked


def _leaked(person: Person, fact: Fact, leaked: dict[str, Any]) -> dict[str, Any]:
    if fact.kind in _LISTS:
        column = _LISTS[fact.kind]
        held = leaked.get(column, getattr(person, column))
        return {column: [slug for slug in held if slug != fact.normalised]}
    at = fact.kind == FactKind.LOCATION
    says = {name: fact.value[name] for name in ("lat", "lon")} if at else _columns_of(fact.kind, [fact])
    if any(getattr(person, name) != value for name, value in says.items()):
        return {}
    return dict.fromkeys(says) if at else _columns_of(fact.kind, [])


def _columns_of(kind: str, facts: list[Fact]) -> dict[str, Any]:
    if kind in _LISTS:
        return {_LISTS[kind]: _union(facts)}
    if kind == FactKind.PAY_FLOOR:
        floor = facts[0].value if facts else {"amount": None, "currency": "", "period": ""}
        amount = None if floor["amount"] is None else Decimal(floor["amount"])
        return {"pay_floor": amount, "pay_currency": floor["currency"], "pay_period": floor["period"]}
    if kind in _COLUMNS:
        if facts:
            return {kind: facts[0].value}
        return {kind: _EMPTY[kind]} if kind in _EMPTY else {}
    return {}


def _union(facts: list[Fact]) -> list[str]:
    trusted = [fact for fact in facts if fact.method != UNVERIFIED]
    in_said_order = sorted(trusted or facts, key=_said_order)
    return list(dict.fromkeys(fact.normalised for fact in in_said_order))


def _said_order(fact: Fact) -> tuple[int, datetime, int]:
    return RANK[fact.source], fact.stated_at, fact.pk or 0


def _coordinates(person: Person, columns: dict[str, Any], by_kind: dict[str, list[Fact]]) -> dict[str, Any]:
    """A stated place counts unless a stronger source named another city; else the city's own."""
    stated, cities = by_kind[FactKind.LOCATION], by_kind[FactKind.CITY]
    if stated and (not cities or strength(stated[0])[:2] <= strength(cities[0])[:2]):
        return {"lat": stated[0].value["lat"], "lon": stated[0].value["lon"]}
    if "city" not in columns and "country" not in columns:
        return {}
    city, country = columns.get("city", person.city), columns.get("country", person.country)
    if (city, country) == (person.city, person.country) and person.lat is not None:
        return {}
    place = locate(city, country)
    found: dict[str, Any] = {"lat": place.lat if place else None, "lon": place.lon if place else None}
    if place and "time_zone" not in columns:
        found |= {"time_zone": place.time_zone}
    return found
