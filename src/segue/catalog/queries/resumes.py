"""What was read from a résumé, with the words that say so, and what could not be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from segue.catalog.models import Fact, FactSource, Person, Resume
from segue.catalog.places import Gazetteer
from segue.catalog.queries.people import person_for
from segue.catalog.queries.skills import vocabulary
from segue.engine.lexicon import find_skills
from segue.engine.resume.layout import MOST_READ, Document
from segue.engine.resume.reading import read_document
from segue.kit.actor import Actor

_LONGEST_QUOTE = 160
_SURE_ENOUGH = 0.5  # less sure than this is not said: the person is asked instead


@dataclass(frozen=True, slots=True)
class ReadFact:
    """A fact read from a résumé, and the line that says so."""

    fact: Fact
    quote: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that could not be read, or cannot be right: its name, and the line it is about."""

    code: str
    quote: str


def latest_resume(person: Person, by: Actor) -> Resume | None:
    """Return the newest version, if there is any. Raises NotFound."""
    person_for(by, person.pk)
    return Resume.objects.filter(person=person).order_by("-version").first()


def read_from(resume: Resume, by: Actor) -> Sequence[ReadFact]:
    """Return what stands of what was read from this résumé, in its own order. Raises NotFound."""
    person_for(by, resume.person_id)
    current = Fact.objects.filter(resume=resume, superseded_at=None)
    read = current.filter(source__in=[FactSource.PARSED, FactSource.CONFIRMED])
    facts = sorted(read, key=lambda fact: (fact.span_start is None, fact.span_start or 0, fact.pk))
    vouched = {(f.kind, f.normalised) for f in facts if f.source == FactSource.CONFIRMED}
    return [
        ReadFact(fact, _quote(resume.text, fact.span_start, fact.span_end))
        for fact in facts
        if fact.source == FactSource.CONFIRMED or (fact.kind, fact.normalised) not in vouched
    ]


def troubles_in(resume: Resume, by: Actor) -> Sequence[Trouble]:
    """Return what in this résumé wants a person's word. Raises NotFound."""
    person_for(by, resume.person_id)
    reading = read_document(Document.of_text(resume.text[:MOST_READ]), Gazetteer())
    return [
        Trouble(doubt.code, _quote(resume.text, *doubt.span) if doubt.code == "end_before_start" else "")
        for doubt in reading.doubts
    ]


def _quote(text: str, start: int | None, end: int | None) -> str:
    """Return the words, or for whole texts nothing: a quote is short, or it is none."""
    if start is None or end is None or (start == 0 and end >= len(text)):
        return ""
    words = " ".join(text[start:end].split())
    return words if len(words) <= _LONGEST_QUOTE else f"{words[:_LONGEST_QUOTE]}…"


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What a résumé says before anybody has sent it: nothing of it is kept."""

    name: str
    email: str
    lines: Sequence[tuple[str, Any]]  # (kind of fact, value), as they stand in the text


def glimpse(text: str) -> Glimpse:
    """Read a résumé that is not stored, for the form that its owner is filling in."""
    document = Document.of_text(text[:MOST_READ])
    reading = read_document(document, Gazetteer())
    sure = [field for field in reading.fields if field.confidence >= _SURE_ENOUGH]
    first = {field.kind: field.value for field in reversed(sure)}
    skills = dict.fromkeys(found.slug for found in find_skills(document.text, vocabulary()))
    shown = [(field.kind, field.value) for field in sure if field.kind not in {"name", "email"}]
    return Glimpse(
        name=str(first.get("name", ""))[:300],
        email=str(first.get("email", ""))[:254],
        lines=[*shown, *(("skill", slug) for slug in skills)],
    )
