"""People for one opening by what a match is worth to both sides, or silence about a side too little known.

Two scores of a pair are kept apart: the candidate's side transposed (how well this job suits the person among
the jobs on offer) and the job's own (how well the person suits what is asked). Each has its calibration, one
curve a family of jobs. Somebody who applied has said that they want it; of others it is a chance.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from math import fsum

import numpy as np
from numpy.typing import NDArray

from segue.engine.calibration import Calibration
from segue.engine.congestion import seat_left, still_free
from segue.engine.two_sided import WIDEST, Abstained, harmonic, pair_worth, unsure

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

LEAST_JOBS = 8  # on offer, before "better than the others" means anything
FEW_JOBS = "too few jobs on offer to compare with"
_CEILING = 0.999


@dataclass(frozen=True, eq=False)
class Sides:
    """What was learnt from outcomes: `want` of being shown a job and applying, `take` of applying and being
    taken further; `families` by name; `stays`, the chance that an applicant does not withdraw; `finishes`, of
    being hired once taken further."""

    want: Calibration
    take: Calibration
    families: tuple[str, ...]
    stays: float
    finishes: float

    def family(self, name: str) -> int:
        """Its row, -1 for one never met."""
        return self.families.index(name) if name in self.families else -1

    def to_bytes(self) -> bytes:
        """One line of JSON; the same curves give the same bytes, and floats come back to the bit."""
        plain = asdict(self) | {side: _plain(getattr(self, side)) for side in ("want", "take")}
        return json.dumps({"form": "sides-1", **plain}, sort_keys=True).encode()

    @classmethod
    def from_bytes(cls, blob: bytes) -> Sides:
        """Read what `to_bytes` wrote. Raises ValueError or KeyError for anything else."""
        told = json.loads(blob)
        if told["form"] != "sides-1":
            raise ValueError("these bytes are no calibration of both sides")
        return cls(
            want=_calibration(told["want"]),
            take=_calibration(told["take"]),
            families=tuple(told["families"]),
            stays=told["stays"],
            finishes=told["finishes"],
        )


@dataclass(frozen=True, eq=False)
class Field:
    """Who stands before an opening: for each of P people both scores (`want_score` NaN where it cannot be
    said), whether they `applied`, and on how many other lists they stand high; the opening's family and
    seats."""

    want_score: FloatArray
    take_score: FloatArray
    applied: BoolArray
    elsewhere: IntArray
    family: str
    seats: int

    def of_rows(self, rows: Sequence[int]) -> Field:
        """The same people in another order."""
        at = np.array(rows, dtype=np.intp)
        return replace(
            self,
            want_score=self.want_score[at],
            take_score=self.take_score[at],
            applied=self.applied[at],
            elsewhere=self.elsewhere[at],
        )


@dataclass(frozen=True, eq=False)
class Side:
    """One side's chance of each person, float64[P], with a 90 % interval; None of it where `silent` says
    that too little is known."""

    chance: FloatArray
    low: FloatArray
    high: FloatArray
    silent: Abstained | None = None

    def of_rows(self, at: NDArray[np.intp]) -> Side:
        return Side(self.chance[at], self.low[at], self.high[at], self.silent)


@dataclass(frozen=True, eq=False)
class Judged:
    """Both sides of everybody; `worth` float64[P], None where either side is silent; `mutual`, the harmonic
    mean of both chances; what of it is left, since others are after the person (`free`) and after the
    opening (`room`). Of applicants neither is taken away: they asked to be considered."""

    want: Side
    take: Side
    worth: FloatArray | None
    mutual: FloatArray
    free: FloatArray
    room: FloatArray

    def of_rows(self, rows: Sequence[int]) -> Judged:
        """The same people in another order."""
        at = np.array(rows, dtype=np.intp)
        worth = None if self.worth is None else self.worth[at]
        mutual, free, room = (one[at] for one in (self.mutual, self.free, self.room))
        return Judged(self.want.of_rows(at), self.take.of_rows(at), worth, mutual, free, room)


def judge(sides: Sides, field: Field, *, widest: float = WIDEST) -> Judged:
    """What is known of both sides of a field, and what each match would be worth.

    Raises ValueError for rows that differ in number or a take score that is not finite.

    >>> from segue.engine.calibration import fit_calibration
    >>> score = np.linspace(-2, 2, 400)
    >>> known = fit_calibration(score, score > 0, np.zeros(400, dtype=int), families=1)
    >>> sides = Sides(known, known, ("Care",), 0.9, 0.2)
    >>> two = np.array([1.0, -1.0])
    >>> told = judge(sides, Field(two, two, np.array([False, False]), np.array([0, 0]), "Care", 1))
    >>> told.worth is not None and bool(told.worth[0] > told.worth[1])
    True
    """
    n = len(field.take_score)
    if not n == len(field.want_score) == len(field.applied) == len(field.elsewhere):
        raise ValueError("scores, applications and lists differ in number")
    if not np.isfinite(field.take_score).all():
        raise ValueError("a score is not finite")
    row = sides.family(field.family)
    take = _side(sides.take, field.take_score, row, widest)
    want = _wanting(sides, field, row, widest)
    nothing = np.full(n, np.nan)
    if want.silent or take.silent:
        return Judged(want, take, None, nothing, nothing, nothing)
    match = want.chance * take.chance * sides.finishes
    free = np.where(field.applied, 1.0, still_free(match, field.elsewhere))
    hoped = (take.chance * sides.stays * sides.finishes)[field.applied]
    ahead = np.full(n, fsum(hoped))  # exact: the same whoever stands where, so that it can be replayed
    room = np.where(field.applied, 1.0, seat_left(ahead, np.full(n, field.seats)))
    worth = pair_worth(want.chance, take.chance) * free * room
    return Judged(want, take, worth, harmonic(want.chance, take.chance), free, room)


def _wanting(sides: Sides, field: Field, row: int, widest: float) -> Side:
    """Applicants have said so; of the others it must be told, and nobody is guessed at for want of jobs."""
    stays = np.full(len(field.applied), min(sides.stays, _CEILING))
    if field.applied.all():
        return Side(stays, stays, stays)
    others = field.want_score[~field.applied]
    if not np.isfinite(others).all():
        nothing = np.full(len(field.applied), np.nan)
        return Side(nothing, nothing, nothing, Abstained(0, LEAST_JOBS, 1.0, note=FEW_JOBS))
    told = _side(sides.want, np.where(field.applied, 0.0, field.want_score), row, widest, of=others)
    if told.silent:
        return told
    chance, low, high = (np.where(field.applied, stays, one) for one in (told.chance, told.low, told.high))
    return Side(chance, low, high)


def _side(
    curves: Calibration, score: FloatArray, row: int, widest: float, *, of: FloatArray | None = None
) -> Side:
    silent = unsure(curves, score if of is None else of, row, widest=widest)
    if silent is not None:
        nothing = np.full(len(score), np.nan)
        return Side(nothing, nothing, nothing, silent)
    low, high = curves.interval(score, row)
    chance = curves.chance(score, row)
    return Side(np.clip(chance, 1.0 - _CEILING, _CEILING), low, high)


def among_others(own: FloatArray, others: FloatArray) -> FloatArray:
    """How far a job stands above those on offer in each person's eyes, in their deviations: float64[P].

    `own`: float64[P], each person's score of the job; `others`: float64[P, N], of N jobs on offer. NaN where
    there are fewer than LEAST_JOBS; nought where all jobs are alike to somebody.

    >>> among_others(np.array([1.0]), np.tile([0.0, 1.0], (1, 4))).tolist()
    [1.0]
    """
    if others.shape[1] < LEAST_JOBS:
        return np.full(len(own), np.nan)
    spread = others.std(axis=1)
    alike = spread <= 1e-9
    return np.where(alike, 0.0, (own - others.mean(axis=1)) / np.where(alike, 1.0, spread))


def _plain(curves: Calibration) -> dict[str, object]:
    told = asdict(curves)
    return {name: one.tolist() if isinstance(one, np.ndarray) else one for name, one in told.items()}


def _calibration(told: dict[str, object]) -> Calibration:
    whole = {"labels", "positives"}
    parts = {
        name: np.array(one, dtype=np.int64 if name in whole else np.float64) if isinstance(one, list) else one
        for name, one in told.items()
    }
    return Calibration(**parts)  # type: ignore[arg-type]  # names as `_plain` wrote them
