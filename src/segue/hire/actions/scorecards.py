"""Filling in a scorecard: saved as it is written, submitted once, amended by a card of its own."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from segue.hire.actions.deciding import named_human
from segue.hire.actions.decision_clock import held_application, wind_decision_clock
from segue.hire.models import Application, Kit, Outcome, Panelist, Recommendation, Scorecard
from segue.hire.models.scorecards import EXTREMES, NOT_SEEN
from segue.hire.queries.access import application_for
from segue.hire.queries.kits import kit_at, kit_for
from segue.hire.queries.scorecards import READ, cards_in_force, own_card, place_for
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid
from segue.listen.actions.record import record

SHORTEST_EVIDENCE = 10
LONGEST_WORDS = 10_000
SHORTEST_REASON = 10


@dataclass(frozen=True, slots=True)
class CardWords:
    """What somebody has put into a card so far. `seen` is the revision they began this save from."""

    ratings: Mapping[str, int] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    recommendation: str = ""
    summary: str = ""
    seen: int = 0
    kit_id: uuid.UUID | None = None


@action("hire.save_scorecard")
def save_scorecard(place: Panelist, *, words: CardWords, by: Actor) -> Scorecard:
    """Keep what was written so far; nobody but its author reads a draft.

    Two windows do not overwrite each other: who saves from an older state is refused, and keeps their words.
    Raises NotFound, Conflict (saved elsewhere since, submitted, no longer asked), Invalid.
    """
    return _saved(place, words, by)


@action("hire.submit_scorecard")
def submit_scorecard(place: Panelist, *, words: CardWords, by: Actor) -> Scorecard:
    """Hand a card in, for good: from then on its author reads the others', and may amend with a reason.

    Raises NotFound, Conflict, Invalid naming what is still missing.
    """
    card = _saved(place, words, by)
    _must_be_whole(card)
    card.submitted_at = clock.now()
    card.save(update_fields=["submitted_at"])
    application = card.application
    wind_decision_clock(application, card.step)
    record(
        "scorecard.submitted",
        by=by,
        person_id=application.person_id,
        job_id=application.job_id,
        amends=card.amends_id is not None,
    )
    return card


@action("hire.begin_amendment")
def begin_amendment(place: Panelist, *, reason: str, by: Actor) -> Scorecard:
    """Begin a card that amends one's submitted one, with its words to start from; both are kept.

    Raises NotFound, Conflict where nothing is submitted or an amendment is begun already, Invalid.
    """
    own, _application = _held(place, by)
    before = own_card(own)
    if before is None or before.submitted_at is None:
        raise Conflict(_("There is no submitted card to amend."), remedy=_("Change the draft itself."))
    why = " ".join(reason.replace("\x00", "").split())
    if len(why) < SHORTEST_REASON:
        raise Invalid(
            _("An amendment needs a reason."),
            field="reason",
            remedy=_("Say in a few words what you learnt since."),
        )
    return Scorecard.objects.create(
        application_id=before.application_id,
        step=before.step,
        kit_id=before.kit_id,
        author_id=before.author_id,
        ratings=before.ratings,
        recommendation=before.recommendation,
        summary=before.summary,
        amends=before,
        reason=why[:LONGEST_WORDS],
    )


@action("hire.drop_amendment")
def drop_amendment(place: Panelist, *, by: Actor) -> Scorecard:
    """Let an amendment that is not submitted go; the card it was to amend counts on. Raises Conflict."""
    own, _application = _held(place, by)
    draft = own_card(own)
    if draft is None or draft.submitted_at is not None or draft.amends_id is None:
        raise Conflict(_("There is no amendment to let go."), remedy=_("Load the page again."))
    kept = draft.amends
    assert kept is not None  # the draft amends it
    draft.delete()
    return kept


@action(READ)
def _note_reading(application: Application, *, step: str, by: Actor) -> None:
    """The audit line is the note: who has read others' cards is not asked for a blind one any more."""


def read_scorecards(application: Application, *, by: Actor, step: str = "") -> list[Scorecard]:
    """Return the submitted cards this actor may read, and note whose stages they read of others.

    Raises NotFound for those who may not see the application.
    """
    return _read(application, step, by=by)


@action("hire.open_scorecards")
def _read(application: Application, step: str, *, by: Actor) -> list[Scorecard]:
    row = held_application(application_for(by, application.pk).pk)
    found = cards_in_force(row, by, step)
    for read in sorted({card.step for card in found if card.author_id != by.account_id}):
        _note_reading(row, step=read, by=by)
    return found


def _held(place: Panelist, by: Actor) -> tuple[Panelist, Application]:
    """Lock the application, and return one's own place as it is now."""
    named_human(by)
    row = held_application(place.application_id)
    own = place_for(by, place.pk)
    if own.removed_at is not None:
        raise Conflict(_("You are not asked for this card any more."), remedy=_("Ask a recruiter."))
    if row.outcome != Outcome.OPEN:
        raise Conflict(_("This application is already settled."), field="outcome")
    return own, row


def _saved(place: Panelist, words: CardWords, by: Actor) -> Scorecard:
    own, application = _held(place, by)
    card = own_card(own)
    if card is not None and card.submitted_at is not None:
        raise Conflict(_("This card is submitted."), remedy=_("Amend it, with a reason."))
    if card is None:
        kit = _kit_to_fill(own, application, words)
        card = Scorecard(step=own.step, kit=kit, author_id=own.account_id)
    said = (
        _checked_ratings(card.kit, words),
        _checked_recommendation(words.recommendation),
        _checked_words(words.summary),
    )
    card.application = application
    if card.revision != words.seen:
        if card.revision and (card.ratings, card.recommendation, card.summary) == said:
            return card  # sent again, because the answer was lost on its way
        raise Conflict(
            _("This card was saved in another window since."),
            field="revision",
            remedy=_("Your words are still in this one: copy what you need, and load the page again."),
        )
    card.ratings, card.recommendation, card.summary = said
    card.revision, card.saved_at = card.revision + 1, clock.now()
    card.save()
    return card


def _kit_to_fill(place: Panelist, application: Application, words: CardWords) -> Kit | None:
    """Return the version that was on the page when the card was begun."""
    seen = kit_for(words.kit_id, application.job_id, place.step) if words.kit_id else None
    return seen or kit_at(application.job_id, place.step)


def _checked_ratings(kit: Kit | None, words: CardWords) -> dict[str, dict[str, Any]]:
    kept: dict[str, dict[str, Any]] = {}
    for each in kit.looked_for if kit else []:
        rating, notes = words.ratings.get(each.key), _checked_words(words.notes.get(each.key, ""))
        if rating is not None and rating not in range(NOT_SEEN, EXTREMES[1] + 1):
            raise Invalid(
                _("“%s” has no such rating.") % each.name, field=each.key, remedy=_("Choose 1, 2, 3 or 4.")
            )
        if rating is not None or notes:
            kept[each.key] = {"rating": rating, "notes": notes}
    return kept


def _checked_recommendation(said: str) -> str:
    if said and said not in Recommendation.values:
        raise Invalid(
            _("There is no such recommendation."), field="recommendation", remedy=_("Choose from the list.")
        )
    return said


def _checked_words(text: str) -> str:
    words = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(words) > LONGEST_WORDS:
        raise Invalid(_("This is too long."), field="summary", remedy=_("Use up to 10,000 characters."))
    return words


def _must_be_whole(card: Scorecard) -> None:
    """Refuse a card with something left open, or an extreme without its evidence."""
    for each in card.kit.looked_for if card.kit else []:
        rating = card.rating_of(each.key)
        if rating is None:
            raise Invalid(
                _("“%s” is not rated yet.") % each.name,
                field=each.key,
                remedy=_("Rate it, or say that you did not see it."),
            )
        if rating in EXTREMES and len(card.notes_on(each.key)) < SHORTEST_EVIDENCE:
            raise Invalid(
                _("“%s” needs evidence for so clear a rating.") % each.name,
                field=each.key,
                remedy=_("Write what they said or did."),
            )
    if not card.recommendation:
        raise Invalid(
            _("Say what you would do."), field="recommendation", remedy=_("Choose one of the four.")
        )
    strong = card.recommendation in {Recommendation.STRONG_YES, Recommendation.STRONG_NO}
    if strong and len(card.summary) < SHORTEST_EVIDENCE:
        raise Invalid(
            _("So clear a recommendation needs its reasons."),
            field="summary",
            remedy=_("Say in a few words what decides it for you."),
        )
