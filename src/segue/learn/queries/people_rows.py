"""People as rows of a file: whoever the list shows, in its order, a bounded number in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from segue.catalog.models import Person
from segue.catalog.queries.people import people_visible_to, search_people
from segue.catalog.queries.skills import labels
from segue.kit.actor import Actor
from segue.kit.errors import NotAllowed
from segue.learn.queries.search.asking import Ask, understand
from segue.learn.queries.search.finding import count_people, find_people

CHUNK = 500
HEADS = ("id", "name", "email", "phone", "headline", "city", "country", "skills", "source", "since")
PAY = ("pay_floor", "pay_currency", "pay_period")


@dataclass(frozen=True, slots=True)
class PeopleWanted:
    """What the list of people was narrowed to: words of the search language, or plain filters."""

    q: str = ""
    text: str = ""
    skill: str = ""  # a slug
    country: str = ""


def people_heads(by: Actor) -> tuple[str, ...]:
    """Return the columns this actor gets; pay is a scope of its own."""
    return (*HEADS, *PAY) if _sees_pay(by) else HEADS


def count_wanted(wanted: PeopleWanted, by: Actor) -> int:
    """Return how many people an export has. Raises NotAllowed, and Invalid for words that cannot be read."""
    if not (by.finds_people or by.is_machine):
        raise NotAllowed("Only who looks for people takes them along.")
    if wanted.q:
        return count_people(by, _ask(wanted), at_most=10**9)
    return search_people(by, text=wanted.text, skill=wanted.skill, country=wanted.country).count()


def people_chunks(wanted: PeopleWanted, by: Actor) -> Iterator[list[Person]]:
    """Yield the people asked for, some at a time."""
    if wanted.q:
        ask, after = _ask(wanted), ""
        while True:
            found = find_people(by, ask, after=after, size=CHUNK)
            known = people_visible_to(by).in_bulk([hit.person_id for hit in found.hits])
            yield [known[hit.person_id] for hit in found.hits if hit.person_id in known]
            after = found.next_after
            if not after:
                return
    rows = search_people(by, text=wanted.text, skill=wanted.skill, country=wanted.country)
    people = rows.iterator(chunk_size=CHUNK)
    while some := list(islice(people, CHUNK)):
        yield some


def people_cells(people: list[Person], by: Actor) -> Iterator[tuple[object, ...]]:
    """Yield the cells of some people, in the order of `people_heads`."""
    names = labels({slug for person in people for slug in person.skills})
    pay = _sees_pay(by)
    for person in people:
        cells = (
            person.pk,
            person.name,
            person.email,
            person.phone,
            person.headline,
            person.city,
            person.country,
            [names[slug] for slug in person.skills],
            person.source,
            person.created_at.date(),
        )
        yield (*cells, person.pay_floor, person.pay_currency, person.pay_period) if pay else cells


def _sees_pay(by: Actor) -> bool:
    return by.is_talent_team or by.is_machine


def _ask(wanted: PeopleWanted) -> Ask:
    return understand(f"{wanted.q} {wanted.text}".strip(), skill=wanted.skill, country=wanted.country)
