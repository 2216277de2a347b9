"""How far a community has moved between two fits: its centre, and the mix of skills its people have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from segue.engine.drift import Verdict, stability_index, verdict_of

LEADING = 12  # skills that are compared one by one; the rest is one more


@dataclass(frozen=True)
class Moved:
    """`turned`: 1 − cosine of the two mixes; `index`: population stability of the skills held."""

    turned: float
    index: float | None
    verdict: Verdict


def moved(before: Mapping[str, int], now: Mapping[str, int]) -> Moved:
    """Compare how many of a community's people had each skill then and have it now.

    >>> moved({"sql": 400, "go": 400}, {"sql": 400, "go": 400})
    Moved(turned=0.0, index=0.0, verdict=<Verdict.STEADY: 'steady'>)
    """
    slugs = sorted(before.keys() | now.keys(), key=lambda slug: (-before.get(slug, 0), slug))
    if not sum(before.values()) or not sum(now.values()):
        return Moved(0.0, None, Verdict.UNKNOWN)
    p, q = (np.array([side.get(slug, 0) for slug in slugs], dtype=np.float64) for side in (before, now))
    turned = max(0.0, 1.0 - float(p @ q / (np.linalg.norm(p) * np.linalg.norm(q))))
    head = [[side.get(slug, 0) for slug in slugs[:LEADING]] for side in (before, now)]
    rest = [sum(side.values()) - sum(counts) for side, counts in zip((before, now), head, strict=True)]
    bins = [[*counts, left] for counts, left in zip(head, rest, strict=True)] if any(rest) else head
    index, noise = stability_index(*bins)
    return Moved(round(turned, 4), round(index, 4), verdict_of(index, noise))
