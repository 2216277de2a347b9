"""Who did something is placed in segments anew, seconds later."""

from __future__ import annotations

from collections.abc import Sequence

from segue.kit.queue import enqueue
from segue.learn.actions.segments.engagement import COUNTED, UNDONE
from segue.listen.consuming import Told, consumer


@consumer("learn.engagement", kinds=(*COUNTED, UNDONE), tiers="AB")
def note_engagement(batch: Sequence[Told]) -> None:
    """Ask for everybody in the batch to be counted and placed; a signal that is nobody's moves nobody."""
    people = sorted({str(told.person_id) for told in batch if told.person_id is not None})
    if people:
        enqueue("learn.place_people", person_ids=",".join(people))
