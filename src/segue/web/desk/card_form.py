"""The form of a scorecard: a competency at a time, its anchors to choose from, words beside them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict

from segue.hire.actions.scorecards import CardWords
from segue.hire.models import Competency, Kit, Scorecard


@dataclass(frozen=True, slots=True)
class Question:
    """One competency of the form, with what is chosen and written so far."""

    at: int
    competency: Competency
    rating: int | None
    notes: str


def questions_for(kit: Kit | None, card: Scorecard | None) -> list[Question]:
    """Return the form's competencies in the kit's order."""
    asked: Sequence[Competency] = kit.looked_for if kit else []
    return [
        Question(
            at, each, card.rating_of(each.key) if card else None, card.notes_on(each.key) if card else ""
        )
        for at, each in enumerate(asked, start=1)
    ]


def read_card(said: QueryDict) -> CardWords:
    """Return what was chosen and written; what cannot be read is left open."""
    ratings: dict[str, int] = {}
    notes: dict[str, str] = {}
    for name, value in said.items():
        kind, _, key = str(name).partition("-")
        if kind == "rating" and str(value) in {"0", "1", "2", "3", "4"}:
            ratings[key] = int(str(value))
        elif kind == "notes":
            notes[key] = str(value)
    revision = said.get("revision", "0")
    return CardWords(
        ratings=ratings,
        notes=notes,
        recommendation=said.get("recommendation", ""),
        summary=said.get("summary", ""),
        seen=int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 9 else 0,
        kit_id=_key(said.get("kit", "")),
    )


def _key(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
