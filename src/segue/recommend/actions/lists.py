"""One ranked list outside the shelves: for the command line and for integrators."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from typing import Any

from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.ids import uuid7
from segue.learn.queries.model_input import person_row
from segue.recommend.actions.mixes import Situation, look
from segue.recommend.curated import Field
from segue.recommend.exposures import exposure_of
from segue.recommend.models import Exposure, Shelf, Slate
from segue.recommend.queries.stances import own_only
from segue.recommend.shelves import Hand, deal_field
from segue.recommend.traces import LIST, trace_of
from segue.recommend.wording import reason_text
from segue.trust.actions.decisions import write_decision


@dataclass(frozen=True, slots=True)
class ListedJob:
    job_id: str
    title: str
    score: float
    reason: str
    reason_code: str
    factors: list[dict[str, Any]]
    propensity: float
    position: int
    exposure_id: str


@dataclass(frozen=True, slots=True)
class DealtList:
    """A dealt list with the policy and model behind it."""

    slate_id: str
    policy_id: str
    model_hash: str
    personalised: bool
    items: list[ListedJob]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@action("recommend.deal_list")
def deal_list(person_id: uuid.UUID, *, limit: int, by: Actor) -> DealtList:
    """Deal `limit` jobs for one person, logged like any shelf; the same input deals the same list."""
    own_only(person_id, by)
    now = look(person_row(person_id), by=by)
    if now is None:
        return DealtList("", "", "", personalised=False, items=[])
    one = _field(now)
    seed = f"list:{person_id}:{now.ranking.input.digest()}:{now.ranking.catalogue.version}"
    hand = deal_field(one, now.ranking, set(), k=limit, seed=seed)
    cards = _store(person_id, now, hand)
    return DealtList(
        slate_id=str(cards[0].slate_id) if cards else "",
        policy_id=now.ranking.policy_id,
        model_hash=now.ranking.model_hash,
        personalised=now.ranking.input.personalised,
        items=[_listed(card, now) for card in cards],
    )


def _field(now: Situation) -> Field:
    fields = now.fields
    mix = fields.get(Shelf.WEEKLY_MIX) or fields[Shelf.NEW]
    return Field(mix.shelf, now.ranking.vetoes == 0, now.ranking.scores)


def _store(person_id: uuid.UUID, now: Situation, hand: Hand) -> list[Exposure]:
    ranking = now.ranking
    decision = write_decision(
        kind="list.dealt",
        policy_id=ranking.policy_id,
        model_hash=ranking.model_hash,
        person_id=person_id,
        inputs=ranking.record,
        chosen=[[i, str(ranking.catalogue.jobs[p.row].pk), p.propensity] for i, p in enumerate(hand)],
        trace=trace_of(ranking, {LIST: hand}),
    )
    slate = Slate(
        id=uuid7(),
        person_id=person_id,
        shelf=Shelf.WEEKLY_MIX,
        decision=decision,
        policy_id=ranking.policy_id,
        model_hash=ranking.model_hash,
        input_hash=ranking.input.digest(),
        context={"door": "list"},
        retired_at=decision.at,  # a list is read once; it takes no shelf's place
    )
    slate.save(force_insert=True)
    cards = [exposure_of(pick, ranking, slate, i) for i, pick in enumerate(hand)]
    for card in cards:
        card.visible, card.shown_at = True, decision.at
    return Exposure.objects.bulk_create(cards)


def _listed(card: Exposure, now: Situation) -> ListedJob:
    job = now.ranking.catalogue.jobs[now.ranking.catalogue.row_of[card.job_id]]
    return ListedJob(
        job_id=str(job.pk),
        title=job.title,
        score=card.score,
        reason=reason_text(card.reason_code, card.reason_args),
        reason_code=card.reason_code,
        factors=card.factors,
        propensity=card.propensity,
        position=card.position,
        exposure_id=str(card.pk),
    )
