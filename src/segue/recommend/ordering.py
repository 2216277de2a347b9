"""In which order the shelves lie: the learned policy where there is one, the house's own order where not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from segue.engine.policy import DEVICES, Arm, Context, band_of, lay
from segue.kit import clock
from segue.kit.ids import number_of
from segue.recommend.models import CardStance, Exposure, Shelf
from segue.recommend.policy import ORDER_POLICY, MixPolicy
from segue.recommend.shelves import ORDER

SITTING = timedelta(minutes=30)
TOP_CARDS = 4  # what a shelf is judged by: the cards seen without scrolling it


@dataclass(frozen=True, slots=True)
class ShelfOrder:
    """An order with what it takes to check it: chances at their places, the seed, the arms as they were."""

    shelves: tuple[Shelf, ...]
    propensities: tuple[float, ...] = ()
    chance: float = 1.0
    turned: bool = False
    policy_hash: str = ""
    seed: str = ""
    arms: Mapping[str, list[list[Any]]] = field(default_factory=dict)

    def as_logged(self) -> dict[str, Any]:
        """Plain values for a decision; `laid_again` reads them."""
        return {
            "policy": ORDER_POLICY if self.policy_hash else "house-1",
            "policy_hash": self.policy_hash,
            "shelves": [shelf.value for shelf in self.shelves],
            "propensities": list(self.propensities) or [1.0] * len(self.shelves),
            "chance": self.chance,
            "turned": self.turned,
            "seed": self.seed,
            "arms": dict(self.arms),
        }


def context_of(
    zone_name: str, stances: Iterable[CardStance], device: str = "unknown", at: datetime | None = None
) -> Context:
    """Return when, on what and how deep in a sitting somebody looks; what cannot be known is "unknown"."""
    instant = at or clock.now()
    here = instant.astimezone(_zone(zone_name))
    depth = sum(instant - SITTING < stance.at <= instant for stance in stances)
    known = device if device in DEVICES else "unknown"
    return Context(hour=here.hour, weekday=here.weekday(), device=known, depth=depth)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def house_order(shelves: Iterable[Shelf]) -> ShelfOrder:
    """The order that holds until something is learned."""
    there = set(shelves)
    return ShelfOrder(tuple(shelf for shelf in ORDER if shelf in there))


def lay_shelves(
    policy: MixPolicy | None, dealt: Mapping[Shelf, Sequence[Exposure]], context: Context | None, seed: str
) -> ShelfOrder:
    """Order shelves by the policy for what lies on them; without a policy the house's order holds."""
    house = house_order(shelf for shelf in dealt if dealt[shelf])
    if policy is None or context is None or not house.shelves:
        return house
    arms = {
        shelf.value: [[card.reason_code, band_of(card.score)] for card in dealt[shelf][:TOP_CARDS]]
        for shelf in house.shelves
    }
    return _laid(policy, arms, context, seed)


def _laid(policy: MixPolicy, arms: Mapping[str, list[list[Any]]], context: Context, seed: str) -> ShelfOrder:
    cards = [Arm(shelf, reason, band) for shelf, top in arms.items() for reason, band in top]
    rows = policy.alphabet.rows(cards, [context] * len(cards)) @ policy.draws
    ends = np.cumsum([0, *(len(top) for top in arms.values())])[:-1]
    sizes = np.array([len(top) for top in arms.values()])
    values = np.add.reduceat(rows, ends, axis=0) / sizes[:, None]
    number = number_of(f"{policy.hash}:{seed}")
    told = lay(values, np.random.default_rng(number))
    names = list(arms)
    return ShelfOrder(
        shelves=tuple(Shelf(names[row]) for row in told.order),
        propensities=tuple(float(chance) for chance in told.propensities),
        chance=told.chance,
        turned=told.turned,
        policy_hash=policy.hash,
        seed=seed,
        arms=arms,
    )


def laid_again(logged: Mapping[str, Any], context: Mapping[str, Any], policy: MixPolicy) -> dict[str, Any]:
    """Lay a logged order again with its policy; equal to what was logged, or something is not what it was.

    Raises ValueError where the policy is another one, KeyError for what `as_logged` did not write.
    """
    if policy.hash != logged["policy_hash"]:
        raise ValueError("this order was laid by another policy")
    # a database keeps a JSON object's keys in an order of its own; ours is the house's
    arms = {shelf.value: logged["arms"][shelf.value] for shelf in ORDER if shelf.value in logged["arms"]}
    return _laid(policy, arms, Context(**context), logged["seed"]).as_logged()
