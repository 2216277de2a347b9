"""Cards that were on the screen: what was dealt becomes what was seen."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from segue.kit.actor import Actor
from segue.listen.consuming import Told, consumer
from segue.recommend.actions.mixes import Seen, mark_seen

_READER = Actor.machine("impressions")


@consumer("recommend.impressions", kinds=("card.shown",), tiers="AB")
def mark_impressions(batch: Sequence[Told]) -> None:
    """Mark the exposures that their own person has seen; a signal that is nobody's marks nothing."""
    seen = [
        Seen(told.person_id, uuid.UUID(exposure_id), told.at)
        for told in batch
        if told.person_id is not None and (exposure_id := told.props.get("exposure_id"))
    ]
    if seen:
        mark_seen(seen, by=_READER)
