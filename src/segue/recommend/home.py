"""From exposures to a home ready for a page."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from segue.recommend.cards import Card, Home, ShelfView
from segue.recommend.curated import Field
from segue.recommend.models import CardStance, Exposure, Shelf, Slate, Stance
from segue.recommend.ranking import Ranking
from segue.recommend.shelves import ORDER
from segue.recommend.wording import reason_text, shelf_note, shelf_title


def home_view(
    ranking: Ranking,
    fields: Mapping[Shelf, Field],
    stances: Mapping[uuid.UUID, CardStance],
    dealt: Mapping[Shelf, Sequence[Exposure]],
) -> Home:
    """Lay out the shelves in order, leaving out jobs that can no longer be had."""
    shelves = []
    for shelf in shelves_in_order(dealt):
        cards = [card for row in dealt.get(shelf, ()) if (card := card_of(row, ranking, stances))]
        if cards:
            anchor = fields[shelf].anchor if shelf in fields else None
            stance = stances.get(anchor.pk) if anchor else None
            liked = stance is not None and stance.stance == Stance.LIKED
            title = shelf_title(shelf, anchor.title if anchor else "", liked=liked)
            shelves.append(ShelfView(shelf.value, title, shelf_note(shelf), cards, anchor))
    return Home(shelves=shelves, personalised=ranking.input.personalised, note=_note(ranking))


def shelves_in_order(dealt: Mapping[Shelf, Sequence[Exposure]]) -> list[Shelf]:
    """Return the order that was laid last, with what came since in the house's own order behind it."""
    slate = latest_slate(dealt)
    laid = [Shelf(name) for name in slate.context.get("order", ()) if name in Shelf.values] if slate else []
    return [*laid, *(shelf for shelf in ORDER if shelf not in laid)]


def latest_slate(dealt: Mapping[Shelf, Sequence[Exposure]]) -> Slate | None:
    """Return the slate dealt last of those that lie on a home."""
    slates = [cards[0].slate for cards in dealt.values() if cards and cards[0].slate is not None]
    return max(slates, key=lambda slate: (slate.dealt_at, slate.pk), default=None)


def card_of(row: Exposure, ranking: Ranking, stances: Mapping[uuid.UUID, CardStance]) -> Card | None:
    """Return the card of an exposure, or None where its job is closed, hidden or applied for."""
    place = ranking.catalogue.row_of.get(row.job_id)
    if place is None or ranking.vetoes[place] != 0:
        return None
    stance = stances.get(row.job_id)
    return Card(
        exposure_id=row.pk,
        job=ranking.catalogue.jobs[place],
        shelf=row.shelf,
        position=row.position,
        reason=reason_text(row.reason_code, row.reason_args),
        score=row.score,
        explored=row.explored,
        stance=stance.stance if stance else None,
    )


def _note(ranking: Ranking) -> str:
    if ranking.input.personalised:
        return ""
    if not ranking.input.ai_on:
        return _("Learned ranking is switched off. These are the newest roles, the same for everyone.")
    return _(
        "These are the newest roles, the same for everyone. "
        "Allow your profile or your behaviour to be used, and this page becomes yours."
    )
