"""A panel's cards side by side, and how far panels and decisions are. Nothing here adds ratings up."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from segue.hire.models import Application, Competency, Debrief, Outcome, Panelist, Rating, Scorecard
from segue.hire.models.scorecards import NOT_SEEN
from segue.hire.queries.access import applications_visible_to, may_decide, may_decide_any
from segue.hire.queries.scorecards import owes_card, panel_of
from segue.kit import clock
from segue.kit.actor import Actor

FAR_APART = 2  # ratings this many steps apart are worth talking over


@dataclass(frozen=True, slots=True)
class Cell:
    """What one interviewer found on one competency: nothing where their kit did not ask."""

    card: Scorecard
    rating: int | None
    anchor: str
    notes: str

    @property
    def word(self) -> str:
        return str(Rating(self.rating).label) if self.rating else ""


@dataclass(frozen=True, slots=True)
class Row:
    """One competency across the panel, with the lowest and the highest rating, never their mean."""

    name: str
    guidance: str
    cells: Sequence[Cell]
    lowest: int
    highest: int

    @property
    def differs(self) -> bool:
        return self.highest - self.lowest >= FAR_APART


def rows_of(cards: Sequence[Scorecard]) -> list[Row]:
    """Return the competencies of these cards, each with what every card says of it, in the cards' order."""
    asked: dict[str, Competency] = {}
    for card in sorted(cards, key=lambda card: card.kit.version if card.kit else 0, reverse=True):
        for each in card.kit.looked_for if card.kit else []:
            asked.setdefault(each.key, each)
    return [_row(each, cards) for each in asked.values()]


def _row(each: Competency, cards: Sequence[Scorecard]) -> Row:
    cells = [_cell(each.key, card) for card in cards]
    seen = [cell.rating for cell in cells if cell.rating]
    return Row(each.name, each.guidance, cells, min(seen, default=0), max(seen, default=0))


def _cell(key: str, card: Scorecard) -> Cell:
    """The anchor is that of the version the card was filled in against."""
    rating = card.rating_of(key)
    asked = next((each for each in (card.kit.looked_for if card.kit else []) if each.key == key), None)
    anchor = asked.anchors[rating - 1] if asked and rating and rating != NOT_SEEN else ""
    return Cell(card, rating, anchor, card.notes_on(key))


def debrief_for(application: Application, step: str, by: Actor) -> Debrief | None:
    """Return what was talked over and decided at a stage, for who decides and owes no card; else nothing."""
    if not may_decide(by, application) or owes_card(application.pk, by):
        return None
    seen = applications_visible_to(by).filter(pk=application.pk).exists()
    return Debrief.objects.filter(application=application.pk, step=step).first() if seen else None


def steps_with_panels(application: Application, by: Actor) -> list[str]:
    """Return the stages at which somebody was asked about an application, the latest asked last."""
    if not applications_visible_to(by).filter(pk=application.pk).exists():
        return []
    rows = Panelist.objects.filter(application=application.pk, removed_at=None).order_by("asked_at")
    return list(dict.fromkeys(rows.values_list("step", flat=True)))


@dataclass(frozen=True, slots=True)
class PanelRow:
    """One place on a panel, and whether its card is in: no more than that shows before one's own is."""

    place: Panelist
    is_in: bool

    @property
    def is_late(self) -> bool:
        return not self.is_in and self.place.due_at <= clock.now()


def panel_rows(application: Application, by: Actor, step: str = "") -> list[PanelRow]:
    """Return who is asked about an application, and whose card is in; nothing for who may not see it."""
    places = [place for place in panel_of(application, by) if not step or place.step == step]
    found = places_with_cards(Q(pk__in=[place.pk for place in places]))
    is_in = {key for key, _application, _step, is_in in found if is_in}
    return [PanelRow(place, place.pk in is_in) for place in places]


@dataclass(frozen=True, slots=True)
class PanelState:
    """How far a panel is at the stage somebody stands at: how many are asked, how many cards are in."""

    asked: int
    submitted: int
    decide_by: datetime | None

    @property
    def is_late(self) -> bool:
        return self.decide_by is not None and self.decide_by <= clock.now()


def panel_states(rows: Sequence[Application]) -> dict[uuid.UUID, PanelState]:
    """Return how far the panels of these applications are, in two queries; those without one are left out.

    The rows came through `applications_visible_to`; that a card is in says nothing of what it says.
    """
    stands = {row.pk: row.step for row in rows if row.outcome == Outcome.OPEN}
    found: dict[uuid.UUID, list[bool]] = {}
    for _place, key, step, is_in in places_with_cards(Q(application__in=stands, removed_at=None)):
        if stands[key] == step:
            found.setdefault(key, []).append(is_in)
    due = dict(pending_decisions().filter(application__in=found).values_list("application_id", "due_at"))
    return {key: PanelState(len(cards), sum(cards), due.get(key)) for key, cards in found.items()}


def places_with_cards(wanted: Q) -> list[tuple[uuid.UUID, uuid.UUID, str, bool]]:
    """Return (place, application, stage, whether the card is in) of these places on panels."""
    card = Scorecard.objects.filter(
        application=OuterRef("application"),
        step=OuterRef("step"),
        author=OuterRef("account"),
        submitted_at__isnull=False,
    )
    rows = Panelist.objects.filter(wanted).annotate(is_in=Exists(card))
    return list(rows.values_list("pk", "application_id", "step", "is_in"))


def pending_decisions() -> QuerySet[Debrief]:
    """Return debriefs to be decided: all cards are in, and the person stands at that stage still."""
    return Debrief.objects.filter(
        decided_at=None,
        due_at__isnull=False,
        application__outcome=Outcome.OPEN,
        application__step=F("step"),
    )


def decisions_due(by: Actor, *, limit: int) -> list[Debrief]:
    """Return the decisions this colleague may make for which all cards are in, the most urgent first."""
    if not may_decide_any(by):
        return []
    visible = applications_visible_to(by).order_by().values("pk")
    rows = pending_decisions().filter(application__in=visible).order_by("due_at", "pk")
    return list(rows.select_related("application__job", "application__person")[:limit])
