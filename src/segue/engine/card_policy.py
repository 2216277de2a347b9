"""Which card, and which of its true reasons: a Thompson policy among cards that fit about equally well.

Fit comes first, for it is what a person can be told. Among the few cards that could lie at a place the
policy may tilt the scales: a card whose reason, marks and band are believed to serve better *in this context*
gains, by no more than BOUND, so that belief about cards in general never buries one that suits this person.
Each of the posterior's D draws tilts in its own way and so elects one card; the card is that of a draw picked
evenly, and its chance is a count of votes. The reason is chosen likewise, among those true of the card.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segue.engine.policy import BANDS, DEPTHS, DEVICES, HOURS, Alphabet, Context

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

GAIN = 0.1  # a card believed twice as good as its pool gains a tenth of a score
BOUND = 0.1  # …and none gains or loses more
_LEAST_USUAL = 1e-3


@dataclass(frozen=True, eq=False)
class CardBelief:
    """What D draws say of cards in one context: `reasons` float64[R, D], `marks` float64[M, D], `bands`
    float64[BANDS, D], and `usual`, the reward of an ordinary card."""

    reasons: FloatArray
    marks: FloatArray
    bands: FloatArray
    usual: float

    @classmethod
    def of(cls, alphabet: Alphabet, mean: FloatArray, draws: FloatArray, context: Context) -> CardBelief:
        """Read a posterior's mean float64[F] and draws float64[F, D] for one context.

        >>> told = Alphabet(("mix",), ("skills", "place"), ("new",), ("place",))
        >>> zero = np.zeros(len(told.names))
        >>> CardBelief.of(told, zero, np.zeros((len(zero), 3)), Context(9, 0)).reasons.shape
        (2, 3)
        """

        def said(names: list[str]) -> FloatArray:
            found = [alphabet.columns[name] for name in names if name in alphabet.columns]
            return np.asarray(draws[found].sum(axis=0))

        parts = [part for part in context.parts if part in {*HOURS, *DEVICES, *DEPTHS}]
        size, n_draws = len(alphabet.reasons), draws.shape[1]
        by_reason = [said([f"reason={r}", *(f"{r}~{part}" for part in parts)]) for r in alphabet.reasons]
        return cls(
            reasons=np.array(by_reason).reshape(size, n_draws),
            marks=np.array([said([f"mark={mark}"]) for mark in alphabet.marks]).reshape(-1, n_draws),
            bands=np.array([said([f"band={band}"]) for band in range(BANDS)]).reshape(BANDS, n_draws),
            usual=max(abs(float(mean[0])) if len(mean) else 0.0, _LEAST_USUAL),
        )

    def tilts(self, true: BoolArray, marks: BoolArray, bands: NDArray[np.intp]) -> FloatArray:
        """How each draw tilts p cards, float64[p, D] in [-BOUND, BOUND]: `true` bool[p, R] says which reasons
        hold, `marks` bool[p, M], `bands` intp[p]. A card is worth what its best true reason makes of it.

        >>> belief = CardBelief(np.array([[0.02], [0.0]]), np.zeros((0, 1)), np.zeros((4, 1)), 0.02)
        >>> no_marks = np.zeros((2, 0), dtype=bool)
        >>> belief.tilts(np.array([[True, True], [False, True]]), no_marks, np.zeros(2, dtype=int)).tolist()
        [[0.05], [-0.05]]
        """
        best = np.where(true[:, :, None], self.reasons[None], -np.inf).max(axis=1)
        worth = (
            np.where(np.isfinite(best), best, 0.0) + marks.astype(np.float64) @ self.marks + self.bands[bands]
        )
        lift = (worth - worth.mean(axis=0)) / self.usual
        return np.asarray(np.clip(GAIN * lift, -BOUND, BOUND))

    def votes(
        self, worth: FloatArray, true: BoolArray, marks: BoolArray, bands: NDArray[np.intp]
    ) -> NDArray[np.int64]:
        """For how many of D draws each of p cards is the one, int64[p]; `worth` float64[p]. Ties: the first.

        >>> belief = CardBelief(np.zeros((1, 8)), np.zeros((0, 8)), np.zeros((4, 8)), 0.02)
        >>> nothing = np.zeros((2, 0), dtype=bool)
        >>> true, band = np.ones((2, 1), dtype=bool), np.zeros(2, dtype=int)
        >>> belief.votes(np.array([0.5, 0.4]), true, nothing, band).tolist()
        [8, 0]
        """
        elected = (worth[:, None] + self.tilts(true, marks, bands)).argmax(axis=0)
        return np.bincount(elected, minlength=len(worth)).astype(np.int64)
