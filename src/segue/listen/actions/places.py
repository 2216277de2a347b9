"""Moving a consumer by hand: to another place, to a halt, and on again."""

from __future__ import annotations

from typing import Any

from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.clock import now
from segue.kit.errors import NotFound
from segue.listen.models import Cursor, Parked


@action("listen.rewind_consumer")
def rewind_consumer(name: str, *, position: int, by: Actor) -> Cursor:
    """Let a consumer read again everything after this id, or pass over what lies before it.

    Waits for a turn under way. Its parked signals from there on are forgotten: it will meet them again.
    Raises NotFound for a consumer that has no place yet.
    """
    place = _held(name)
    _set(place, position=max(position, 0), stumbles=0, last_error="", moved_at=now())
    Parked.objects.filter(consumer=name, signal_id__gt=position).delete()
    return place


@action("listen.pause_consumer")
def pause_consumer(name: str, *, by: Actor) -> Cursor:
    """Let it rest where it stands; the ledger waits for it. Raises NotFound."""
    return _set(_held(name), paused=True)


@action("listen.resume_consumer")
def resume_consumer(name: str, *, by: Actor) -> Cursor:
    """Let it go on, at once also where it waited after a stumble. Raises NotFound."""
    return _set(_held(name), paused=False, stumbles=0)


def _held(name: str) -> Cursor:
    found = Cursor.objects.select_for_update().filter(pk=name).first()
    if found is None:
        raise NotFound(
            f"There is no consumer {name!r} with a place in the ledger.",
            field="consumer",
            remedy="segue consumers list shows them; a new one gets its place when `segue consume` runs.",
        )
    return found


def _set(place: Cursor, **fields: Any) -> Cursor:
    for field, value in fields.items():
        setattr(place, field, value)
    place.save(update_fields=list(fields))
    return place
