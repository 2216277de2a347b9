"""How many things said become one profile: the strongest source wins, nothing said is lost.

Pure decisions over fact rows; `facts.py` and the importers store what comes out. Precedence is the
order of FactSource. What a stranger said on somebody's behalf (method "unverified") only fills gaps.
A fact that a person took back is kept with confidence 0, so that no machine says it again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from segue.catalog.actions.fact_values import MANY_VALUED, read_fact
from segue.catalog.models import Fact, FactKind, FactSource, Person
from segue.catalog.places import locate

UNVERIFIED = "unverified"
_MACHINE_SOURCES = frozenset({FactSource.ATS, FactSource.PARSED, FactSource.INFERRED})
_RANK = {source: rank for rank, source in enumerate(FactSource.values)}
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
    machine = source in _MACHINE_SOURCES
    denied = {(fact.kind, fact.normalised) for fact in known if machine and fact.confidence == 0}
    merge = Merge([], [], [])
    for thing in said:
        value, normalised = read_fact(thing.kind, thing.value)
        if (thing.kind, normalised) in denied:
            continue
        stated = _fact(person, thing, value, normalised, source=source, **provenance)
        fact = current.setdefault(_key(stated), stated)
        if fact is stated:
            merge.fresh.append(fact)
            _supersede(merge, current, fact)
        merge.facts.append(fact)
    return merge


def _key(fact: Fact) -> tuple[str, bool, str]:
    """A stranger's word never stands in for, nor pushes aside, the person's own."""
    return fact.kind, fact.method == UNVERIFIED, fact.normalised


def _supersede(merge: Merge, current: dict[tuple[str, bool, str], Fact], fact: Fact) -> None:
    if fact.kind in MANY_VALUED:
        return
    mine = _key(fact)
    for key in [key for key in current if key[:2] == mine[:2] and key != mine]:
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
    for fact in sorted(facts, key=_strength):
        by_kind[fact.kind].append(fact)
    columns: dict[str, Any] = {}
    for kind in {*by_kind, *once_known}:
        columns |= _columns_of(kind, by_kind[kind])
    return columns | _coordinates(person, columns, by_kind)


def _strength(fact: Fact) -> tuple[bool, int, float, int]:
    return fact.method == UNVERIFIED, _RANK[fact.source], -fact.stated_at.timestamp(), -(fact.pk or 0)


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
    return _RANK[fact.source], fact.stated_at, fact.pk or 0


def _coordinates(person: Person, columns: dict[str, Any], by_kind: dict[str, list[Fact]]) -> dict[str, Any]:
    """A stated place counts unless a stronger source named another city; else the city's own."""
    stated, cities = by_kind[FactKind.LOCATION], by_kind[FactKind.CITY]
    if stated and (not cities or _strength(stated[0])[:2] <= _strength(cities[0])[:2]):
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
