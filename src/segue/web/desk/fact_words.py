"""What is known of a person, laid out for a colleague: what counts, what else is said, what was before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from segue.catalog.models import Fact, FactKind, PayPeriod, Remote
from segue.catalog.queries import fact_stories as stories
from segue.catalog.queries.fact_stories import Story, Word
from segue.catalog.queries.skills import labels
from segue.web.fact_purposes import purposes_said
from segue.web.marks import money
from segue.web.places import country_name, language_name
from segue.web.quoting import Piece, Span, quote

_SECTIONS: tuple[tuple[Any, frozenset[str]], ...] = (
    (gettext_lazy("Who they are"), frozenset({"name", "email", "phone", "headline", "locale", "time_zone"})),
    (
        gettext_lazy("Where and how"),
        frozenset({"city", "country", "location", "remote", "willing_km", "pay_floor", "permit"}),
    ),
    (gettext_lazy("What they can do"), frozenset({"skill", "licence"})),
    (gettext_lazy("What they have done"), frozenset({"position", "education"})),
)
_NAMES = ("title", "studyType", "degree", "area", "field", "employer", "school", "institution", "name")
_DATES = ("start", "end")
_EMPTY: tuple[Any, ...] = (None, "", [])


@dataclass(frozen=True, slots=True)
class FactLine:
    """One fact: its value in words, the words it was read from, and why it stands as it does."""

    fact: Fact
    value: str
    quoted: list[Piece]
    purposes: str
    why: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class FactStory:
    """One thing known: the line that counts (or names it), lines that differ, others, and what is past."""

    lead: FactLine
    is_shown: bool
    conflicts: list[FactLine]
    others: list[FactLine]
    past: list[FactLine]


@dataclass(frozen=True, slots=True)
class FactSection:
    title: str
    stories: list[FactStory]


def fact_sections(told: Sequence[Story]) -> tuple[list[FactSection], list[FactStory]]:
    """Return what is known, section by section, and what is no longer shown at all."""
    facts = [word.fact for story in told for word in story.words]
    names = labels({str(fact.value) for fact in facts if fact.kind == FactKind.SKILL})
    laid_out = [(story, _story(story, names)) for story in told]
    sections = [
        FactSection(str(title), [line for story, line in laid_out if story.kind in kinds and _stands(story)])
        for title, kinds in _SECTIONS
    ]
    gone = [line for story, line in laid_out if not _stands(story)]
    return [section for section in sections if section.stories], gone


def _stands(story: Story) -> bool:
    return bool(story.shown or story.others)


def _story(story: Story, names: dict[str, str]) -> FactStory:
    lead = story.words[0]
    beside = [word for word in story.others if word is not lead]
    conflicts = {id(word) for word in story.conflicts}
    lines = [(word, _line(word, names)) for word in beside]
    return FactStory(
        lead=_line(lead, names),
        is_shown=story.shown is not None,
        conflicts=[line for word, line in lines if id(word) in conflicts],
        others=[line for _word, line in lines],
        past=[_line(word, names) for word in story.past if word is not lead],
    )


def _line(word: Word, names: dict[str, str]) -> FactLine:
    fact = word.fact
    return FactLine(
        fact=fact,
        value=_value(fact, names),
        quoted=_quoted(fact),
        purposes=purposes_said(fact.purposes),
        why=_why(word),
        until=fact.superseded_at,
    )


def _why(word: Word) -> str:
    """Say why a fact stands where it stands, naming the one that weighs more."""
    other = word.because_of
    stronger = str(other.get_source_display()) if other else ""
    kept_out = _("Taken out by %s; it stays out.") % other.stated_by if other else ""
    words = {
        stories.SHOWN: _("Shown: nothing stronger or newer is said."),
        stories.AGREES: _("Says the same."),
        stories.OUTWEIGHED: _("Not shown: “%s” weighs more.") % stronger,
        stories.OLDER: _("Not shown: the same kind of source says something newer."),
        stories.UNKNOWN_VOICE: _("Not shown: said by somebody who had not signed in."),
        stories.KEPT_APART: _("Kept for other purposes; no profile shows it."),
        stories.NOT_TAKEN_OVER: _("Not shown: nobody whom we know vouches for it."),
        stories.REPLACED: _("Replaced by a newer word of the same source."),
        stories.TAKEN_OUT: kept_out or _("Was taken out, then let in again."),
        stories.UNDONE: _("Taken back by the candidate."),
        stories.SAID_NO_MORE: _("The source says so no more."),
        stories.DENIAL: _("Took it out; it stays out until they say otherwise."),
        stories.DENIAL_LIFTED: _("Took it out, and let it in again."),
    }
    return words[word.standing]


_NAMED: dict[FactKind, Callable[[str], str]] = {
    FactKind.LOCALE: language_name,
    FactKind.COUNTRY: country_name,
    FactKind.PERMIT: country_name,
}


def _value(fact: Fact, names: dict[str, str]) -> str:
    value = fact.value
    if fact.kind in _NAMED:
        return _NAMED[FactKind(fact.kind)](str(value))
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    if isinstance(value, dict) and "amount" in value:
        period = str(PayPeriod(value["period"]).label) if value.get("period") in PayPeriod.values else ""
        return f"{money(str(value['amount']), str(value.get('currency', '')))} {period}".strip()
    if isinstance(value, dict):
        return " · ".join(str(value[key]) for key in sorted(value, key=_place) if value[key] not in _EMPTY)
    if fact.kind == FactKind.REMOTE and value in Remote.values:
        return str(Remote(value).label)
    return names.get(str(value), str(value))


def _place(key: str) -> tuple[bool, int]:
    """Names first, dates last, what else there is between them."""
    order = (*_NAMES, "", *_DATES)
    return key in _DATES, order.index(key) if key in order else len(_NAMES)


def _quoted(fact: Fact) -> list[Piece]:
    if fact.resume is None or fact.span_start is None or fact.span_end is None:
        return []
    if fact.span_start == 0 and fact.span_end >= len(fact.resume.text):  # all of it says so, as a language
        return []
    return quote(fact.resume.text, Span(fact.span_start, fact.span_end, str(fact.get_kind_display())))
