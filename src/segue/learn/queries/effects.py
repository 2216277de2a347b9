"""The measured effects of faults on matching, as they were last put in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from segue.engine.spoilt import LEAST, Effect
from segue.learn.models import Model, ModelState

EFFECTS = "fault-effects"


@dataclass(frozen=True)
class Effects:
    """What each damage takes from nDCG@10 of one row; `people` who replied. None in force: people is None."""

    people: int | None = None
    ndcg: float = 0.0
    until: str = ""
    of: Mapping[str, Effect] = field(default_factory=dict)

    @property
    def costs(self) -> dict[str, float]:
        """What each measured damage costs a row; 0.0 where no loss could be told from none."""
        return {name: one.loss if one.shown else 0.0 for name, one in self.of.items() if one.measured}

    @property
    def enough(self) -> bool:
        return self.people is not None and self.people >= LEAST


def effects_in_force() -> Effects:
    """Return the figures in force; they are of many, so whoever may see the audit may see them."""
    found = Model.objects.filter(kind=EFFECTS, state=ModelState.CHAMPION)
    card = found.values_list("card", flat=True).first()
    if not card:
        return Effects()
    of = {name: Effect(**told) for name, told in card["effects"].items()}
    return Effects(card["people"], card["ndcg@10"], card["data_until"], of)
