"""What this room listens for: somebody who changed their mind."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from segue.kit import clock
from segue.kit.bus import hears
from segue.kit.queue import enqueue
from segue.listen.actions.forget import SETTLES_IN

SLOT_S = 10


@hears("consent.changed")
def consent_changed(signal: dict[str, Any]) -> None:
    """Detach now, and once more when batches that were under way have been written."""
    if not signal["person_id"]:
        return
    person_id, at = str(signal["person_id"]), clock.now()
    name = "listen.detach_person"
    enqueue(name, unique_key=f"{name}:{person_id}", person_id=person_id)
    again = f"{name}:{person_id}:{int(at.timestamp()) // SLOT_S}"
    enqueue(name, run_at=at + SETTLES_IN + timedelta(seconds=SLOT_S), unique_key=again, person_id=person_id)
