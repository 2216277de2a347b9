"""The page of people as a search leaves it: rows, their reasons, the count, and what was understood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from segue.catalog.models import Person
from segue.catalog.queries.people import people_visible_to
from segue.catalog.queries.skills import labels
from segue.kit.actor import Actor
from segue.kit.errors import Invalid
from segue.learn.queries.search.asking import Ask, ask_of, begins_so, understand
from segue.learn.queries.search.explaining import reasons_of
from segue.learn.queries.search.finding import COUNTED, Found, find_people
from segue.web.desk.search_words import Reason, understood, why_found


@dataclass(frozen=True, slots=True)
class Row:
    person: Person
    reasons: list[Reason] = field(default_factory=list)


@dataclass(slots=True)
class Results:
    """What the page shows; `error` where the words could not be read, `relaxed` where they were widened."""

    rows: Sequence[Row] = field(default_factory=list)
    total: int | None = None
    more_than: bool = False
    next_after: str = ""
    text: str = ""  # what was typed, with its filters in words: what is kept when the search is
    chips: list[str] = field(default_factory=list)
    skill_labels: dict[str, str] = field(default_factory=dict)
    error: Invalid | None = None
    relaxed: bool = False

    @property
    def ranked(self) -> bool:
        return not self.more_than


def search_results(actor: Actor, text: str, *, skill: str, country: str, after: str) -> Results:
    """Look for people; where nobody has the plain words, for those who have words that begin so."""
    try:
        ask = understand(text, skill=skill, country=country)
        found, relaxed = find_people(actor, ask, after=after), False
        if not found.total and (wider := begins_so(ask.tree)) != ask.tree:
            wider_ask = ask_of(wider)
            found = find_people(actor, wider_ask, after=after)
            ask, relaxed = (wider_ask, True) if found.total else (ask, False)
    except Invalid as error:
        return Results(error=error)
    results = _shown(actor, ask, found, relaxed=relaxed)
    filters = [f'skill:"{skill}"'] * bool(skill) + [f"country:{country}"] * bool(country)
    results.text = " ".join([f"({text})" if filters else text, *filters])
    return results


def _shown(actor: Actor, ask: Ask, found: Found, *, relaxed: bool) -> Results:
    ids = [hit.person_id for hit in found.hits]
    people = people_visible_to(actor).in_bulk(ids)
    reasons = reasons_of(ask, ids, actor) if ids else {}
    names = labels(_skills_named(ask, list(people.values())))
    rows = [Row(people[pk], why_found(reasons.get(pk, []), names)) for pk in ids if pk in people]
    return Results(
        rows=rows,
        total=found.total,
        more_than=found.more_than,
        next_after=found.next_after,
        chips=understood(ask, names),
        skill_labels=names,
        relaxed=relaxed,
    )


def _skills_named(ask: Ask, people: Sequence[Person]) -> set[str]:
    asked = {slug for slugs in ask.skills.values() for slug in slugs}
    return asked | {skill for person in people for skill in person.skills}


def count_words(results: Results) -> str:
    """Say how many there are: exactly, up to ten thousand."""
    if results.total is None:
        return ""
    if results.more_than:
        return _("More than %s people, newest first. Add a word to have them ranked.") % f"{COUNTED:,}"
    return _("%s people") % f"{results.total:,}" if results.total != 1 else _("One person")
