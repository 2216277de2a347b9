"""What in a person's own words backs a place on a slate."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segue.catalog.models import Fact, FactKind, Job, Person, Remote
from segue.engine.explain import Evidence as ReasonEvidence
from segue.engine.explain import Explanation, explain

Numbers = NDArray[np.float64]

AROUND = 70  # characters either side of the skill's words
LONGEST_NAME = 60  # a name or address this long is blinded whole where a quote ends within it
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
    person_ids: Sequence[uuid.UUID], slugs: Sequence[str], *, blind: bool
) -> dict[uuid.UUID, list[Evidence]]:
    """Return up to four quotes a person for the asked skills, in one query."""
    facts = (
        Fact.objects.filter(
            person_id__in=list(person_ids),
            kind=FactKind.SKILL,
            normalised__in=list(slugs),
            superseded_at__isnull=True,
        )
        .select_related("resume", "person")
        .order_by("person_id", "-confidence", "id")
    )
    found: dict[uuid.UUID, list[Evidence]] = {}
    for fact in facts:
        quotes = found.setdefault(fact.person_id, [])
        label = str(fact.value)
        if len(quotes) < MOST and all(one.skill_label != label for one in quotes):
            quotes.append(_quote(fact, label, blind=blind))
    return found


def _quote(fact: Fact, label: str, *, blind: bool) -> Evidence:
    source = str(fact.get_source_display())
    if fact.resume is None or fact.span_start is None or fact.span_end is None:
        return Evidence(label, "", label, "", source)
    text = fact.resume.text
    before, after = text[: fact.span_start], text[fact.span_end :]
    if blind:  # before cutting: half a name at the edge of a quote is still a name
        before = _blind(before[-2 * LONGEST_NAME - AROUND :], fact.person.name)
        after = _blind(after[: 2 * LONGEST_NAME + AROUND], fact.person.name)
    words = text[fact.span_start : fact.span_end]
    return Evidence(label, _clip(before[-AROUND:]), words, _clip(after[:AROUND]), source)


def _clip(text: str) -> str:
    return " ".join(text.split()) and re.sub(r"\s+", " ", text)


def _blind(text: str, name: str) -> str:
    """Leave out names and addresses; a quote shows the skill, not the person."""
    text = _CONTACT.sub("…", text)
    for part in filter(None, [name.strip(), *name.split()]):
        short = part.isascii() and len(part) < 4  # "Al" must not eat "scalable"
        found = rf"(?<!\w){re.escape(part)}(?!\w)" if short else re.escape(part)
        text = re.sub(found, "…", text, flags=re.IGNORECASE)
    return text


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
