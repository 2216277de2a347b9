"""A slate in a recruiter's words: why somebody stands there, and what speaks against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from segue.hire.models import Application
from segue.recommend.actions.slates import PersonRow
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
_POOLS = {"applied": gettext_lazy("Applied"), "discovery": gettext_lazy("Open to be found")}
NOTES = {
    "unread_job": gettext_lazy("This job has not been read yet. It is read within a minute of being opened.")
}


@dataclass(frozen=True, slots=True)
class SlateLine:
    """One person of a slate, ready for the page; `share` is of the best score on it."""

    row: PersonRow
    share: float
    reason: str
    where: str
    missing: list[str]
    flags: list[str]
    factors: list[tuple[str, float, float]]  # (label, contribution, share of the score's absolute parts)
    application: Application | None
    skill_labels: Mapping[str, str]


def slate_line(
    row: PersonRow, *, best: float, applications: Mapping[UUID, Application], names: Mapping[str, str]
) -> SlateLine:
    """Put one row into words."""
    return SlateLine(
        row=row,
        share=row.score / best if best > 0 else 0.0,
        reason=_reason(row, names),
        where=str(_POOLS.get(row.in_pool, row.in_pool)),
        missing=[names.get(slug, slug) for slug in row.missing],
        flags=[str(_FLAGS[flag]) for flag in row.flags if flag in _FLAGS],
        factors=_factors(row),
        application=applications.get(row.person.pk),
        skill_labels=names,
    )


def _reason(row: PersonRow, names: Mapping[str, str]) -> str:
    shown = [names.get(one.skill_label, one.skill_label) for one in row.evidence[:3]]
    if row.reason == "skills" and shown:
        return _("Brings %(skills)s.") % {"skills": skill_words(shown)}
    return str(_REASONS.get(row.reason, _("Fits in several small ways; read on.")))


def _factors(row: PersonRow) -> list[tuple[str, float, float]]:
    parts = [(str(each["name"]), float(each["contribution"])) for each in row.factors]
    largest = max((abs(part) for _name, part in parts), default=0.0) or 1.0
    return [(str(_FACTORS.get(name, name)), part, abs(part) / largest) for name, part in parts]
