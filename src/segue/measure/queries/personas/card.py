"""The persona card of a segment, found or by rule: made of what is known at this moment, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from segue.kit import clock
from segue.kit.actor import Actor
from segue.kit.errors import NotAllowed
from segue.learn.models import Segment
from segue.learn.queries.segments.listing import may_count
from segue.measure.queries.personas.advice import SAID, Line, advice, evidence_of
from segue.measure.queries.personas.crowds import crowds_of
from segue.measure.queries.personas.doing import WITHIN_DAYS, funnel, passages, read_done, reasons, responses
from segue.measure.queries.personas.figures import LEAST, Figure
from segue.measure.queries.personas.who import places, skills, titles, wishes, years


@dataclass(frozen=True)
class Persona:
    """A segment's card. Nothing but figures of ten people and more, and the lines that follow from them.

    `spoke`: how many of its people stated a wish. An empty list means that there is too little to tell.
    """

    segment: Segment
    at: datetime
    size: int
    everybody: int
    skills: list[Figure]
    titles: list[Figure]
    places: list[Figure]
    years: list[Figure]
    wishes: list[Figure]
    spoke: int
    responses: dict[str, list[Figure]]
    reasons: list[Figure]
    funnel: list[Figure]
    passages: list[Figure]
    lines: list[Line]

    def sections(self) -> Iterator[tuple[str, str, list[Figure]]]:
        """Yield each part of the card as (name, title, figures)."""
        yield "skills", _("Skills that are theirs more than others'"), self.skills
        yield "titles", _("What they call themselves"), self.titles
        yield "places", _("Where they live"), self.places
        yield "years", _("Years at work"), self.years
        yield "wishes", _("What they say they wish for"), self.wishes
        for part, title in (
            ("saved", _("Job families they save, of those shown one")),
            ("opened", _("Job families they open")),
            ("skipped", _("Job families they skip")),
        ):
            yield part, title, self.responses.get(part, [])
        yield "reasons", _("Why they put jobs away"), self.reasons
        yield "funnel", _("How far they come"), self.funnel
        yield "passages", _("From step to step"), self.passages


def persona_of(segment: Segment, *, by: Actor) -> Persona:
    """Work the card out; it names nobody, so analysts may see it. Raises NotAllowed for others."""
    if not may_count(by):
        raise NotAllowed(_("Only the talent team and analysts see what a segment has in common."))
    crowds = crowds_of(segment)
    done = read_done(crowds)
    wished, spoke = wishes(crowds)
    responded, said, passed = responses(done, crowds), reasons(done, crowds), passages(done, crowds)
    said = [replace(one, label=str(SAID.get(one.label, one.label))) for one in said]
    enough = len(crowds.members) >= LEAST
    return Persona(
        segment=segment,
        at=clock.now(),
        size=len(crowds.members),
        everybody=len(crowds.everybody),
        skills=skills(crowds),
        titles=titles(crowds),
        places=places(crowds),
        years=years(crowds),
        wishes=wished,
        spoke=spoke,
        responses=responded,
        reasons=said,
        funnel=funnel(done, crowds),
        passages=passed,
        lines=advice(responded, said, wished, passed) if enough else [],
    )


def as_dict(persona: Persona) -> dict[str, Any]:
    """Return the card as plain values, for JSON."""
    return {
        "segment": {
            "id": str(persona.segment.pk),
            "name": persona.segment.name,
            "kind": persona.segment.kind,
        },
        "at": persona.at.isoformat(timespec="seconds"),
        "people": persona.size if persona.size >= LEAST else None,
        "everybody": persona.everybody,
        "stated_a_wish": persona.spoke if persona.spoke >= LEAST else None,
        "behaviour_days": WITHIN_DAYS,
        "least": LEAST,
        "figures": {name: [one.as_dict() for one in figures] for name, _title, figures in persona.sections()},
        "lines": [
            {"do": line.do, "text": line.text, "evidence": line.evidence, "figure": line.figure}
            for line in persona.lines
        ],
    }


def as_markdown(persona: Persona) -> str:
    """Return the card as a page of text that can be pasted anywhere."""
    size = str(persona.size) if persona.size >= LEAST else _("fewer than %d") % LEAST
    parts = [
        f"# {_plain(persona.segment.name)}",
        _("%(size)s of %(all)d people, on %(day)s.")
        % {"size": size, "all": persona.everybody, "day": persona.at.date().isoformat()},
        note_on_values(),
    ]
    for do, title in ((True, _("Do")), (False, _("Do not"))):
        lines = [f"- {_plain(line.text)} ({line.evidence})" for line in persona.lines if line.do is do]
        parts.append("\n".join([f"## {title}", "", *(lines or [_("Nothing is told well enough to say.")])]))
    for _name, title, figures in persona.sections():
        rows = [
            f"- {_plain(one.label)}: {evidence_of(one) if one.shown else _('too little to tell')}"
            for one in figures
        ]
        parts.append("\n".join([f"## {title}", "", *(rows or [_("Too little to tell.")])]))
    return "\n\n".join(parts) + "\n"


def note_on_values() -> str:
    """What a card says about itself."""
    return (
        _(
            "Wishes are what candidates stated themselves; nothing about values or motivation is inferred"
            " from likeness. Groups of fewer than %d people are not shown."
        )
        % LEAST
    )


def _plain(text: str) -> str:
    """Text that cannot become a heading, a link or markup."""
    return "".join(f"\\{one}" if one in "\\`*_[]<>#|" else one for one in " ".join(text.split()))
