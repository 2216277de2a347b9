"""Who they are, in numbers: skills, titles, places, years at work. And what they say they wish for."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.utils.translation import gettext as _

from segue.catalog.models import FactKind, Person
from segue.catalog.queries.skills import labels
from segue.kit import clock
from segue.learn.models import SegmentRow, Taste
from segue.learn.queries.communities.knowledge import kept_back, skills_known
from segue.learn.queries.tastes import label_of
from segue.measure.queries.personas.crowds import Crowds
from segue.measure.queries.personas.figures import Figure, compared, most_common, most_telling

YEAR = timedelta(days=365.25)
SPANS = ((0, 2), (2, 5), (5, 10), (10, 20), (20, 200))  # years


def skills(crowds: Crowds) -> list[Figure]:
    """The skills that are theirs more than others', of those who allow their profile to be read."""
    known = {uuid.UUID(person): held for person, held in skills_known().items()}
    figures = _compared("skill", known, crowds, crowds.profile)
    names = labels(one.label for one in figures)
    return [_named(one, names[one.label]) for one in most_telling(figures)]


def titles(crowds: Crowds) -> list[Figure]:
    """What they call themselves, as they wrote it."""
    return most_common(_compared("title", _column("headline", FactKind.HEADLINE), crowds, crowds.profile))


def places(crowds: Crowds) -> list[Figure]:
    """Where they live."""
    return most_common(_compared("place", _column("city", FactKind.CITY), crowds, crowds.profile))


def years(crowds: Crowds) -> list[Figure]:
    """How long they have been at work, of those whose positions say so."""
    now = clock.now()
    told: dict[uuid.UUID, list[str]] = {}
    rows = SegmentRow.objects.values_list("person_id", "years", "working_since")
    for person, done, since in rows.exclude(years=None, working_since=None).iterator(5_000):
        held = (now.date() - since) / YEAR if since else 0.0
        told[person] = [_span((done or 0.0) + held)]
    figures = {one.label: one for one in _compared("years", told, crowds, crowds.profile)}
    return [figures[label] for label in map(_label, SPANS) if label in figures]


def wishes(crowds: Crowds) -> tuple[list[Figure], int]:
    """What they said they wish for or do not want, and how many of them said anything at all.

    Of those who stated a wish themselves, and nobody else: nothing here is guessed from likeness.
    """
    said = {
        person: [f"{'+' if value > 0 else '-'}{key}" for key, value in wishes.items() if value]
        for person, wishes in Taste.objects.exclude(wishes={}).values_list("person_id", "wishes")
    }
    spoke = {person: keys for person, keys in said.items() if keys and person in crowds.profile}
    figures = _compared("wish", spoke, crowds, frozenset(spoke))
    named = [_named(one, _worded(one.label)) for one in most_common(figures, 12)]
    return named, len(spoke.keys() & crowds.members)


def _worded(wish: str) -> str:
    label = label_of(wish[1:])
    return label if wish.startswith("+") else _("not: %s") % label


def _compared(
    section: str, values: Mapping[uuid.UUID, Iterable[str]], crowds: Crowds, allowed: frozenset[uuid.UUID]
) -> list[Figure]:
    """Of those who allow it and of whom something is known."""
    inside, outside = crowds.tally(values, allowed)
    n, other_n = crowds.split(values.keys() & allowed)
    return compared(section, inside, outside, n, other_n)


def _column(column: str, kind: FactKind) -> dict[uuid.UUID, list[str]]:
    """A column's values, but for those kept for another purpose."""
    hidden = kept_back(kind)
    rows = Person.objects.exclude(**{column: ""}).values_list("pk", column)
    return {
        person: [value]
        for person, value in rows.iterator(5_000)
        if value.casefold() not in hidden.get(person, frozenset())
    }


def _span(done: float) -> str:
    return next((_label(span) for span in SPANS if span[0] <= done < span[1]), _label(SPANS[-1]))


def _label(span: tuple[int, int]) -> str:
    return f"{span[0]}–{span[1]}" if span[1] < 100 else f"{span[0]}+"


def _named(one: Figure, label: str) -> Figure:
    return Figure(one.key, label, one.hits, one.n, one.other_hits, one.other_n)
