"""A slate in a recruiter's words: why somebody stands there, and what speaks against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from segue.hire.models import Application, Outcome, Stage
from segue.recommend.actions.slates import BothSides, Chance, PeopleSlate, PersonRow, Silence
from segue.recommend.evidence import Evidence
from segue.recommend.wording import skill_words

_REASONS = {
    "title": gettext_lazy("Has done this kind of work."),
    "text": gettext_lazy("Their experience reads like the job."),
    "words": gettext_lazy("Uses the same uncommon words as the job."),
    "place": gettext_lazy("Lives near the workplace."),
    "remote": gettext_lazy("Can do it from where they live."),
}
_FACTORS = {
    "text": gettext_lazy("Experience as a whole"),
    "title": gettext_lazy("Kind of work"),
    "words": gettext_lazy("Shared words"),
    "skills": gettext_lazy("Asked skills"),
    "place": gettext_lazy("Place"),
}
_FLAGS = {
    "licence": gettext_lazy("A licence is not on record"),
    "permit": gettext_lazy("No work permit on record"),
    "pay_floor": gettext_lazy("Asks for more pay"),
    "distance": gettext_lazy("Farther than they travel"),
}
_POOLS = {"applied": gettext_lazy("Applicant"), "discovery": gettext_lazy("Open to be found")}
NOTES = {
    "ai_off": gettext_lazy("Learned ranking is off, so nobody is ranked."),
    "unread_job": gettext_lazy("This job has not been read yet. It is read within a minute of being opened."),
}


_SILENT = {
    "want": gettext_lazy("how likely people are to want this job"),
    "take": gettext_lazy("how likely the team is to take somebody further"),
}

_QUOTED = 42  # characters on either side that one line can hold
ROOMY = 0.95  # more of an opening than this is not worth a word


@dataclass(frozen=True, slots=True)
class Quote:
    """A skill and the words that show it, cut at word ends."""

    skill: str
    before: str
    words: str
    after: str
    source: str


@dataclass(frozen=True, slots=True)
class SlateLine:
    """One person of a slate, ready for the page; `share` is of the best score on it."""

    row: PersonRow
    score: str
    width: int  # of the bar, in hundredths of the best score's
    reason: str
    where: str
    quotes: list[Quote]
    missing: list[str]
    flags: list[str]
    factors: list[
        tuple[str, str, int]
    ]  # (label, contribution, width of its bar in hundredths of the largest)
    application: Application | None
    sides: list[SideLine]
    crowd: list[str]


@dataclass(frozen=True, slots=True)
class SideLine:
    """One side of a pair: what is asked, and the chance in words with its bar's width in hundredths; a side
    that is not `known` is silent, and one without a bar needs none."""

    asked: str
    told: str
    width: int = 0
    known: bool = True


def standing_of(row: PersonRow) -> float:
    """Return what a row's place is taken by: its worth to both sides, or the evidence alone."""
    worth = None if row.sides is None else row.sides.worth
    return row.score if worth is None else worth


def slate_line(
    row: PersonRow, *, best: float, applications: Mapping[UUID, Application], names: Mapping[str, str]
) -> SlateLine:
    """Put one row into words."""
    return SlateLine(
        row=row,
        score=f"{row.score:.2f}",
        width=_width(standing_of(row), best),
        reason=_reason(row, names),
        where=_standing(row, applications.get(row.person.pk)),
        quotes=[_quote(one, names) for one in row.evidence],
        missing=[names.get(slug, slug) for slug in row.missing],
        flags=[str(_FLAGS[flag]) for flag in row.flags if flag in _FLAGS],
        factors=_factors(row),
        application=applications.get(row.person.pk),
        sides=[] if row.sides is None else _sides(row.sides, applied=row.in_pool == "applied"),
        crowd=[] if row.sides is None or row.in_pool == "applied" else _crowd(row.sides),
    )


def silence_words(slate: PeopleSlate) -> list[str]:
    """Say of which side too little is known, and how much would do."""
    return [_silence(one) for one in slate.silences]


def _silence(one: Silence) -> str:
    told = {"what": str(_SILENT[one.side]), "wanted": one.wanted, "outcomes": one.outcomes}
    if one.few_jobs:
        return _("Not enough to say %(what)s: at least %(wanted)d jobs must be on offer to compare.") % told
    if not one.outcomes:
        return _("Not enough to say %(what)s: no outcomes yet, about %(wanted)d are needed.") % told
    return _("Not enough to say %(what)s: %(outcomes)d outcomes, about %(wanted)d are needed.") % told


def percent(chance: float) -> str:
    """Return a chance as people say it; nothing is certain, and little is not nothing.

    >>> [percent(0.004), percent(0.12), percent(0.999)]
    ['< 1 %', '12 %', '> 99 %']
    """
    if chance < 0.01:
        return "< 1 %"
    return "> 99 %" if chance > 0.99 else f"{100 * chance:.0f} %"


def _sides(both: BothSides, *, applied: bool) -> list[SideLine]:
    want = _side(_("Would want it"), both.want)
    if applied:
        want = SideLine(_("Wants it"), _("has applied"))
    lines = [want, _side(_("Would be taken further"), both.take)]
    if both.mutual is not None:
        lines.append(SideLine(_("Together"), percent(both.mutual)))
    return lines


def _side(asked: str, chance: Chance | None) -> SideLine:
    if chance is None:
        return SideLine(asked, _("not enough to say"), known=False)
    told = _("%(value)s (between %(low)s and %(high)s)") % {
        "value": percent(chance.value),
        "low": percent(chance.low),
        "high": percent(chance.high),
    }
    return SideLine(asked, told, _width(chance.value, 1.0))


def _crowd(both: BothSides) -> list[str]:
    """Say what stands lower because others are after the same person or opening."""
    if both.worth is None:
        return []
    told = []
    if both.elsewhere:
        lists = ngettext(
            "Near the top of %(count)d other list lately, so a little lower here.",
            "Near the top of %(count)d other lists lately, so a little lower here.",
            both.elsewhere,
        )
        told.append(lists % {"count": both.elsewhere})
    if both.room < ROOMY:
        seat = _("Good applicants wait already: a place is left with a chance of %(chance)s.")
        told.append(seat % {"chance": percent(both.room)})
    return told


def _standing(row: PersonRow, application: Application | None) -> str:
    """Say how far an application is, or how else we met (get_stage_display is slow: it hashes all labels)."""
    if application is None:
        return str(_POOLS.get(row.in_pool, row.in_pool))
    is_open = application.outcome == Outcome.OPEN
    return str(Stage(application.stage).label if is_open else Outcome(application.outcome).label)


def _reason(row: PersonRow, names: Mapping[str, str]) -> str:
    shown = [names.get(one.skill_label, one.skill_label) for one in row.evidence[:3]]
    if row.reason == "skills" and shown:
        return _("Brings %(skills)s.") % {"skills": skill_words(shown)}
    return str(_REASONS.get(row.reason, _("Fits in several small ways; read on.")))


def _factors(row: PersonRow) -> list[tuple[str, str, int]]:
    parts = [(str(each["name"]), float(each["contribution"])) for each in row.factors]
    largest = max((abs(part) for _name, part in parts), default=0.0)
    return [
        (str(_FACTORS.get(name, name)), f"{part:+.3f}", _width(abs(part), largest)) for name, part in parts
    ]


def _width(part: float, whole: float) -> int:
    return max(0, min(100, round(100 * part / whole))) if whole > 0 else 0


def _quote(one: Evidence, names: Mapping[str, str]) -> Quote:
    label = names.get(one.skill_label, one.skill_label)
    return Quote(label, _end_of(one.before), one.words, _start_of(one.after), one.source)


def _end_of(text: str) -> str:
    """Return the last words of a text that fit one line."""
    if len(text) <= _QUOTED and not text[:1].islower():
        return text
    _part, _space, words = text[-_QUOTED:].partition(" ")
    return f"… {words.removeprefix('… ')}"


def _start_of(text: str) -> str:
    """Return the first words of a text that fit one line."""
    words, _space, _part = text[:_QUOTED].rpartition(" ")
    return f"{words.removesuffix(' …')} …" if words else ""
