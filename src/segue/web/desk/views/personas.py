"""The persona card of a segment: on a page, for print, and as a file."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from segue.learn.queries.segments.listing import segment_for
from segue.measure.queries.personas.advice import Line, evidence_of
from segue.measure.queries.personas.card import Persona, as_dict, as_markdown, note_on_values, persona_of
from segue.measure.queries.personas.doing import WITHIN_DAYS
from segue.measure.queries.personas.figures import LEAST, Figure, Verdict
from segue.web.actors import actor_of
from segue.web.desk.doors import counters_of_people
from segue.web.desk.pages import desk_page


@dataclass(frozen=True, slots=True)
class Row:
    """A figure as the page shows it: where a line may point to, its words, and a bar."""

    anchor: str
    label: str
    shown: bool
    share: float
    low: float
    high: float
    other: float | None
    words: str
    mark: str


@counters_of_people
def persona(request: HttpRequest, segment_id: uuid.UUID) -> HttpResponse:
    """Show the card; `?format=md` and `?format=json` hand it out as a file."""
    actor = actor_of(request)
    card = persona_of(segment_for(actor, segment_id), by=actor)
    wanted = request.GET.get("format", "")
    if wanted == "json":
        return _as_file(JsonResponse(as_dict(card), json_dumps_params={"ensure_ascii": False}), card, "json")
    if wanted == "md":
        answer = HttpResponse(as_markdown(card), content_type="text/markdown; charset=utf-8")
        return _as_file(answer, card, "md")
    anchors = _anchors(card)
    return desk_page(
        request,
        "persona",
        "segments",
        card=card,
        small=card.size < LEAST,
        least=LEAST,
        days=WITHIN_DAYS,
        note=note_on_values(),
        dos=_lines(card, anchors, do=True),
        donts=_lines(card, anchors, do=False),
        sections=[
            (name, title, [_row(one, anchors[one.key]) for one in figures])
            for name, title, figures in card.sections()
        ],
    )


def _as_file(answer: HttpResponse, card: Persona, ending: str) -> HttpResponse:
    name = slugify(card.segment.name) or "segment"
    answer["Content-Disposition"] = f'attachment; filename="persona-{name}.{ending}"'
    return answer


def _anchors(card: Persona) -> dict[str, str]:
    """A name for each figure on the page; their keys are people's words."""
    keys = (one.key for _name, _title, figures in card.sections() for one in figures)
    return {key: f"figure-{number}" for number, key in enumerate(dict.fromkeys(keys), start=1)}


def _lines(card: Persona, anchors: dict[str, str], *, do: bool) -> list[tuple[Line, str]]:
    return [(line, anchors[line.figure]) for line in card.lines if line.do is do]


def _row(one: Figure, anchor: str) -> Row:
    low, high = one.interval
    marks = {
        Verdict.MORE: _("more than others"),
        Verdict.LESS: _("less than others"),
        Verdict.ALIKE: "",
        Verdict.TOO_LITTLE: "" if one.shown else _("too little to tell"),
    }
    words = evidence_of(one) if one.shown else ""
    return Row(anchor, one.label, one.shown, one.share, low, high, one.other_share, words, marks[one.verdict])
