"""A home: kept while it holds, dealt anew where it has gone stale."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from segue.catalog.models import Person
from segue.engine.policy import Context
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.ids import uuid7
from segue.kit.prepared import Reading, insert
from segue.learn.queries.catalogue import Catalogue
from segue.learn.queries.model_input import catalogue_seen_with, input_from, person_row
from segue.recommend.actions.orders import lay_home, needs_order, order_home, slate_context
from segue.recommend.cards import Home
from segue.recommend.choosing import Chooser
from segue.recommend.curated import Field
from segue.recommend.exposures import exposure_of, reasons_logged
from segue.recommend.home import home_view
from segue.recommend.last_word import last_stage
from segue.recommend.models import CardStance, Exposure, PlaylistItem, Shelf, Slate
from segue.recommend.ordering import context_of
from segue.recommend.policy import CARD_POLICY, MixPolicy
from segue.recommend.queries.playlists import picks_seen_since, published_items
from segue.recommend.queries.policies import policy_in_force
from segue.recommend.queries.stances import own_only, stances_of
from segue.recommend.ranking import Ranking, rank_jobs
from segue.recommend.shelves import DEAL_ORDER, ORDER, SIZES, Hand, deal_field, fields_of
from segue.recommend.traces import trace_of
from segue.trust.actions.decisions import write_decision
from segue.trust.models import Decision

LOGGED_FIELD = 30  # how much of the field a decision keeps
Dealt = dict[Shelf, list[Exposure]]


@dataclass(frozen=True, slots=True)
class Seen:
    """A card was on a person's screen."""

    person_id: uuid.UUID
    exposure_id: uuid.UUID
    at: datetime


@dataclass(frozen=True, eq=False)
class Situation:
    """All that a deal depends on, read once."""

    ranking: Ranking
    stances: dict[uuid.UUID, CardStance]
    items: list[PlaylistItem]
    fields: dict[Shelf, Field]
    policy: MixPolicy | None = None
    context: Context | None = None  # None: nothing may be learned from this visit, nor used for it

    @property
    def chooser(self) -> Chooser | None:
        """Who chooses within a shelf: the policy in force, where behaviour may be learned from and used."""
        if self.policy is None or self.context is None:
            return None
        return Chooser(self.policy, self.context, self.ranking)

    @property
    def policy_id(self) -> str:
        return CARD_POLICY if self.chooser is not None else self.ranking.policy_id

    @property
    def record(self) -> dict[str, Any]:
        """What a decision keeps of what went in: the person's digest, the visit, and all artefacts used."""
        mine = self.ranking.record
        return {
            **mine,
            "models": [*mine["models"], *([self.policy.hash] if self.policy else [])],
            "context": asdict(self.context) if self.context else {},
        }

    def input_hash(self, shelf: Shelf) -> str:
        """Name what this shelf was dealt from. The weekly mix only minds the week, the model and consent."""
        seen = self.ranking.input
        day = clock.today_for(seen.person.time_zone)
        parts: list[Any] = [shelf.value, sorted(seen.granted)]
        if shelf is Shelf.WEEKLY_MIX:
            parts += [self.ranking.catalogue.lexicon.hash, self.ranking.policy_id]
            parts += [day.isocalendar()[:2], sorted(seen.wishes.items()), str(seen.columns.vec.sum())]
        else:
            parts += [self.ranking.model_hash, day, seen.digest(), self.ranking.catalogue.version]
            parts += sorted((str(s.job_id), s.stance) for s in self.stances.values())
        if shelf is Shelf.RECRUITERS:
            parts += [len(self.items), *sorted({f"{i.playlist_id}:{i.playlist.version}" for i in self.items})]
        return hashlib.sha256(repr(parts).encode()).hexdigest()


def open_home(person_id: uuid.UUID, *, by: Actor, device: str = "unknown") -> Home:
    """Return the person's home; shelves that no longer hold are dealt first, in one action.

    `device` is what the door saw it opened on: "phone", "computer" or "unknown".
    """
    own_only(person_id, by)
    now = look(person_row(person_id), by=by, device=device)
    if now is None:
        return Home(shelves=[], personalised=False, note="")
    current = current_exposures(person_id)
    taken = _rows(now.ranking, (card for cards in current.values() for card in cards))
    stale = [shelf for shelf in ORDER if _is_stale(shelf, now, current.get(shelf), taken)]
    if stale:
        current = deal_shelves(person_id, now=now, stale=stale, by=by)
    elif needs_order(current, now.policy, now.context):
        order_home(
            person_id, ranking=now.ranking, policy=now.policy, context=now.context, dealt=current, by=by
        )
    return home_view(now.ranking, now.fields, now.stances, current)


def look(person: Person, *, by: Actor, device: str = "unknown") -> Situation | None:
    """Read everything a deal depends on, or None while there is nothing to deal."""
    jobs = catalogue_seen_with(person)
    if jobs is None or not len(jobs):
        return None
    return situation_of(person, jobs, stances_of(person.pk, by), published_items(), device)


def situation_of(
    person: Person,
    jobs: Catalogue,
    stances: dict[uuid.UUID, CardStance],
    items: list[PlaylistItem],
    device: str,
) -> Situation:
    """Rank the jobs for somebody on this visit, with the policy and the limits that hold now."""
    ranking = rank_jobs(input_from(person, jobs), jobs, stances)
    policy = policy_in_force() if ranking.input.personalised else None
    learns = ranking.input.uses_behaviour
    context = context_of(person.time_zone, stances.values(), device) if learns else None
    seen = _picks_seen(person, items)
    fields = fields_of(ranking, stances, items, last_stage(ranking, policy), seen)
    return Situation(ranking, stances, items, fields, policy if learns else None, context)


def _picks_seen(person: Person, items: list[PlaylistItem]) -> frozenset[uuid.UUID]:
    """What of the curators' lists was seen since their own Monday, asked only where a list counts it."""
    if not any("week" in (item.playlist.caps or {}) for item in items):
        return frozenset()
    today = clock.today_for(person.time_zone)
    monday = today - timedelta(days=today.weekday())
    return picks_seen_since(person.pk, clock.midnight_for(person.time_zone, monday))


def current_exposures(person_id: uuid.UUID) -> Dealt:
    """Return the cards that lie on the person's shelves now, in order, in one query."""
    found: Dealt = {}
    for row in _LYING.read(person_id=person_id):
        found.setdefault(Shelf(row.shelf), []).append(row)
    return found


_LYING = Reading(
    lambda person_id: (
        Exposure.objects.filter(person_id=person_id, replaced_at__isnull=True, slate__retired_at__isnull=True)
        .select_related("slate")
        .defer("factors")  # a page of cards needs none of the arithmetic behind them
        .order_by("position")
    ),
    person_id=uuid.UUID,
)


def _is_stale(shelf: Shelf, now: Situation, cards: Sequence[Exposure] | None, taken: set[int]) -> bool:
    if shelf not in now.fields:
        return bool(cards)
    if not cards:  # an empty shelf is stale only if something is left to lay on it
        eligible = now.fields[shelf].eligible
        return bool(eligible.sum() > sum(bool(eligible[row]) for row in taken))
    slate = cards[0].slate
    return slate is None or slate.input_hash != now.input_hash(shelf)


@action("recommend.deal_shelves")
def deal_shelves(person_id: uuid.UUID, *, now: Situation, stale: Sequence[Shelf], by: Actor) -> Dealt:
    """Retire the stale shelves and deal them again, each card with its exact chance."""
    Person.objects.select_for_update().values_list("pk").get(pk=person_id)  # two tabs, one deal
    current = current_exposures(person_id)
    lying = _rows(now.ranking, (card for cards in current.values() for card in cards))
    stale = [shelf for shelf in stale if _is_stale(shelf, now, current.get(shelf), lying)]
    # by person and shelf: a slate whose every card was answered has no current exposure to find it by
    old = Slate.objects.filter(person_id=person_id, shelf__in=stale, retired_at__isnull=True)
    old.update(retired_at=clock.now())
    kept = {shelf: cards for shelf, cards in current.items() if shelf not in stale}
    taken = _rows(now.ranking, (card for cards in kept.values() for card in cards))
    hands: dict[Shelf, Hand] = {}
    chooser = now.chooser
    for shelf in DEAL_ORDER:  # a curator's picks are dealt first, wherever they lie
        if shelf in stale and shelf in now.fields:
            seed = f"{person_id}:{shelf.value}:{now.input_hash(shelf)}"
            hands[shelf] = deal_field(
                now.fields[shelf], now.ranking, taken, k=SIZES[shelf], seed=seed, chooser=chooser
            )
            taken |= {pick.row for pick in hands[shelf]}
    return kept | _store(person_id, now, {s: hand for s, hand in hands.items() if hand}, kept)


def _displaced(now: Situation, hands: dict[Shelf, Hand], kept: Dealt) -> dict[int, int]:
    """For each curated pick the job that would lie there instead: the best fits that lie nowhere."""
    curated = hands.get(Shelf.RECRUITERS)
    if curated is None or not now.ranking.input.personalised:
        return {}
    lying = _rows(now.ranking, (card for cards in kept.values() for card in cards))
    lying |= {pick.row for hand in hands.values() for pick in hand}
    free = (now.ranking.vetoes == 0) & ~now.fields[Shelf.RECRUITERS].eligible
    free[list(lying)] = False
    scores = np.where(free, now.fields[Shelf.RECRUITERS].scores, -np.inf)
    best = np.argsort(-scores, kind="stable")[: len(curated)]
    return {pick.row: int(row) for pick, row in zip(curated, best, strict=False) if free[row]}


def _rows(ranking: Ranking, cards: Iterable[Exposure]) -> set[int]:
    row_of = ranking.catalogue.row_of
    return {row_of[card.job_id] for card in cards if card.job_id in row_of}


def _store(person_id: uuid.UUID, now: Situation, hands: dict[Shelf, Hand], kept: Dealt) -> Dealt:
    """Write one decision, a slate a shelf, and an exposure a card."""
    if not hands:
        return {}
    ranking = now.ranking
    slates = {
        shelf: Slate(
            id=uuid7(),
            person_id=person_id,
            shelf=shelf,
            anchor_job=now.fields[shelf].anchor,
            policy_id=now.policy_id,
            model_hash=ranking.model_hash,
            input_hash=now.input_hash(shelf),
        )
        for shelf in hands
    }
    chooser = now.chooser
    dealt = {
        shelf: [
            exposure_of(pick, ranking, slates[shelf], i, chooser, hand.seed) for i, pick in enumerate(hand)
        ]
        for shelf, hand in hands.items()
    }
    _note_displaced(dealt, _displaced(now, hands, kept), ranking)
    order = lay_home(person_id, now.policy, now.context, kept | dealt)
    decision = _decide(person_id, now, hands, dealt, order.as_logged())
    for slate in slates.values():
        slate.decision, slate.context = decision, slate_context(now.context, order)
    insert(list(slates.values()))
    insert([card for cards in dealt.values() for card in cards])
    return dealt


def _note_displaced(dealt: Dealt, displaced: dict[int, int], ranking: Ranking) -> None:
    jobs, row_of = ranking.catalogue.jobs, ranking.catalogue.row_of
    for card in dealt.get(Shelf.RECRUITERS, ()):
        row = displaced.get(row_of[card.job_id])
        card.displaced_job_id = None if row is None else jobs[row].pk


def _decide(
    person_id: uuid.UUID, now: Situation, hands: dict[Shelf, Hand], dealt: Dealt, order: dict[str, Any]
) -> Decision:
    ranking = now.ranking
    curated = dealt.get(Shelf.RECRUITERS, ())
    return write_decision(
        kind="home.dealt",
        policy_id=now.policy_id,
        model_hash=ranking.model_hash,
        person_id=person_id,
        inputs={
            **now.record,
            "order": order,
            "reasons": reasons_logged(card for cards in dealt.values() for card in cards),
            "displaced": [
                [card.position, str(card.job_id), str(card.displaced_job_id)]
                for card in curated
                if card.displaced_job_id
            ],
        },
        candidates=_field_of(ranking),
        chosen=[
            [shelf.value, i, str(ranking.catalogue.jobs[pick.row].pk), pick.propensity]
            for shelf, hand in hands.items()
            for i, pick in enumerate(hand)
        ],
        reason="stale or missing shelves",
        trace=trace_of(ranking, {shelf.value: hand for shelf, hand in hands.items()}),
    )


def _field_of(ranking: Ranking) -> list[list[Any]]:
    """The best of what could have been dealt, with scores, for replay."""
    free = np.flatnonzero(ranking.vetoes == 0)
    best = free[np.argsort(-ranking.scores[free], kind="stable")[:LOGGED_FIELD]]
    return [[str(ranking.catalogue.jobs[row].pk), float(ranking.scores[row]) + 0.0] for row in best]


@action("recommend.mark_seen")
def mark_seen(seen: Sequence[Seen], *, by: Actor) -> int:
    """Note which dealt cards were really on their person's screen; returns how many were news."""
    for person_id in {one.person_id for one in seen}:
        own_only(person_id, by)
    first = {(one.exposure_id, one.person_id): one.at for one in reversed(seen)}
    rows = Exposure.objects.filter(pk__in={one.exposure_id for one in seen}, visible=False)
    fresh = [row for row in rows.only("person_id") if (row.pk, row.person_id) in first]
    for row in fresh:
        row.visible, row.shown_at = True, first[row.pk, row.person_id]
    Exposure.objects.bulk_update(fresh, ["visible", "shown_at"])
    return len(fresh)
