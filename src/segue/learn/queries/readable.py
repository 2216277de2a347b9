"""What may be read of people to find them by: facts whose purposes allow recruiting, and what they settle."""

from __future__ import annotations

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from segue.catalog.actions.settling import RECRUITING, serves_recruiting
from segue.catalog.models import PRESENT, Fact, FactKind, Person, Resume

EMPLOYER, SCHOOL = ("employer", "company", "organization", "name"), ("school", "institution")
ALLOWED = Q(purposes=[]) | Q(
    purposes__contains=[RECRUITING]
)  # a fact that names no purpose serves its table's
_READ = (
    "name",
    "email",
    "headline",
    "city",
    "country",
    "skills",
    "licences",
    "locale",
    "created_at",
    "remote",
    "source",
    "lat",
    "lon",
    "updated_at",
)
_READ_OF_FACTS = (
    "person_id",
    "kind",
    "value",
    "normalised",
    "purposes",
    "resume_id",
    "span_start",
    "span_end",
)
_SETTLED = {
    FactKind.NAME: "name", FactKind.EMAIL: "email", FactKind.HEADLINE: "headline", FactKind.CITY: "city",
    FactKind.COUNTRY: "country", FactKind.REMOTE: "remote", FactKind.LOCALE: "locale",
}  # fmt: skip
_NOT_SEARCHED = frozenset({"locale"})
_RECORDS = (FactKind.POSITION, FactKind.EDUCATION)


@dataclass(slots=True)
class Profile:
    """One person's words, as recruiters may be shown them."""

    person: Person
    skills: list[str] = field(default_factory=list)
    licences: list[str] = field(default_factory=list)
    positions: list[dict[str, object]] = field(default_factory=list)
    education: list[dict[str, object]] = field(default_factory=list)
    resume: str = ""
    withheld: frozenset[str] = frozenset()

    def said(self, column: str) -> str:
        """A column's text, or nothing where every fact behind it is kept for another purpose."""
        return "" if column in self.withheld else str(getattr(self.person, column) or "")

    @property
    def place(self) -> tuple[float | None, float | None]:
        hidden = {"city", "location"} & self.withheld
        return (None, None) if hidden else (self.person.lat, self.person.lon)

    def records(self, records: Sequence[dict[str, object]], *keys: str) -> Iterator[str]:
        for record in records:
            yield from (value for key in keys if isinstance(value := record.get(key), str) and value)

    @property
    def digest(self) -> str:
        """Name all that is searched: two equal digests were made of the same words."""
        person = self.person
        words = [self.said(column) for column in _SETTLED.values() if column not in _NOT_SEARCHED]
        rest = (*self.place, person.source, self.skills, self.positions, self.education, self.resume)
        return hashlib.sha256(repr((words, rest)).encode()).hexdigest()


def profiles_of(person_ids: Sequence[uuid.UUID]) -> list[Profile]:
    """Return what may be read of those of them who are present, in three queries."""
    people = list(Person.objects.filter(PRESENT, pk__in=person_ids).only(*_READ))
    ids = [person.pk for person in people]
    facts = _facts_of(ids)
    latest = Resume.objects.filter(person_id__in=ids).order_by("person_id", "-version").distinct("person_id")
    resumes = {resume.person_id: resume for resume in latest.only("person_id", "text")}
    return [_profile(person, facts.get(person.pk, []), resumes.get(person.pk)) for person in people]


def readable_resumes(person_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return each one's newest résumé, with blanks where it says what is kept for another purpose."""
    latest = Resume.objects.filter(person_id__in=person_ids).order_by("person_id", "-version")
    resumes = {row.person_id: row for row in latest.distinct("person_id").only("person_id", "text")}
    spans: dict[uuid.UUID, list[Fact]] = defaultdict(list)
    kept_back = Fact.objects.filter(superseded_at=None, resume__in=[row.pk for row in resumes.values()])
    for fact in kept_back.exclude(ALLOWED).only(*_READ_OF_FACTS):
        spans[fact.person_id].append(fact)
    return {person_id: _without(spans[person_id], resume) for person_id, resume in resumes.items()}


def _facts_of(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Fact]]:
    """Records, and whatever anybody keeps for another purpose together with what else vouches for it."""
    found: dict[uuid.UUID, list[Fact]] = defaultdict(list)
    current = Fact.objects.filter(person_id__in=ids, superseded_at=None)
    kept_back = current.exclude(ALLOWED).values("person_id")
    rows = current.filter(Q(kind__in=_RECORDS) | Q(person_id__in=kept_back))
    for fact in rows.order_by("-valid_from", "pk").only(*_READ_OF_FACTS):
        found[fact.person_id].append(fact)
    return found


def _profile(person: Person, facts: Sequence[Fact], resume: Resume | None) -> Profile:
    readable = [fact for fact in facts if serves_recruiting(fact)]
    vouched = {(fact.kind, fact.normalised) for fact in readable}
    hidden = {(fact.kind, fact.normalised) for fact in facts} - vouched
    columns = {
        _SETTLED.get(FactKind(kind), str(kind)) for kind, value in hidden if _stands(person, kind, value)
    }
    return Profile(
        person,
        skills=[slug for slug in person.skills if (FactKind.SKILL, slug) not in hidden],
        licences=[slug for slug in person.licences if (FactKind.LICENCE, slug) not in hidden],
        positions=[fact.value for fact in readable if fact.kind == FactKind.POSITION],
        education=[fact.value for fact in readable if fact.kind == FactKind.EDUCATION],
        resume=_without([fact for fact in facts if not serves_recruiting(fact)], resume) if resume else "",
        withheld=frozenset(columns),
    )


def _without(facts: Sequence[Fact], resume: Resume) -> str:
    """The résumé with blanks where it says what is kept for another purpose."""
    text = resume.text
    for fact in facts:
        if fact.resume_id == resume.pk and fact.span_start is not None and fact.span_end is not None:
            start, end = max(0, fact.span_start), max(0, fact.span_end)
            text = text[:start] + " " * len(text[start:end]) + text[end:]
    return text


def _stands(person: Person, kind: str, normalised: str) -> bool:
    """Say whether a hidden fact is what its column says now."""
    column = _SETTLED.get(FactKind(kind))
    if column is None:
        here = person.lat is not None and person.lon is not None
        return kind == FactKind.LOCATION and here and f"{person.lat:.4f},{person.lon:.4f}" == normalised
    return str(getattr(person, column) or "").casefold() == normalised.casefold()
