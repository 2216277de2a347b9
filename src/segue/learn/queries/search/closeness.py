"""How near people are to what was asked: in meaning, where they let their profile be read, and in skills."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from segue.engine.skills import NEAR_CREDIT
from segue.learn.models import PersonFeatures
from segue.learn.packing import unpack_vectors
from segue.learn.queries.lexicon import active_hash, embedder, lexicon_named
from segue.trust.models import Purpose
from segue.trust.queries.consent import purposes_granted_to

FloatArray = NDArray[np.float64]


def closeness_of(words: str, person_ids: Sequence[uuid.UUID]) -> FloatArray:
    """float64[n] in [0, 1]: how near each profile is in meaning; 0 for whoever did not allow reading it.

    Consent is asked here and now, not only when the vectors were made.
    """
    out = np.zeros(len(person_ids))
    model = active_hash() if words else ""
    if not model:
        return out
    granted = purposes_granted_to(person_ids)
    willing = [pk for pk in person_ids if Purpose.PROFILE in granted.get(pk, frozenset())]
    rows = PersonFeatures.objects.filter(pk__in=willing, model_hash=model)
    read = list(rows.values_list("person_id", "vector", "title_vector"))
    asked = _meaning(embedder().model_hash, words)
    near = {
        pk: float(value)
        for (pk, *_), value in zip(
            read,
            0.5 * unpack_vectors([row[1] for row in read], len(asked)) @ asked
            + 0.5 * unpack_vectors([row[2] for row in read], len(asked)) @ asked,
            strict=True,
        )
    }
    return np.array([max(0.0, min(1.0, near.get(pk, 0.0))) for pk in person_ids])


@lru_cache(maxsize=512)
def _meaning(_model: str, words: str) -> NDArray[np.float32]:
    return np.asarray(embedder().embed([words], personal=True)[0])


def skill_credit(wanted: Sequence[str], held: Sequence[Sequence[str]]) -> FloatArray:
    """float64[n] in [0, 1]: the share of the wanted skills each holds; a near skill counts for less."""
    out = np.zeros(len(held))
    if not wanted:
        return out
    credit = _credit(active_hash(), tuple(wanted))
    for row, skills in enumerate(held):
        best = [max((credit[one].get(skill, 0.0) for skill in skills), default=0.0) for one in wanted]
        out[row] = sum(best) / len(wanted)
    return out


@lru_cache(maxsize=64)
def _credit(model: str, wanted: tuple[str, ...]) -> dict[str, dict[str, float]]:
    """What each skill counts for each wanted one: itself 1, a near one part of its nearness."""
    credit = {one: {one: 1.0} for one in wanted}
    lexicon = lexicon_named(model) if model else None
    for one in wanted:
        column = lexicon.skill_column.get(one) if lexicon else None
        if lexicon is None or column is None:
            continue
        near = lexicon.skill_vectors @ lexicon.skill_vectors[column]
        for other in np.flatnonzero(near >= lexicon.scale.near):
            credit[one].setdefault(lexicon.skill_slugs[other], NEAR_CREDIT * float(near[other]))
    return credit
