"""The row of one dealt card: its score in factors that add up, and the reason it shows."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from segue.engine.explain import Explanation
from segue.kit import clock
from segue.kit.ids import uuid7
from segue.recommend.choosing import Chooser, Reason, Told
from segue.recommend.curated import Pick
from segue.recommend.models import Exposure, Slate
from segue.recommend.policy import CARD_POLICY
from segue.recommend.ranking import Ranking

THEIR_OWN = frozenset({"pinned", "familiar"})  # a curator's words and an old friend need no other reason


def exposure_of(
    pick: Pick, ranking: Ranking, slate: Slate, position: int, chooser: Chooser | None = None, seed: int = 0
) -> Exposure:
    """Build the row of one dealt card; with a chooser, which of its true reasons shows is chosen by chance
    that is known."""
    explained = ranking.explain(pick.row, explored=pick.explored)
    told = _told(pick, explained, slate.shelf, position, chooser, seed)
    card = Exposure(
        id=uuid7(),
        slate=slate,
        person_id=slate.person_id,
        job_id=ranking.catalogue.jobs[pick.row].pk,
        shelf=slate.shelf,
        position=position,
        policy_id=CARD_POLICY if chooser is not None else ranking.policy_id,
        model_hash=ranking.model_hash,
        propensity=max(0.01, min(1.0, round(pick.propensity, 12))),
        score=explained.score,
        reason_code=told.code,
        reason_args=_with_title(told, ranking),
        reason_propensity=max(0.01, min(1.0, round(told.chance, 12))),
        factors=[
            {"name": f.name, "value": f.value, "weight": f.weight, "contribution": f.contribution}
            for f in explained.factors
        ],
        explored=pick.explored,
        dealt_at=clock.now(),
    )
    card.told_among = [str(seed), list(told.among)]
    return card


def reasons_logged(cards: Iterable[Exposure]) -> list[list[Any]]:
    """What a decision keeps of each chosen reason: [shelf, place, seed, among which, which, chance]."""
    return [
        [card.shelf, card.position, *card.told_among, card.reason_code, card.reason_propensity]
        for card in cards
        if len(card.told_among[1]) > 1
    ]


def _told(
    pick: Pick, explained: Explanation, shelf: str, position: int, chooser: Chooser | None, seed: int
) -> Told:
    own: list[Reason] = [(pick.code, dict(pick.args))] if pick.code and not pick.explored else []
    codes = {code for code, _ in own}
    reasons = own + [reason for reason in explained.reasons if reason[0] not in codes]
    if chooser is None or pick.explored or pick.code in THEIR_OWN:
        return Told(*reasons[0])
    return chooser.reason(reasons, f"{seed}:{shelf}:{position}")


def _with_title(told: Told, ranking: Ranking) -> dict[str, Any]:
    args = dict(told.args)
    if told.code == "because_saved" and "title" not in args:
        job_id = args.get("job_id")
        row = ranking.catalogue.row_of.get(uuid.UUID(str(job_id))) if job_id else None
        args["title"] = "" if row is None else ranking.catalogue.jobs[row].title
    return args
