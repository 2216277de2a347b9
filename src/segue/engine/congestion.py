"""What a crowd takes away: of an opening many are after, of a person many are after.

An opening with five good applicants and one seat is worth less to the sixth, and a person near the top of
five lists may be gone before the sixth calls. Both are chances, so a worth is simply multiplied by them.
`seat_left` and `still_free` need nothing but counts and calibrated chances; `Crowded` is the last stage of
any list, over what `opening_room` says. None of them takes anybody off a list.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import pdtr

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

LEAST_ROOM = 0.05  # an opening that is still open is never worth nothing


def seat_left(expected: FloatArray, seats: IntArray | FloatArray) -> FloatArray:
    """Chance that fewer than `seats` of those ahead succeed, broadcast, in [.05, 1].

    `expected`: of successes among those ahead (the sum of their chances); `seats`: what is to be filled.
    Successes are counted as Poisson's: exact for many small chances (Le Cam 1960), a little low for few
    large ones. Raises ValueError below zero or for NaN.

    >>> seat_left(np.array([0.0, 1.0, 10.0]), np.array([1, 1, 1])).round(2).tolist()
    [1.0, 0.37, 0.05]
    """
    ahead, room = np.asarray(expected, dtype=np.float64), np.asarray(seats, dtype=np.float64)
    if not ((ahead >= 0).all() and (room >= 0).all()):
        raise ValueError("expected successes and seats are never below zero")
    left = np.where(room >= 1, pdtr(np.maximum(room - 1.0, 0.0), ahead), 0.0)
    return np.asarray(np.clip(left, LEAST_ROOM, 1.0))


def still_free(chance: FloatArray, elsewhere: IntArray) -> FloatArray:
    """Chance that somebody is not taken by one of `elsewhere` others, each as likely to as `chance`: (0, 1].

    Raises ValueError for a chance outside [0, 1) or a count below zero.

    >>> still_free(np.array([0.1, 0.1]), np.array([0, 2])).round(2).tolist()
    [1.0, 0.81]
    """
    if not ((chance >= 0).all() and (chance < 1).all() and (np.asarray(elsewhere) >= 0).all()):
        raise ValueError("chances lie in [0, 1), counts are never below zero")
    return np.asarray((1.0 - chance) ** elsewhere)


def opening_room(waiting: FloatArray, seats: IntArray, chance: float) -> FloatArray:
    """What is left of each opening for one more person: float64[J] in [.05, 1].

    `waiting`: float64[J], open applications; `seats`: int64[J]; `chance`: that one of them is hired.

    >>> opening_room(np.array([0.0, 40.0]), np.array([1, 1]), 0.05).round(2).tolist()
    [1.0, 0.14]
    """
    return seat_left(np.asarray(waiting, dtype=np.float64) * chance, seats)


@dataclass(frozen=True, eq=False)
class Crowded:
    """A list's last stage (`variety.LastStage`): every opening at what its crowd leaves, `room` float64[J].

    A score above zero is multiplied by what is left, one below zero stays: a crowd never lifts an opening,
    and openings as crowded as each other keep their order. It goes by how many an opening takes and how
    likely each of those waiting is to be one of them, not by the length of a queue alone. Raises ValueError
    where room lies outside [0, 1].

    >>> Crowded(np.array([0.5, 1.0, 0.5])).settle(np.array([0.8, 0.6, -0.1])).tolist()
    [0.4, 0.6, -0.1]
    """

    room: FloatArray

    def __post_init__(self) -> None:
        if not ((self.room >= 0).all() and (self.room <= 1).all()):
            raise ValueError("room lies in [0, 1]")

    def settle(self, scores: FloatArray) -> FloatArray:
        return np.where(scores > 0, scores * self.room, scores)
