"""What this room listens for: somebody whose behaviour is nobody's now."""

from __future__ import annotations

from typing import Any

from segue.kit.bus import hears
from segue.kit.queue import enqueue


@hears("signals.detached")
def signals_detached(signal: dict[str, Any]) -> None:
    if signal["person_id"]:
        person_id = str(signal["person_id"])
        name = "recommend.loosen_stances"
        enqueue(name, unique_key=f"{name}:{person_id}", person_id=person_id)
