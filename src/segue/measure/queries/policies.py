"""What would another share of exploration have earned? Asked of the cards that were really dealt.

Each dealt card carries its exact chance: (1 − ε)·[it was best] + ε / pool, so the pool can be read back from
it, and with it the chance any other ε would have given. Two actions are enough to say so: the best card, or
another of the pool. Cards laid without a choice (pins, a pool of one) tell nothing and are left out; so is
the place a mix keeps for exploration, which no ε changes.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db.models import Case, Exists, F, Func, IntegerField, OuterRef, QuerySet, Subquery, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from numpy.typing import NDArray

from segue.engine.offpolicy import BanditLog, Target, Verdict, compare, evaluate
from segue.engine.rank import DEFAULT_EPSILON, DEFAULT_POOL
from segue.kit import clock
from segue.kit.actor import Actor, Role
from segue.kit.errors import Invalid, NotAllowed
from segue.listen.models import Signal, Tier
from segue.recommend.models import Exposure, Shelf
from segue.recommend.policy import CARD_POLICY
from segue.recommend.ranking import POLICY
from segue.trust.models import Consent, Purpose

READERS = frozenset({Role.ADMINISTRATOR, Role.ANALYST, Role.AUDITOR, Role.MACHINE})
OUTCOMES: Mapping[str, str] = {
    "click": "card.clicked",
    "save": "card.saved",
    "like": "card.liked",
    "apply": "application.submitted",
}
WITHIN_DAYS = 7  # an outcome counts if it came so soon; younger cards are left for later
LONGEST_DAYS = 180  # the database keeps signals for longer than that by itself
_LAST_PLACE = 9
FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Trial:
    """How `epsilon` would have done in place of the dealt `logged_epsilon`; figures of nobody in particular.

    `verdict` is of its mean outcome a card, `difference` of what it gains over what was dealt; None where
    there are not even two people to count. `left_out`: cards laid without a choice.
    """

    policy: str
    outcome: str
    epsilon: float
    logged_epsilon: float
    since: datetime
    until: datetime
    cards: int
    people: int
    left_out: int
    verdict: Verdict | None
    difference: Verdict | None


@dataclass(frozen=True, eq=False)
class _Dealt:
    """Cards that were a choice, one row a card: see `_readable`."""

    person: NDArray[np.int64]
    shelf: NDArray[np.int64]
    position: NDArray[np.int64]
    pool: NDArray[np.int64]
    explored: NDArray[np.bool_]
    reward: FloatArray


def estimate_policy(
    *,
    epsilon: float,
    outcome: str = "click",
    policy: str = POLICY,
    logged_epsilon: float = DEFAULT_EPSILON,
    days: int = 90,
    by: Actor,
) -> Trial:
    """Estimate from the exposures of `policy` what another ε would have earned, or let the verdict refuse.

    Only people who allowed learning from behaviour when they were shown the card, and have not taken it
    back since, are counted. Raises NotAllowed unless `by` reads figures, Invalid for values out of range.
    """
    if by.role not in READERS:
        raise NotAllowed("Only who reads figures may compare policies.", field="policy")
    _check(epsilon, logged_epsilon, outcome, days)
    _check_asks_of_dealing(policy)
    until = clock.now() - timedelta(days=WITHIN_DAYS)
    since = clock.now() - timedelta(days=days)
    rows = list(_cards(policy, OUTCOMES[outcome], since, until))
    dealt = _readable(rows, logged_epsilon)
    people = len(np.unique(dealt.person))
    verdict, difference = _verdicts(dealt, epsilon, logged_epsilon) if people > 1 else (None, None)
    return Trial(
        policy=policy,
        outcome=outcome,
        epsilon=epsilon,
        logged_epsilon=logged_epsilon,
        since=since,
        until=until,
        cards=len(dealt.reward),
        people=people,
        left_out=len(rows) - len(dealt.reward),
        verdict=verdict,
        difference=difference,
    )


def _check_asks_of_dealing(policy: str) -> None:
    if policy == CARD_POLICY:
        raise Invalid(
            "These cards were chosen by votes: their chances say nothing of another share of exploration.",
            field="policy",
            remedy=f"Ask of {POLICY}, the cards dealt before a policy was learned.",
        )


def _check(epsilon: float, logged_epsilon: float, outcome: str, days: int) -> None:
    if not 0.0 <= epsilon <= 1.0:
        raise Invalid("A share of exploration lies between 0 and 1.", field="epsilon")
    if not 0.0 < logged_epsilon < 1.0:
        raise Invalid("Without exploration a log answers nothing.", field="logged_epsilon")
    if outcome not in OUTCOMES:
        raise Invalid(
            f"No such outcome: {outcome!r}.", field="outcome", remedy=f"One of {', '.join(OUTCOMES)}."
        )
    if not WITHIN_DAYS < days <= LONGEST_DAYS:
        raise Invalid(f"Look back {WITHIN_DAYS + 1} to {LONGEST_DAYS} days.", field="days")


def _cards(policy: str, kind: str, since: datetime, until: datetime) -> QuerySet[Exposure, tuple[Any, ...]]:
    """Cards seen by people who said yes then and have not said no since, each with whether it came to it."""
    answers = Consent.objects.filter(person=OuterRef("person"), purpose=Purpose.BEHAVIOUR)
    before = answers.filter(at__lte=OuterRef("shown_at")).order_by("-at", "-id").values("granted")
    undone = Signal.objects.filter(undoes=OuterRef("pk"))
    came = Signal.objects.filter(
        ~Exists(undone),
        person=OuterRef("person"),
        job=OuterRef("job"),
        kind=kind,
        tier__in=(Tier.A, Tier.B),
        at__gte=OuterRef("shown_at"),
        at__lt=OuterRef("shown_at") + timedelta(days=WITHIN_DAYS),
    )
    return (
        Exposure.objects.filter(
            ~Exists(answers.filter(granted=False, at__gt=OuterRef("shown_at"))),
            policy_id=policy,
            visible=True,
            shown_at__gte=since,
            shown_at__lt=until,
            person__erased_at__isnull=True,
            person__merged_into__isnull=True,
        )
        .alias(allowed=Subquery(before[:1]))
        .filter(allowed=True)
        .order_by("pk")
        .values_list("person_id", "shelf", "position", "propensity", "explored", Exists(came), _luck_place())
    )


def _luck_place() -> Case:
    """The place of the card's shelf that its decision kept for exploration, counted with the fixed cards."""
    places = []
    for shelf in Shelf.values:
        hand = f"slate__decision__trace__hands__{shelf}"
        slot = Cast(KeyTextTransform("slot", F(hand)), IntegerField())
        fixed = Func(F(f"{hand}__fixed"), function="jsonb_array_length", output_field=IntegerField())
        places.append(When(shelf=shelf, then=slot + fixed))
    return Case(*places, default=None, output_field=IntegerField())


def _readable(rows: list[tuple[Any, ...]], epsilon: float) -> _Dealt:
    """Keep the cards whose chance reads back as one of a pool of two or more."""
    propensity = np.array([row[3] for row in rows], dtype=np.float64)
    explored = np.array([row[4] for row in rows], dtype=np.bool_)
    by_luck = propensity - np.where(explored, 0.0, 1.0 - epsilon)  # ε / pool
    with np.errstate(divide="ignore"):
        pool = np.where(by_luck > 1e-9, epsilon / np.maximum(by_luck, 1e-9), 0.0)
    whole = np.rint(pool)
    by_epsilon = np.array([row[2] != row[6] for row in rows], dtype=np.bool_)
    is_pool = (np.abs(pool - whole) < 1e-3) & (whole >= 2) & (whole <= DEFAULT_POOL)
    kept = np.flatnonzero(by_epsilon & is_pool)
    return _Dealt(
        person=_numbered([rows[i][0] for i in kept]),
        shelf=_numbered([rows[i][1] for i in kept]),
        position=np.array([min(rows[i][2], _LAST_PLACE) for i in kept], dtype=np.int64),
        pool=whole[kept].astype(np.int64),
        explored=explored[kept],
        reward=np.array([rows[i][5] for i in kept], dtype=np.float64),
    )


def _numbered(names: list[uuid.UUID] | list[str]) -> NDArray[np.int64]:
    number = {name: i for i, name in enumerate(sorted(set(map(str, names))))}
    return np.array([number[str(name)] for name in names], dtype=np.int64)


def _verdicts(dealt: _Dealt, epsilon: float, logged_epsilon: float) -> tuple[Verdict, Verdict]:
    action = dealt.explored.astype(np.int64)
    rows = np.arange(len(action))
    logged = _chances(dealt.pool, logged_epsilon)
    log = BanditLog.of(
        action,
        dealt.reward,
        logged[rows, action],
        actions=2,
        context=(dealt.shelf[:, None] == np.unique(dealt.shelf)[None, 1:]).astype(np.float64),
        position=dealt.position,
        unit=dealt.person,
    )
    other, same = Target.of(_chances(dealt.pool, epsilon), log), Target.of(logged, log)
    return evaluate(log, other), compare(log, other, same)


def _chances(pool: NDArray[np.int64], epsilon: float) -> FloatArray:
    """Chance of the best card and of any other, float64[n, 2]."""
    other = epsilon * (pool - 1) / pool
    return np.stack([1.0 - other, other], axis=1)
