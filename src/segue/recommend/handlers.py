"""What this room listens for: somebody whose behaviour is nobody's now, and who changed their mind."""

from __future__ import annotations

from typing import Any

from segue.kit.bus import hears
from segue.kit.privacy import Traces, on_erasure
from segue.kit.queue import enqueue


@hears("signals.detached")
def signals_detached(signal: dict[str, Any]) -> None:
    if signal["person_id"]:
        person_id = str(signal["person_id"])
        name = "recommend.loosen_stances"
        enqueue(name, unique_key=f"{name}:{person_id}", person_id=person_id)


@hears("consent.changed")
def consent_changed(_signal: dict[str, Any]) -> None:
    enqueue("recommend.sift_mixes", unique_key="recommend.sift_mixes")


@on_erasure
def forget_mixes(_traces: Traces) -> dict[str, int]:
    """Whoever is erased goes from the files of mixes as soon as it is certain."""
    enqueue("recommend.sift_mixes", unique_key="recommend.sift_mixes")
    return {}
