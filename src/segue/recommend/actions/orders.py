"""The shelves' order on a home: chosen when something is dealt, and again when hour or device change."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from segue.catalog.models import Person
from segue.engine.policy import Context
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.recommend.home import latest_slate
from segue.recommend.models import Exposure, Shelf, Slate
from segue.recommend.ordering import ShelfOrder, lay_shelves
from segue.recommend.policy import ORDER_POLICY, MixPolicy
from segue.recommend.ranking import Ranking
from segue.recommend.traces import FORM
from segue.trust.actions.decisions import write_decision

Laid = Mapping[Shelf, Sequence[Exposure]]


def lay_home(
    person_id: uuid.UUID, policy: MixPolicy | None, context: Context | None, dealt: Laid
) -> ShelfOrder:
    """Order what lies on a home; the same person in the same hours on the same device sees the same order."""
    return lay_shelves(policy, dealt, context, f"{person_id}:{_key(context)}" if context else "")


def slate_context(context: Context | None, order: ShelfOrder) -> dict[str, Any]:
    """What a slate keeps of the visit it was laid for; nothing where nothing may be learned."""
    if context is None:
        return {}
    kept: dict[str, Any] = {"at": asdict(context)}
    if order.policy_hash:
        kept |= {"order": [shelf.value for shelf in order.shelves], "key": _key(context)}
    return kept


def _key(context: Context) -> str:
    """Name the stretch of time an order holds for: a quarter of a day, on one device."""
    hours, weekday, device, _ = context.parts
    return f"{clock.now():%G-%V}:{weekday}:{hours}:{device}"


def needs_order(dealt: Laid, policy: MixPolicy | None, context: Context | None) -> bool:
    """Say whether the order was laid for other hours or another device. Without a policy it always holds."""
    if policy is None or context is None:
        return False
    slate = latest_slate(dealt)
    return slate is not None and slate.context.get("key") != _key(context)


@action("recommend.order_home")
def order_home(
    person_id: uuid.UUID,
    *,
    ranking: Ranking,
    policy: MixPolicy | None,
    context: Context | None,
    dealt: Laid,
    by: Actor,
) -> ShelfOrder:
    """Lay the shelves anew for this visit, with a decision of its own; the cards stay where they are."""
    Person.objects.select_for_update().values_list("pk").get(pk=person_id)
    order = lay_home(person_id, policy, context, dealt)
    slates = {card.slate.pk for cards in dealt.values() for card in cards if card.slate is not None}
    kept = slate_context(context, order)
    Slate.objects.filter(pk__in=slates).update(context=kept)
    for card in (card for cards in dealt.values() for card in cards):
        if card.slate is not None:
            card.slate.context = kept  # each row of one query holds a slate of its own
    places = zip(order.shelves, order.propensities, strict=False)
    write_decision(
        kind="home.ordered",
        policy_id=ORDER_POLICY,
        model_hash=order.policy_hash,
        person_id=person_id,
        inputs={
            **ranking.record,
            "models": [order.policy_hash],
            "context": asdict(context) if context else {},
            "order": order.as_logged(),
        },
        chosen=[[place, shelf.value, chance] for place, (shelf, chance) in enumerate(places)],
        reason="other hours or another device",
        trace={"form": FORM},  # the order, its seed and what it was laid for stand among the inputs
    )
    return order
