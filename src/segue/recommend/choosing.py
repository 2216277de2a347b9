"""Which card and which of its true reasons: the learned policy's say within a shelf, ready to be checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segue.engine.card_policy import CardBelief
from segue.engine.explain import LEAST_SHARE
from segue.engine.place import RemoteMode
from segue.engine.policy import Context, band_of, pick
from segue.kit.ids import number_of
from segue.recommend.models import Shelf
from segue.recommend.policy import ALPHABET, MARKS, NEW_DAYS, MixPolicy
from segue.recommend.ranking import TOGETHER, Ranking

Reason = tuple[str, Mapping[str, Any]]
# What a factor is told as; "place" is "remote" for work from anywhere, "behaviour" may name a job.
_TOLD_AS = {"freshness": "fresh", "behaviour": "taste", TOGETHER: "because_saved"}
_OF_A_SHELF = {Shelf.BECAUSE: "because_saved", Shelf.STRETCH: "stretch", Shelf.RECRUITERS: "curated"}
_BAND_BITS, _MARK_BITS = 2, len(MARKS)
_REASON_BITS = len(ALPHABET.reasons)


@dataclass(frozen=True, slots=True)
class Told:
    """The reason a card shows, with its exact chance among those that are true of it."""

    code: str
    args: Mapping[str, Any]
    chance: float = 1.0
    among: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Chooser:
    """One policy in one context, for one person's jobs."""

    policy: MixPolicy
    context: Context
    ranking: Ranking

    @cached_property
    def belief(self) -> CardBelief:
        return belief_of(self.policy, self.context)

    def arms(self, rows: NDArray[np.intp], shelf: Shelf) -> NDArray[np.uint32]:
        """What the policy sees of cards, uint32[p]: bits for band, marks and true reasons, small to keep."""
        packed = np.zeros(len(rows), dtype=np.uint32)
        packed |= np.array([band_of(score) for score in self.ranking.scores[rows]], dtype=np.uint32)
        for place, mark in enumerate(marks_of(self.ranking, rows).T):
            packed |= mark.astype(np.uint32) << np.uint32(_BAND_BITS + place)
        for place, held in enumerate(self._true(rows, shelf).T):
            packed |= held.astype(np.uint32) << np.uint32(_BAND_BITS + _MARK_BITS + place)
        return packed

    def reason(self, reasons: Sequence[Reason], seed: str) -> Told:
        """Choose one of a card's true reasons."""
        codes = tuple(code for code, _ in reasons)
        place, chance = chosen_reason(self.belief, self.policy, codes, seed)
        return Told(*reasons[place], chance, codes)

    def _true(self, rows: NDArray[np.intp], shelf: Shelf) -> NDArray[np.bool_]:
        """Which reasons hold of each card, bool[p, R]: factors that weigh enough, and the shelf's own."""
        parts = np.maximum(self.ranking.features[rows] * self.ranking.weights, 0.0)
        enough = (parts > 0) & (parts >= LEAST_SHARE * parts.sum(axis=1, keepdims=True))
        remote = self.ranking.catalogue.columns.remote[rows] == RemoteMode.REMOTE
        true = np.zeros((len(rows), len(ALPHABET.reasons)), dtype=np.bool_)
        for name, held in zip(self.ranking.names, enough.T, strict=True):
            if name != "title" or self.ranking.input.person.headline:
                true[:, _PLACE_OF[_TOLD_AS.get(name, name)]] |= held
        true[:, _PLACE_OF["remote"]] = true[:, _PLACE_OF["place"]] & remote
        true[:, _PLACE_OF["place"]] &= ~remote
        if shelf in _OF_A_SHELF:
            true[:, _PLACE_OF[_OF_A_SHELF[shelf]]] = True
        return true


_PLACE_OF = {code: place for place, code in enumerate(ALPHABET.reasons)}


def marks_of(ranking: Ranking, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
    """What is plain of each job, bool[p, marks], in the order of MARKS."""
    columns = ranking.catalogue.columns
    return np.column_stack(
        [
            columns.posted_day[rows] >= ranking.today - NEW_DAYS,
            columns.remote[rows] == RemoteMode.REMOTE,
            np.isfinite(columns.pay_max_year[rows]) | np.isfinite(columns.pay_min_year[rows]),
        ]
    )


def belief_of(policy: MixPolicy, context: Context) -> CardBelief:
    """Read what a policy believes of cards in a context."""
    return CardBelief.of(policy.alphabet, policy.mean, policy.draws, context)


def votes_of(belief: CardBelief, worth: NDArray[np.float64], arms: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Count the votes for cards as `Chooser.arms` packed them: the same numbers, the same votes."""
    bands = (arms & np.uint32((1 << _BAND_BITS) - 1)).astype(np.intp)
    bits = np.arange(_MARK_BITS + _REASON_BITS, dtype=np.uint32) + np.uint32(_BAND_BITS)
    held = ((arms[:, None] >> bits[None, :]) & np.uint32(1)).astype(np.bool_)
    reasons = len(belief.reasons)
    marks = held[:, : len(belief.marks)]
    return belief.votes(worth, held[:, _MARK_BITS : _MARK_BITS + reasons], marks, bands)


def chosen_reason(
    belief: CardBelief, policy: MixPolicy, codes: Sequence[str], seed: str
) -> tuple[int, float]:
    """Choose among reasons by one of the policy's draws: which, and its exact chance, at least .01."""
    if len(codes) < 2:
        return 0, 1.0
    place_of = {code: place for place, code in enumerate(policy.alphabet.reasons)}
    none = np.zeros(belief.reasons.shape[1])
    values = np.array([belief.reasons[place_of[code]] if code in place_of else none for code in codes])
    number = number_of(f"{policy.hash}:{seed}:reason")
    return pick(values, np.random.default_rng(number))
