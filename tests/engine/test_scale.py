"""Thresholds follow the model: what is rare with one is everyday with another."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from segue.engine.scale import FEWEST, MOST, NEAR_SHARE, Scale
from segue.engine.vectors import unit_rows

LABELS = [f"skill {word}" for word in range(400)]
OTHERS: list[tuple[str, ...]] = [()] * len(LABELS)


def scattered(texts: Sequence[str], dim: int = 64) -> NDArray[np.float32]:
    """A model that gives each text a direction of its own."""
    seeds = [zlib.crc32(text.encode()) for text in texts]
    return unit_rows(np.array([np.random.default_rng(seed).normal(size=dim) for seed in seeds]))


class Crowded:
    """A model whose vectors all lie in one corner, as those of some do: no cosine is small."""

    def __init__(self, together: float) -> None:
        self.together = together

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return unit_rows(scattered(texts) + np.float32(self.together))


def test_a_crowded_model_needs_more_to_be_near_and_as_few_pairs_are() -> None:
    shares = []
    for model in (Crowded(0.02), Crowded(0.2)):
        scale = Scale.measured(LABELS, OTHERS, model.embed)
        vectors = model.embed(LABELS)
        pairs = (vectors @ vectors.T)[np.triu_indices(len(LABELS), 1)]
        shares.append((scale.near, float((pairs >= scale.near).mean())))
    (loose, few), (crowded, as_few) = shares
    assert crowded > loose
    assert few == pytest.approx(NEAR_SHARE, abs=0.001)
    assert as_few == pytest.approx(NEAR_SHARE, abs=0.001)


def test_the_same_skills_give_the_same_scale_and_the_employers_own_count() -> None:
    assert Scale.measured(LABELS, OTHERS, scattered) == Scale.measured(LABELS, OTHERS, scattered)
    assert Scale.measured(LABELS, OTHERS, scattered) != Scale.measured([], [], scattered)


def test_few_skills_are_measured_with_lent_ones_and_of_many_only_some() -> None:
    asked: list[int] = []

    def embed(texts: Sequence[str]) -> NDArray[np.float32]:
        asked.append(len(texts))
        return scattered(texts)

    Scale.measured(["bees"], [("apiculture",)], embed)
    Scale.measured([f"s{n}" for n in range(MOST + 500)], [()] * (MOST + 500), embed)
    assert set(asked) == {FEWEST, MOST}


def test_a_model_that_tells_nothing_apart_gives_a_usable_scale() -> None:
    scale = Scale.measured(LABELS, OTHERS, lambda names: np.ones((len(names), 4), dtype=np.float32))
    assert 0 < scale.near < 1
    assert 0 < scale.strong < 1


def test_labels_without_their_other_names_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        Scale.measured(["bees"], [], scattered)
