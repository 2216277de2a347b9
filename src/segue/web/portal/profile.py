"""A profile laid out for its owner: lines in sections, each with where it is from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from segue.catalog.models import Fact, FactKind, FactSource, PayPeriod, Person, Remote, Resume
from segue.catalog.queries import fact_stories
from segue.catalog.queries.fact_stories import Story, Word
from segue.catalog.queries.precedence import TAKEN_OUT, UNVERIFIED
from segue.catalog.queries.skills import labels
from segue.hire.models import Application
from segue.hire.queries.applications import TimelineEntry
from segue.trust.models import Consent, Look
from segue.web.fact_purposes import purposes_said
from segue.web.marks import money
from segue.web.places import country_name, language_name
from segue.web.portal.correcting import Input, inputs_of
from segue.web.quoting import Piece, Span, quote

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


_PASSED = {
    fact_stories.REPLACED: gettext_lazy("Replaced by something newer"),
    fact_stories.TAKEN_OUT: gettext_lazy("Kept out, since it was taken out"),
    fact_stories.UNDONE: gettext_lazy("You took this back"),
    fact_stories.SAID_NO_MORE: gettext_lazy("Its source says so no more"),
    fact_stories.DENIAL_LIFTED: gettext_lazy("Then let in again"),
    fact_stories.KEPT_APART: gettext_lazy("Kept for other purposes than recruiting"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A word beside or before the one that counts; `differs` from it or says the same."""

    id: int
    value: str
    origin: str
    at: datetime
    differs: bool = True
    why: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """What the profile says about one thing, as its owner reads it, and where all of it is from."""

    id: int
    kind: str
    label: str
    value: str
    origin: str
    at: datetime
    is_own: bool
    is_confirmed: bool
    purposes: str
    quoted: list[Piece]
    inputs: list[Input]
    others: list[Said]
    past: list[Said]

    @property
    def differing(self) -> list[Said]:
        return [said for said in self.others if said.differs]


@dataclass(frozen=True, slots=True)
class TakenOut:
    """What its owner took out; `id` is the denial that keeps it out."""

    id: int
    label: str
    value: str
    origin: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    lines: list[Line]


def lines_of(told: Sequence[Story]) -> list[Section]:
    """Lay out what counts, section by section, each line with what else is and was said."""
    skills = [str(story.lead.value) for story in told if story.kind == FactKind.SKILL]
    names = labels(skills) if skills else {}
    lines = [(story.kind, _line(story, names)) for story in told if story.shown or story.others]
    sections = [
        Section(str(title), [row for kind, row in lines if kind in kinds]) for title, kinds in _SECTIONS
    ]
    return [section for section in sections if section.lines]


def taken_out(told: Sequence[Story]) -> list[TakenOut]:
    """Return what is kept out by its owner's word or a recruiter's, latest first."""
    denials = [word.fact for story in told for word in story.past if word.standing == fact_stories.DENIAL]
    said = {(word.fact.kind, word.fact.normalised) for s in told for word in (s.shown, *s.others) if word}
    rows = [
        TakenOut(
            id=one.pk,
            label=str(one.get_kind_display()),
            value=in_full(one.kind, one.value),
            origin=origin_of(one),
            at=one.stated_at,
        )
        for one in denials
        if (one.kind, one.normalised) not in said
    ]
    return sorted(rows, key=lambda row: row.at, reverse=True)


def _line(story: Story, names: dict[str, str]) -> Line:
    word = story.shown or story.others[0]
    fact = word.fact
    value = names.get(str(fact.value)) if fact.kind == FactKind.SKILL else None
    value = value or in_full(fact.kind, fact.value)
    own = fact.source in {FactSource.CONFIRMED, FactSource.CANDIDATE} and fact.method != UNVERIFIED
    return Line(
        id=fact.pk,
        kind=fact.kind,
        label=str(fact.get_kind_display()),
        value=value,
        origin=origin_of(fact),
        at=fact.stated_at,
        is_own=own,
        is_confirmed=fact.source == FactSource.CONFIRMED,
        purposes=purposes_said(fact.purposes),
        quoted=quoted(fact),
        inputs=inputs_of(fact.kind, fact.value, value),
        others=[_said(other, fact) for other in story.others if other is not word],
        past=[_said(past, fact) for past in story.past],
    )


def _said(word: Word, beside: Fact) -> Said:
    fact = word.fact
    return Said(
        id=fact.pk,
        value=in_full(fact.kind, fact.value),
        origin=origin_of(fact),
        at=fact.stated_at,
        differs=fact.normalised != beside.normalised,
        why=str(_PASSED.get(word.standing, "")),
    )


def origin_of(fact: Fact) -> str:
    """Say where a fact is from, to the person it is about."""
    if fact.method == TAKEN_OUT:
        mine = fact.source == FactSource.CONFIRMED
        return _("You took it out") if mine else _("Taken out by a recruiter")
    if fact.method == UNVERIFIED:
        return _("Typed by somebody who was not signed in")
    origin = str(_ORIGINS[FactSource(fact.source)])
    if fact.resume is not None and fact.resume.file_name:
        return _("%(origin)s (%(file)s)") % {"origin": origin, "file": fact.resume.file_name}
    return origin


def quoted(fact: Fact) -> list[Piece]:
    """Return the words of the résumé that say so, marked, unless they are all of it."""
    if fact.resume is None or fact.span_start is None or fact.span_end is None:
        return []
    text = fact.resume.text
    whole = fact.span_start == 0 and fact.span_end >= len(text)
    return [] if whole else quote(text, Span(fact.span_start, fact.span_end, str(fact.get_kind_display())))


def in_words(kind: str, value: Any) -> str:
    """Write a fact's value as its owner would."""
    teller = _TELLERS.get(kind)
    if teller is not None:
        return teller(value)
    return ", ".join(_parts(value)) if isinstance(value, dict) else str(value)


def in_full(kind: str, value: Any) -> str:
    """Write a fact's value with its dates, where it has some."""
    words = in_words(kind, value)
    if kind not in {FactKind.POSITION, FactKind.EDUCATION} or not value.get("start"):
        return words
    start, end = value["start"], value.get("end") or _("today")
    return f"{words}, {start}" if start == end else f"{words}, {start} – {end}"


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
    FactKind.LOCALE: lambda value: language_name(str(value)),
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
        "voluntary_answers": rows["voluntary"],
        "looks": [_look(row) for row in rows["looks"]],
    }


def _look(row: Look) -> dict[str, Any]:
    return {
        "at": row.at.isoformat(),
        "role": row.actor_role,
        "what": row.what,
        "job": row.job.title if row.job else "",
        "reason": row.reason,
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
    felt = getattr(row, "impression", None)
    return {
        "job": row.job.title,
        "stage": row.stage,
        "outcome": row.outcome,
        "at": row.applied_at.isoformat(),
        "note": row.note,
        "answers": [{"question": one.asked, "answer": one.text} for one in row.answers.all()],
        "needs": [
            {"needs": one.needs, "text": one.text, "arranged": one.arranged}
            for one in row.accommodations.all()
        ],
        "impression": {"score": felt.score, "text": felt.text} if felt else None,
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
