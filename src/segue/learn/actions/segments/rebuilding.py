"""Everything segments rest on, brought up to date: what is read of people, what they did, who is in."""

from __future__ import annotations

from segue.kit.action import action
from segue.kit.actor import Actor
from segue.learn.actions.searching import index_people
from segue.learn.actions.segments.engagement import count_everybody
from segue.learn.actions.segments.refreshing import refresh_segments


@action("learn.rebuild_segments")
def rebuild_segments(*, by: Actor, anew: bool = False) -> dict[str, int]:
    """Catch up with whoever was missed, or make every row anew; returns what it came to."""
    people = index_people(by=by, anew=anew)["people"]
    return {"people": people, "days": count_everybody(by=by), **refresh_segments(by=by)}
