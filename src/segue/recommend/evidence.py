"""What in a person's own words backs a place on a slate."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from django.db.models import F, Value
from django.db.models.functions import Greatest, Substr
from numpy.typing import NDArray

from segue.catalog.models import Fact, FactKind, FactSource, Job, Person, Remote
from segue.engine.explain import Evidence as ReasonEvidence
from segue.engine.explain import Explanation, explain

Numbers = NDArray[np.float64]

AROUND = 70  # characters either side of the skill's words
LONGEST_NAME = 60  # a name or address this long is blinded whole where a quote ends within it
REACH = AROUND + 2 * LONGEST_NAME
MOST = 4
_CONTACT = re.compile(r"\S+@\S+|https?://\S+|[\w.-]+\.[a-z]{2,}/\S*|\+?\d[\d ()/.-]{6,}\d")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A skill, and the words that show it: before, the words themselves, after."""

    skill_label: str
    before: str
    words: str
    after: str
    source: str

    @property
    def quote(self) -> str:
        return f"{self.before}{self.words}{self.after}"


def evidence_for(
    people: Mapping[uuid.UUID, Person], slugs: Sequence[str], *, blind: bool
) -> dict[uuid.UUID, list[Evidence]]:
    """Return up to four quotes a person for the asked skills, in one query that reads no whole résumé."""
    start = Greatest(F("span_start") - REACH, Value(0))
    facts = (
        Fact.objects.filter(
            person_id__in=list(people),
            kind=FactKind.SKILL,
            normalised__in=list(slugs),
            superseded_at__isnull=True,
        )
        .annotate(
            window=Substr("resume__text", start + 1, F("span_end") - F("span_start") + 2 * REACH),
            window_start=start,
        )
        .order_by("person_id", "-confidence", "id")
        .only("person_id", "value", "source", "span_start", "span_end")
    )
    found: dict[uuid.UUID, list[Evidence]] = {}
    for fact in facts:
        quotes = found.setdefault(fact.person_id, [])
        label = str(fact.value)
        if len(quotes) < MOST and all(one.skill_label != label for one in quotes):
            name = people[fact.person_id].name if blind else ""
            quotes.append(_quote(fact, fact.window, fact.window_start, label, name))
    return found


def _quote(fact: Fact, window: str | None, window_start: int | None, label: str, name: str) -> Evidence:
    source = str(FactSource(fact.source).label)  # get_source_display hashes every choice's translation
    if not window or window_start is None or fact.span_start is None or fact.span_end is None:
        return Evidence(label, "", label, "", source)
    first, last = fact.span_start - window_start, fact.span_end - window_start
    before, words, after = window[:first], window[first:last], window[last : last + REACH]
    if name:  # before cutting: half a name at the edge of a quote is still a name
        before, after = _blind(before, name), _blind(after, name)
    return Evidence(label, _clip(before[-AROUND:]), words, _clip(after[:AROUND]), source)


def _clip(text: str) -> str:
    return " ".join(text.split()) and re.sub(r"\s+", " ", text)


def _blind(text: str, name: str) -> str:
    """Leave out names and addresses; a quote shows the skill, not the person."""
    return _name_pattern(name).sub("…", _CONTACT.sub("…", text))


@lru_cache(maxsize=512)
def _name_pattern(name: str) -> re.Pattern[str]:
    parts = [_part_pattern(part) for part in [name.strip(), *name.split()] if part]
    return re.compile("|".join(parts) or r"(?!)", re.IGNORECASE)


def _part_pattern(part: str) -> str:
    short = part.isascii() and len(part) < 4  # "Al" must not eat "scalable"
    return rf"(?<!\w){re.escape(part)}(?!\w)" if short else re.escape(part)


def explain_person(
    person: Person, job: Job, features: Numbers, weights: Numbers, distance_km: float
) -> Explanation:
    """Explain one pair from the job's side; a distance that is not known is NaN."""
    matched = tuple(slug for slug in [*job.required_skills, *job.nice_skills] if slug in person.skills)
    evidence = ReasonEvidence(
        title=job.title,
        matched_skills=matched,
        distance_km=None if np.isnan(distance_km) else distance_km,
        remote=job.remote == Remote.REMOTE,
    )
    return explain(features, weights, evidence)
