"""Learning in which order shelves serve people best, from what became of the cards they saw."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from segue.engine.patience import Filter, known_at, learn
from segue.engine.policy import Arm, Context, band_of
from segue.engine.variety import lift_towards
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.learn.actions.registry import install_model, register_model
from segue.learn.models import ModelState, Reign
from segue.recommend.last_word import FLOORS, FLOORS_DIAL
from segue.recommend.ordering import context_of
from segue.recommend.policy import ALPHABET, ORDER_POLICY, POLICY_KIND, MixPolicy
from segue.recommend.queries.histories import DUE_DAYS, STAGES, Histories, SeenCard, crowds, histories
from segue.recommend.queries.policies import champion_hash, forget_policy, policy_named
from segue.recommend.shelves import ORDER
from segue.trust.queries.dials import dial

LEAST_CARDS = 200  # before so many were seen, the house's order knows better
LEAST_CROWD = 5
LATELY_DAYS = 7
SEED = 1
_LEAN = 0.15  # each place in the house's order is believed to be so much better, until people say otherwise


@action("recommend.learn_policy")
def learn_policy(*, by: Actor) -> str:
    """Learn the mix policy anew from all that is known by now, and put it in force; returns its hash.

    Returns "" where too few cards were seen. The same histories give the same policy. Where a colleague has
    rolled the policy back, the new one waits as candidate for a colleague.
    """
    seen = histories()
    if len(seen.cards) < LEAST_CARDS:
        return ""
    before = champion_hash()
    policy = fit_policy(seen, load=crowds(least=LEAST_CROWD), lift=_lifts(seen, before))
    card = _card(seen, policy)
    row = register_model(
        kind=POLICY_KIND, blob=policy.to_bytes(), card=card, owner="recommend", parent=before, by=by
    )
    if row.state != ModelState.CHAMPION and not _held_by_a_colleague():
        install_model(row, by=by, reason=f"Learned from {len(seen.cards)} seen cards.")
    forget_policy()
    return row.pk


def _lifts(seen: Histories, before: str) -> dict[str, float]:
    """How far each group with a floor is lifted next, from its share of what was seen this last week."""
    floors: dict[str, float] = dial(FLOORS_DIAL, FLOORS)
    held = policy_named(before).lift if before else {}
    lately = [card for card, age in zip(seen.cards, seen.age_days, strict=True) if age <= LATELY_DAYS]
    groups = [{*card.marks, f"department:{card.department}", f"country:{card.country}"} for card in lately]
    lifts = {}
    for group, floor in floors.items():
        share = sum(group in of_card for of_card in groups) / max(1, len(groups))
        lifts[group] = lift_towards(floor, share, held.get(group, 0.0)) if groups else 0.0
    return {group: lift for group, lift in lifts.items() if lift > 0}


def fit_policy(
    seen: Histories, *, load: dict[str, float] | None = None, lift: dict[str, float] | None = None
) -> MixPolicy:
    """Fit the posterior of every shelf, reason and band in context, from histories of any age."""
    known = known_at(seen.age_days, DUE_DAYS)
    arms = [_arm(card) for card in seen.cards]
    rows = ALPHABET.rows(
        arms,
        [_context(card) for card in seen.cards],
        places=[_place(card) for card in seen.cards],
        ranks=[card.position for card in seen.cards],
    )
    group = {arm: i for i, arm in enumerate(sorted({(arm.shelf, arm.reason) for arm in arms}))}
    told = _guess().fit(seen.outcomes, known, np.array([group[arm.shelf, arm.reason] for arm in arms]))
    spread = np.array(list(ALPHABET.spreads.values()))
    belief = learn(rows, seen.outcomes, known, spread, told, _lean())
    policy = MixPolicy("", ALPHABET, belief.mean, belief.draws(SEED), load or {}, lift or {})
    return MixPolicy.from_bytes(policy.to_bytes())


def _guess() -> Filter:
    rates = np.array([stage.rate for stage in STAGES])
    return Filter.guess(rates, np.array([stage.worth for stage in STAGES]))


def _lean() -> NDArray[np.float64]:
    middle = (len(ORDER) - 1) / 2
    lean = {f"shelf={shelf.value}": _LEAN * (middle - place) for place, shelf in enumerate(ORDER)}
    return np.array([lean.get(name, 0.0) for name in ALPHABET.names])


def _arm(card: SeenCard) -> Arm:
    return Arm(card.shelf, card.reason, band_of(card.score), card.marks)


def _context(card: SeenCard) -> Context:
    """When it was seen tells the hour; on what device and how deep in a sitting, its visit."""
    told = card.context["at"]
    here = context_of(card.time_zone, (), told.get("device", "unknown"), at=card.shown_at)
    return Context(here.hour, here.weekday, here.device, int(told.get("depth", 0)))


def _place(card: SeenCard) -> int:
    order: list[str] = card.context.get("order") or [shelf.value for shelf in ORDER]
    return order.index(card.shelf) if card.shelf in order else len(order)


def _card(seen: Histories, policy: MixPolicy) -> dict[str, Any]:
    weights = dict(zip(policy.alphabet.names, policy.mean, strict=True))
    known = known_at(seen.age_days, DUE_DAYS)
    finished = int((known == len(STAGES)).sum())
    return {
        "policy": ORDER_POLICY,
        "data_until": clock.now().isoformat(),
        "cards": len(seen.cards),
        "people": len({card.person_id for card in seen.cards}),
        "finished": finished,
        "rates": {stage.name: _rate(seen.outcomes[known > i, i]) for i, stage in enumerate(STAGES)},
        "shelves": {name: round(float(w), 5) for name, w in weights.items() if name.startswith("shelf=")},
        "crowded_jobs": len(policy.load),
        "lifted": {group: round(lift, 4) for group, lift in policy.lift.items()},
        "reasons": {name: round(float(w), 5) for name, w in weights.items() if name.startswith("reason=")},
        "marks": {name: round(float(w), 5) for name, w in weights.items() if name.startswith("mark=")},
    }


def _rate(values: NDArray[np.float64]) -> float | None:
    return round(float(values.mean()), 5) if len(values) else None


def _held_by_a_colleague() -> bool:
    latest = Reign.objects.filter(kind=POLICY_KIND).order_by("-id").first()
    return latest is not None and latest.gave_up_id is not None
