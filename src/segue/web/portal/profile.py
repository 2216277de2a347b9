"""A profile laid out for its owner: lines in sections, each with where it is from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from segue.catalog.models import Fact, FactKind, FactSource, PayPeriod, Person, Remote, Resume
from segue.catalog.queries.skills import labels
from segue.hire.models import Application
from segue.hire.queries.applications import TimelineEntry
from segue.trust.models import Consent
from segue.web.marks import money
from segue.web.places import country_name

# What a person can type in one line on the page; the rest comes from résumés and applications.
TYPED = [
    (FactKind.NAME.value, FactKind.NAME.label),
    (FactKind.HEADLINE.value, FactKind.HEADLINE.label),
    (FactKind.PHONE.value, FactKind.PHONE.label),
    (FactKind.CITY.value, FactKind.CITY.label),
    (FactKind.SKILL.value, FactKind.SKILL.label),
    (FactKind.LICENCE.value, FactKind.LICENCE.label),
]
_SECTIONS: tuple[tuple[Any, frozenset[str]], ...] = (
    (gettext_lazy("Who you are"), frozenset({"name", "email", "phone", "headline", "locale", "time_zone"})),
    (
        gettext_lazy("Where and how"),
        frozenset({"city", "country", "remote", "willing_km", "pay_floor", "permit"}),
    ),
    (gettext_lazy("What you can do"), frozenset({"skill", "licence"})),
    (gettext_lazy("What you have done"), frozenset({"position", "education"})),
)


_ORIGINS = {
    FactSource.CONFIRMED: gettext_lazy("You confirmed it"),
    FactSource.CANDIDATE: gettext_lazy("You told us"),
    FactSource.RECRUITER: gettext_lazy("Entered by a recruiter"),
    FactSource.ATS: gettext_lazy("Brought over from an earlier system"),
    FactSource.PARSED: gettext_lazy("Read from your résumé"),
    FactSource.INFERRED: gettext_lazy("Worked out by us"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One current fact as its owner reads it."""

    id: int
    label: str
    value: str
    origin: str
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    lines: list[Line]


def lines_of(facts: Sequence[Fact]) -> list[Section]:
    """Group current facts into sections; of the same thing said twice, the strongest source speaks."""
    rank = list(FactSource.values)
    best: dict[tuple[str, str], Fact] = {}
    for fact in sorted(facts, key=lambda fact: rank.index(fact.source)):
        best.setdefault((fact.kind, fact.normalised or str(fact.value)), fact)
    lines = [(fact.kind, _line(fact)) for fact in best.values()]
    sections = [
        Section(str(title), [row for kind, row in lines if kind in kinds]) for title, kinds in _SECTIONS
    ]
    return [section for section in sections if section.lines]


def _line(fact: Fact) -> Line:
    origin = str(_ORIGINS[FactSource(fact.source)])
    if fact.resume is not None and fact.resume.file_name:
        origin = _("%(origin)s (%(file)s)") % {"origin": origin, "file": fact.resume.file_name}
    return Line(
        id=fact.pk,
        label=str(fact.get_kind_display()),
        value=in_words(fact.kind, fact.value),
        origin=origin,
        is_confirmed=fact.source in {FactSource.CONFIRMED, FactSource.CANDIDATE},
    )


def in_words(kind: str, value: Any) -> str:
    """Write a fact's value as its owner would."""
    teller = _TELLERS.get(kind)
    if teller is not None:
        return teller(value)
    return ", ".join(_parts(value)) if isinstance(value, dict) else str(value)


def _pay_in_words(value: dict[str, Any]) -> str:
    period = value.get("period") or ""
    words = str(PayPeriod(period).label) if period in PayPeriod.values and period else ""
    return f"{money(str(value.get('amount', 0)), str(value.get('currency', '')))} {words}".strip()


def _parts(value: dict[str, Any]) -> list[str]:
    """Pick what names a position or a degree, in reading order; without it, whatever is there."""
    order = (
        "title",
        "studyType",
        "degree",
        "area",
        "field",
        "employer",
        "organisation",
        "institution",
        "name",
    )
    named = [str(value[key]) for key in order if value.get(key)]
    return named or [str(part) for part in value.values() if part]


_TELLERS: dict[str, Callable[[Any], str]] = {
    FactKind.COUNTRY: lambda value: country_name(str(value)),
    FactKind.PERMIT: lambda value: country_name(str(value)),
    FactKind.SKILL: lambda value: labels([str(value)])[str(value)],
    FactKind.LICENCE: lambda value: str(value).replace("-", " ").capitalize(),
    FactKind.REMOTE: lambda value: str(Remote(value).label) if value in Remote.values else str(value),
    FactKind.WILLING_KM: lambda value: _("%s km") % round(float(value)),
    FactKind.PAY_FLOOR: lambda value: _pay_in_words(value) if isinstance(value, dict) else str(value),
}


def export_of(person: Person, **parts: Sequence[Any] | dict[str, Any]) -> dict[str, object]:
    """Return all of it as plain data, each row with what its owner may read."""
    rows: dict[str, Any] = parts
    return {
        "person": {"id": str(person.pk), "name": person.name, "email": person.email, "city": person.city},
        "facts": [_fact(row) for row in rows["facts"]],
        "resumes": [_resume(row) for row in rows["resumes"]],
        "applications": [_application(row) for row in rows["applications"]],
        "consents": [_consent(row) for row in rows["consents"]],
        "timeline": [_entry(row) for row in rows["timeline"]],
        "taste": rows["taste"],
    }


def _fact(row: Fact) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "value": row.value,
        "source": row.source,
        "stated_at": row.stated_at.isoformat(),
    }


def _resume(row: Resume) -> dict[str, Any]:
    return {"version": row.version, "file_name": row.file_name, "text": row.text}


def _application(row: Application) -> dict[str, Any]:
    return {
        "job": row.job.title,
        "stage": row.stage,
        "outcome": row.outcome,
        "at": row.applied_at.isoformat(),
    }


def _consent(row: Consent) -> dict[str, Any]:
    return {
        "purpose": row.purpose,
        "granted": row.granted,
        "text_shown": row.text_shown,
        "at": row.at.isoformat(),
    }


def _entry(row: TimelineEntry) -> dict[str, Any]:
    return {"at": row.at.isoformat(), "kind": row.kind, "title": row.title, "detail": row.detail}
