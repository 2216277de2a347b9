"""The fitted communities as an artefact: what places people, and which community each place is.

It is drawn from the skills of those who allow it, many together: it names skills and numbers, nobody.
"""

from __future__ import annotations

import hashlib
import io
import json
import uuid
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from segue.engine.communities.fitting import Fit, Stability, Tried
from segue.engine.communities.space import Space

COMMUNITIES = "communities"


@dataclass(frozen=True, eq=False)
class CommunityModel:
    """A fit whose communities are the segments `keys`, in its order; `hash` names its bytes."""

    fit: Fit
    keys: tuple[uuid.UUID, ...]
    hash: str = ""

    def to_bytes(self) -> bytes:
        """Return one canonical archive: equal models give equal bytes."""
        told = {
            "slugs": self.fit.slugs,
            "keys": [str(key) for key in self.keys],
            "people": self.fit.people,
            "tried": [asdict(one) for one in self.fit.tried],
        }
        buffer = io.BytesIO()
        np.savez(
            buffer,
            told=np.frombuffer(json.dumps(told, sort_keys=True).encode(), dtype=np.uint8),
            mean=self.fit.space.mean,
            axes=self.fit.space.axes,
            centres=self.fit.centres,
            reach=self.fit.reach,
            centroids=self.fit.centroids,
        )
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, blob: bytes) -> CommunityModel:
        """Read what `to_bytes` wrote."""
        with np.load(io.BytesIO(blob), allow_pickle=False) as archive:
            told: dict[str, Any] = json.loads(archive["told"].tobytes())
            fit = Fit(
                tuple(told["slugs"]),
                Space(archive["mean"], archive["axes"]),
                archive["centres"],
                archive["reach"],
                archive["centroids"],
                told["people"],
                tuple(_tried(one) for one in told["tried"]),
            )
        return cls(fit, tuple(uuid.UUID(key) for key in told["keys"]), hashlib.sha256(blob).hexdigest())


def _tried(told: dict[str, Any]) -> Tried:
    stability = Stability(**told["stability"]) if told["stability"] else None
    return Tried(told["k"], told["silhouette"], stability)
