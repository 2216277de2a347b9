"""What a model's similarities mean on one vocabulary: thresholds as quantiles, since no two models agree.

A cosine of .6 is rare with one model and everyday with another. How rare is what can be carried over: two
skills are near when so few pairs of the vocabulary are nearer. The shares below are those that .6, .35 and
.6, chosen once for the default model, had among the starter vocabulary's pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segue.engine.lexicon_data import STARTER_SKILLS
from segue.engine.term_index import TermIndex, meanings
from segue.engine.vectors import centre, mean_vector, unit_rows

VectorArray = NDArray[np.float32]
Embed = Callable[[Sequence[str]], VectorArray]

NEAR_SHARE = 0.002  # of pairs of skills, those near enough for part credit
SAME_SHARE = 0.009  # of pairs of a term and a skill it does not mean, those worth showing side by side
STRONG_SHARE = 0.00067  # of centred pairs, those as good as equal
FEWEST, MOST = 300, 1_500  # skills that are measured on; what lacks is lent by the starter vocabulary
_LEAST, _GREATEST = 0.05, 0.95


@dataclass(frozen=True, slots=True)
class Scale:
    """Similarities in (0, 1): `near` of skills' cosines, `same` of `TermIndex` nearness, `strong` of centred
    cosines. The defaults are the default model's on the starter vocabulary.
    """

    near: float = 0.6
    same: float = 0.35
    strong: float = 0.6

    @classmethod
    def measured(cls, labels: Sequence[str], others: Sequence[Sequence[str]], embed: Embed) -> Scale:
        """Measure a model on skills by label and other names; the same skills give the same scale.

        Raises ValueError where labels and other names differ in number.

        >>> Scale.measured(["a"], [()], lambda names: np.eye(len(names), dtype=np.float32)).near
        0.05
        """
        names = _enough(list(zip(labels, others, strict=True)))
        labels, others = [label for label, _ in names], [more for _, more in names]
        vectors = unit_rows(embed(labels))
        middle = centre(vectors, mean_vector(vectors))
        index = TermIndex.of(labels, meanings(labels, others, embed), others=others)
        return cls(
            near=_rare(vectors @ vectors.T, NEAR_SHARE),
            same=_rare(index.nearness(labels, vectors), SAME_SHARE),
            strong=_rare(middle @ middle.T, STRONG_SHARE),
        )


def _enough(names: list[tuple[str, Sequence[str]]]) -> list[tuple[str, Sequence[str]]]:
    """Evenly some of too many; of too few, with those of the starter vocabulary that they do not hold."""
    known = {label.casefold() for label, _ in names}
    lent = [(one.label, tuple(one.labels[1:])) for one in STARTER_SKILLS if one.label.casefold() not in known]
    names = [*names, *lent[: max(0, FEWEST - len(names))]]
    return [names[at] for at in np.linspace(0, len(names) - 1, min(len(names), MOST)).astype(int)]


def _rare(likeness: VectorArray, share: float) -> float:
    """What this share of the pairs of two different things reaches."""
    pairs = likeness[~np.eye(len(likeness), dtype=np.bool_)]
    return round(float(np.clip(np.quantile(pairs, 1.0 - share), _LEAST, _GREATEST)), 3)
