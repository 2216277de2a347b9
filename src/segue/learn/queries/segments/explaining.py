"""Why somebody is in a segment: each condition, whether it holds of them now, and what says so."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Max, Sum
from django.utils.translation import gettext as _

from segue.catalog.models import Fact, FactKind
from segue.catalog.queries.people import person_for
from segue.engine.segments import VOCABULARY, Condition
from segue.kit import clock
from segue.kit.actor import Actor
from segue.learn.models import Engagement, SegmentRow
from segue.learn.queries.readable import ALLOWED
from segue.learn.queries.segments.counting import rows
from segue.learn.queries.segments.statement import DECIDED, MOVED, SEEN, SUBMITTED, Understood, each_holds
from segue.learn.queries.segments.wording import Names, condition_words

_FACTS: dict[str, tuple[FactKind, ...]] = {
    "place": (FactKind.CITY, FactKind.LOCATION),
    "country": (FactKind.COUNTRY,),
    "language": (FactKind.LOCALE,),
    "title": (FactKind.HEADLINE, FactKind.POSITION),
    "skills": (FactKind.SKILL,),
    "licences": (FactKind.LICENCE,),
    "years": (FactKind.POSITION,),
    "education": (FactKind.EDUCATION,),
    "remote": (FactKind.REMOTE,),
}
MOST_FACTS = 4


@dataclass(frozen=True, slots=True)
class Evidence:
    """What says so: a fact with where it came from and when, or deeds with how often and when last."""

    value: str
    source: str
    at: date


@dataclass(frozen=True, slots=True)
class Reason:
    """One condition of a rule, in reading order. `withheld`: the consent it needs is not given."""

    words: str
    holds: bool
    withheld: bool = False
    evidence: list[Evidence] = field(default_factory=list)


def reasons_for(rule: Understood, person_id: uuid.UUID, *, by: Actor) -> list[Reason]:
    """Say of each condition whether it holds of a person now, and what says so.

    Raises NotFound alike for nobody and for somebody not theirs to see.
    """
    person = person_for(by, person_id)
    every = each_holds(rule, today=clock.now().date(), among=[person.pk])
    row = SegmentRow.objects.filter(person=person).first()
    if not every or row is None:
        return []
    columns = ", ".join(f"({sql})" for _condition, (sql, _values) in every)
    values = [value for _condition, (_sql, some) in every for value in some]
    asked = f"SELECT {columns} FROM learn_segmentrow WHERE person_id = %s"  # noqa: S608 - our own words
    held = rows(asked, [*values, person.pk])[0]
    names = Names([rule.tree])
    current = Fact.objects.filter(ALLOWED, person=person, superseded_at=None)
    facts = list(current.order_by("-stated_at", "-pk"))
    found = []
    for (condition, _sql), holds in zip(every, held, strict=True):
        needs = VOCABULARY[condition.kind].needs
        withheld = bool(needs) and not getattr(row, needs)
        evidence = [] if withheld else _evidence(condition, rule, person.pk, facts)
        found.append(Reason(condition_words(condition, names), bool(holds), withheld, evidence))
    return found


def _evidence(
    condition: Condition, rule: Understood, person_id: uuid.UUID, facts: Sequence[Fact]
) -> list[Evidence]:
    if condition.kind in _FACTS:
        return _of_facts(condition, rule, facts)
    kinds = {
        "did": [condition.text("signal")],
        "seen": [SEEN],
        "applied": [SUBMITTED],
        "stage": [f"{MOVED}/{condition.text('stage')}", f"{DECIDED}/{condition.text('stage')}"],
    }.get(condition.kind)
    return _of_deeds(kinds, person_id) if kinds else []


def _of_facts(condition: Condition, rule: Understood, facts: Sequence[Fact]) -> list[Evidence]:
    wanted = {rule.skills[name] for name in (*condition.words("skills"), *condition.words("licences"))}
    about = [fact for fact in facts if fact.kind in _FACTS[condition.kind]]
    if wanted:
        about = [fact for fact in about if fact.normalised in wanted]
    return [
        Evidence(_value(fact), str(fact.get_source_display()), fact.stated_at.date())
        for fact in about[:MOST_FACTS]
    ]


def _value(fact: Fact) -> str:
    if isinstance(fact.value, dict):
        return " · ".join(str(part) for part in fact.value.values() if part not in (None, "", []))
    return str(fact.value)


def _of_deeds(kinds: Sequence[str], person_id: uuid.UUID) -> list[Evidence]:
    found = Engagement.objects.filter(person_id=person_id, kind__in=kinds)
    said = found.aggregate(times=Sum("times"), last=Max("day"))
    if not said["times"]:
        return []
    return [Evidence(_("%d times") % said["times"], _("heard on our pages"), said["last"])]
