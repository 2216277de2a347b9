"""Explanations that add up: the parts listed are the parts that made the score."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segue.engine.content import FEATURES

_TOLD_AT_MOST = 3
# Below this share of the positive sum, a factor is no reason of its own: it is a remainder.
LEAST_SHARE = 0.1


@dataclass(frozen=True)
class Factor:
    """One feature's part in a score: contribution = value × weight."""

    name: str
    value: float
    weight: float
    contribution: float


@dataclass(frozen=True)
class Evidence:
    """Facts a reason may name. What is not known stays empty, and is then never given as a reason."""

    title: str = ""
    matched_skills: tuple[str, ...] = ()
    distance_km: float | None = None
    remote: bool = False
    age_days: float | None = None
    because_job: Any = None
    because_kind: str = ""
    together_job: Any = None  # what they went for that most speaks for this one, by what others went for
    together_kind: str = ""
    shared_words: tuple[str, ...] = ()
    explored: bool = False


@dataclass(frozen=True)
class Explanation:
    """A score, its factors (largest absolute part first), and one reason as a code with arguments.

    The factors' contributions sum to `score`. Wording and translation are the caller's.
    """

    score: float
    factors: tuple[Factor, ...]
    reason_code: str
    reason_args: Mapping[str, Any] = field(default_factory=dict)
    reasons: tuple[tuple[str, Mapping[str, Any]], ...] = ()  # all that are true, the most telling first


def explain(
    feature_row: NDArray[np.float64],
    weights: NDArray[np.float64],
    evidence: Evidence | None = None,
    *,
    features: Sequence[str] = FEATURES,
) -> Explanation:
    """Explain one pair: `feature_row` and `weights` are float64[F] in the order of `features`.

    The score is the exactly rounded sum (math.fsum) of the listed contributions, nothing is left over.
    The reason is the most telling positive contribution (`_TELLING`) for which there is evidence;
    "explore" where chance chose the job, "general" where nothing positive can be named.
    Raises ValueError where lengths differ.

    >>> told = explain(np.array([0.5, -0.2]), np.array([0.4, 0.1]), Evidence(title="Nurse"),
    ...     features=("title", "place"))
    >>> round(told.score, 12), told.reason_code, dict(told.reason_args)
    (0.18, 'title', {'title': 'Nurse'})
    """
    if not len(feature_row) == len(weights) == len(features):
        raise ValueError(f"{len(features)} features, {len(feature_row)} values, {len(weights)} weights")
    factors = [
        Factor(name, float(value), float(weight), float(value) * float(weight))
        for name, value, weight in zip(features, feature_row, weights, strict=True)
    ]
    factors.sort(key=lambda factor: -abs(factor.contribution))
    reasons = _reasons(factors, evidence or Evidence())
    code, args = reasons[0]
    return Explanation(
        score=math.fsum(factor.contribution for factor in factors),
        factors=tuple(factors),
        reason_code=code,
        reason_args=args,
        reasons=tuple(reasons),
    )


def _reasons(factors: Sequence[Factor], evidence: Evidence) -> list[tuple[str, Mapping[str, Any]]]:
    """All reasons that are true and weigh enough to be one, the most telling first; at least one."""
    if evidence.explored:
        return [("explore", {})]
    telling = sorted(factors, key=lambda factor: -factor.contribution * _TELLING.get(factor.name, 1.0))
    least = LEAST_SHARE * sum(max(0.0, factor.contribution) for factor in factors)
    found: list[tuple[str, Mapping[str, Any]]] = []
    for factor in telling:
        enough = factor.contribution > 0 and (not found or factor.contribution >= least)
        told = _TELLERS[factor.name](evidence) if enough else None
        if told and told[0] not in {code for code, _ in found}:  # two factors may say the same
            found.append(told)
    return found or [("general", {})]


def _tell_title(evidence: Evidence) -> tuple[str, dict[str, Any]] | None:
    return ("title", {"title": evidence.title}) if evidence.title else None


def _tell_skills(evidence: Evidence) -> tuple[str, dict[str, Any]] | None:
    matched = list(evidence.matched_skills[:_TOLD_AT_MOST])
    return ("skills", {"matched": matched, "count": len(evidence.matched_skills)}) if matched else None


def _tell_place(evidence: Evidence) -> tuple[str, dict[str, Any]] | None:
    if evidence.remote:
        return "remote", {}
    return None if evidence.distance_km is None else ("place", {"distance_km": evidence.distance_km})


def _tell_behaviour(evidence: Evidence) -> tuple[str, dict[str, Any]] | None:
    if evidence.because_job is None:
        return "taste", {}
    return "because_saved", {"job_id": evidence.because_job, "kind": evidence.because_kind}


def _tell_together(evidence: Evidence) -> tuple[str, dict[str, Any]] | None:
    if evidence.together_job is None:
        return "taste", {}
    return "because_saved", {"job_id": evidence.together_job, "kind": evidence.together_kind}


def _tell_words(evidence: Evidence) -> tuple[str, dict[str, Any]] | None:
    words = list(evidence.shared_words[:_TOLD_AT_MOST])
    return ("words", {"words": words}) if words else None


def _tell_fresh(evidence: Evidence) -> tuple[str, dict[str, Any]] | None:
    return None if evidence.age_days is None else ("fresh", {"age_days": evidence.age_days})


# A near place or a new date is true of many jobs; what ties this one to this person says more.
_TELLING: Mapping[str, float] = {
    "skills": 2.0,
    "title": 1.5,
    "behaviour": 1.5,
    "together": 1.5,
    "place": 0.5,
    "freshness": 0.5,
}

# A feature without an entry of its own tells its bare name.
_TELLERS: Mapping[str, Callable[[Evidence], tuple[str, dict[str, Any]] | None]] = {
    "title": _tell_title,
    "skills": _tell_skills,
    "place": _tell_place,
    "behaviour": _tell_behaviour,
    "words": _tell_words,
    "freshness": _tell_fresh,
    "text": lambda _: ("text", {}),
    "pay": lambda _: ("pay", {}),
    "wish": lambda _: ("wish", {}),
    "together": _tell_together,
}
