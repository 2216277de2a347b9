"""Conditions that are lawful and yet may stand in for a protected ground, each with why: the page says it.

A warning is no refusal: five kilometres are right for a night shift and wrong for a mailing. Whether a
segment truly leans one way can only be measured where people told it of themselves; that store is trust's,
apart, and answers in aggregates (see learn/leaning.py). Here stands what is known before that.

Sources: where people live (UK EHRC, Services Code 5.8); experience caps and graduation years (Kleber v.
CareFusion, 7th Cir. 2019; CJEU C-229/08); names (Bertrand and Mullainathan, AER 2004); language (EEOC,
Guidance on National Origin, 2016).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from segue.engine.segments.tree import Condition, Node, conditions

SMALL_KM = 15.0
FEW_YEARS, MANY_YEARS = 10.0, 20.0
_YEAR = re.compile(r"\b(?:19[4-9]\d|20\d\d)\b")


@dataclass(frozen=True, slots=True)
class Proxy:
    """One way a condition may stand in for a ground: `code` names it for the words beside the rule."""

    code: str
    kind: str
    ground: str  # a key of PROTECTED
    reason: str
    applies: Callable[[Condition], bool]


def _number(condition: Condition, field: str, otherwise: float) -> float:
    found = condition.number(field)
    return otherwise if found is None else found


def _names_somebody(condition: Condition) -> bool:
    return "name:" in condition.text("query").lower()


def _names_a_school(condition: Condition) -> bool:
    query = condition.text("query").lower()
    return any(f"{field}:" in query for field in ("school", "education", "university"))


def _names_a_year(condition: Condition) -> bool:
    return bool(_YEAR.search(condition.text("query")))


PROXIES = (
    Proxy(
        "small_radius", "place", "ethnic origin",
        "Who lives in a neighbourhood often follows origin and income.",
        lambda c: _number(c, "km", SMALL_KM) < SMALL_KM,
    ),
    Proxy(
        "few_years", "years", "age",
        "A cap on experience leaves out older people, who have more of it.",
        lambda c: c.number("at_most") is not None and _number(c, "at_most", 0) <= MANY_YEARS,
    ),
    Proxy(
        "many_years", "years", "age",
        "So much experience leaves out younger people.",
        lambda c: _number(c, "at_least", 0) >= FEW_YEARS,
    ),
    Proxy(
        "language", "language", "ethnic origin",
        "The language somebody reads a site in often tells where they come from.",
        lambda c: True,
    ),
    Proxy(
        "country", "country", "nationality",
        "Where somebody lives is not their nationality, and often goes with it.",
        lambda c: True,
    ),
    Proxy(
        "education", "education", "age",
        "How many hold a degree differs much between generations, and by origin.",
        lambda c: c.text("level") in {"bachelor", "master", "doctorate"},
    ),
    Proxy(
        "name", "text", "ethnic origin",
        "Names tell of gender and origin.",
        _names_somebody,
    ),
    Proxy(
        "school", "text", "ethnic origin",
        "Schools differ in whom they take, by gender, belief and origin.",
        _names_a_school,
    ),
    Proxy(
        "year", "text", "age",
        "A year of graduation, or of a first position, tells an age.",
        _names_a_year,
    ),
    Proxy(
        "remote", "remote", "pregnancy or family",
        "Who looks after children or cannot travel far wishes for remote work more often.",
        lambda c: True,
    ),
)  # fmt: skip


def proxies_in(node: Node) -> Iterator[tuple[int, Proxy]]:
    """Yield every proxy a rule may use, with the number of its condition in reading order."""
    for number, condition in enumerate(conditions(node)):
        for proxy in PROXIES:
            if proxy.kind == condition.kind and proxy.applies(condition):
                yield number, proxy
