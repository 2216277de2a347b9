"""In which order to lay the shelves: a contextual Thompson policy whose chances are exact.

An arm is a shelf with the reason and the score band of its cards. In a context an arm is a row x of named
indicators, its long-run reward is x · w, and w has a Gaussian posterior (`engine.patience` learns it).
Thompson sampling draws a w and acts as if it were true. Usually the chance of what was chosen must then be
guessed by simulation. Here the draws are made once for a posterior and kept with it, and each choice picks
one of them evenly: the policy is a finite mixture of known orders, and the chance of each is a count.

With chance ε the order of the posterior mean is laid instead, turned by an even number of places. Over all
turns each shelf comes to each place once, so ε = .01 · shelves gives every shelf at least .01 everywhere, and
no whole order that is ever laid has less than .01 either, since there are only 64 draws.
Sources: Thompson 1933; Agrawal and Goyal 2013 (linear); Lu and Van Roy 2017 (sampling from an ensemble).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

FloatArray = NDArray[np.float64]
IndexArray = NDArray[np.intp]

FLOOR = 0.01
DRAWS = 64
HOURS = ("night", "morning", "afternoon", "evening")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DEVICES = ("unknown", "phone", "computer")
DEPTHS = ("fresh", "warm", "deep")
BANDS = 4
PLACES = 8
RANKS = ("first", "early", "late")
# How far indicators may move a reward, as a share of the variance between arms: a shelf more than what the
# hour does to it, so that an hour needs several people before it is believed.
_MAIN, _SIDE, _CROSSED = 1.0, 0.5, 0.15
_BAND_EDGES = np.array([0.15, 0.3, 0.45])


@dataclass(frozen=True, slots=True)
class Context:
    """When and on what somebody looks: `hour` 0–23 and `weekday` 0–6 (Monday first) where they are,
    `device` one of DEVICES, `depth` how many cards they answered in this sitting."""

    hour: int
    weekday: int
    device: str = "unknown"
    depth: int = 0

    def __post_init__(self) -> None:
        if not (0 <= self.hour < 24 and 0 <= self.weekday < 7 and self.depth >= 0):
            raise ValueError(f"no such hour, weekday or depth: {self.hour}, {self.weekday}, {self.depth}")
        if self.device not in DEVICES:
            raise ValueError(f"no such device: {self.device}")

    @property
    def parts(self) -> tuple[str, str, str, str]:
        """The buckets the policy sees.

        >>> Context(hour=19, weekday=0, device="phone", depth=2).parts
        ('evening', 'mon', 'phone', 'warm')
        """
        depth = DEPTHS[0 if self.depth == 0 else 1 if self.depth < 3 else 2]
        return HOURS[self.hour // 6], WEEKDAYS[self.weekday], self.device, depth


@dataclass(frozen=True, slots=True)
class Arm:
    """A card as the policy sees it; `band` 0–3 from `band_of`, `marks` what is plain of its job."""

    shelf: str
    reason: str = ""
    band: int = 0
    marks: tuple[str, ...] = ()


def band_of(score: float) -> int:
    """The band of an item's score: below .15, .3, .45 and above. Raises ValueError for NaN.

    >>> [band_of(score) for score in (-1.0, 0.2, 0.9)]
    [0, 1, 3]
    """
    if np.isnan(score):
        raise ValueError("a score is a number")
    return int(np.searchsorted(_BAND_EDGES, score, side="right"))


@dataclass(frozen=True)
class Alphabet:
    """The named indicators of arms in contexts; what it does not know sets no indicator.

    `crossed` names the reasons that may mean more at some hours, on some devices, deeper in a sitting.

    >>> Alphabet(("mix", "new"), ("skills",)).names[:4]
    ('all', 'shelf=mix', 'shelf=new', 'reason=skills')
    """

    shelves: tuple[str, ...]
    reasons: tuple[str, ...]
    marks: tuple[str, ...] = ()
    crossed: tuple[str, ...] = ()

    @cached_property
    def spreads(self) -> dict[str, float]:
        """Prior variance of each indicator, relative to that between arms."""
        parts = [*HOURS, *WEEKDAYS, *DEVICES, *DEPTHS]
        found = {"all": _MAIN} | {f"shelf={shelf}": _MAIN for shelf in self.shelves}
        found |= {f"reason={reason}": _SIDE for reason in self.reasons}
        found |= {f"band={band}": _SIDE for band in range(BANDS)}
        found |= {f"place={place}": _SIDE for place in range(PLACES)} | {f"rank={r}": _SIDE for r in RANKS}
        found |= {f"at={part}": _SIDE for part in parts}
        found |= {f"{shelf}@{part}": _CROSSED for shelf in self.shelves for part in parts}
        found |= {f"mark={mark}": _SIDE for mark in self.marks}
        parts = [*HOURS, *DEVICES, *DEPTHS]  # a weekday is too thin a slice for a reason
        return found | {f"{reason}~{part}": _CROSSED for reason in self.crossed for part in parts}

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(self.spreads)

    @cached_property
    def columns(self) -> dict[str, int]:
        """The place of each name."""
        return {name: i for i, name in enumerate(self.names)}

    def rows(
        self,
        arms: Sequence[Arm],
        contexts: Sequence[Context | None],
        places: Sequence[int] | None = None,
        ranks: Sequence[int] | None = None,
    ) -> sparse.csr_array:
        """csr float64[n, F] of indicators. `places` is the shelf's place on the page and `ranks` the card's
        on the shelf, both from 0: what stands higher is seen more, which is to its place's credit. A context
        of None is not known. Raises ValueError for lengths that differ.

        >>> float(Alphabet(("mix",), ()).rows([Arm("mix")], [None]).sum())
        3.0
        """
        if len(arms) != len(contexts) or any(x is not None and len(x) != len(arms) for x in (places, ranks)):
            raise ValueError("arms, contexts, places and ranks differ in length")
        columns: list[int] = []
        ends = [0]
        for i, (arm, context) in enumerate(zip(arms, contexts, strict=True)):
            spots = [] if places is None else [f"place={min(places[i], PLACES - 1)}"]
            spots += (
                [] if ranks is None else [f"rank={RANKS[0 if not ranks[i] else 1 if ranks[i] < 4 else 2]}"]
            )
            known = (self.columns.get(name) for name in (*_names(arm, context), *spots))
            columns += [column for column in known if column is not None]
            ends.append(len(columns))
        return sparse.csr_array(
            (np.ones(len(columns)), np.array(columns, dtype=np.int32), np.array(ends, dtype=np.int32)),
            shape=(len(arms), len(self.names)),
        )


def _names(arm: Arm, context: Context | None) -> list[str]:
    names = ["all", f"shelf={arm.shelf}", f"reason={arm.reason}", f"band={arm.band}"]
    names += [f"mark={mark}" for mark in arm.marks]
    for part in context.parts if context else ():
        names += [f"at={part}", f"{arm.shelf}@{part}", f"{arm.reason}~{part}"]
    return names


@dataclass(frozen=True, eq=False)
class Posterior:
    """What is believed of the weights: `mean` float64[F], `cov` float64[F, F], in the alphabet's order."""

    mean: FloatArray
    cov: FloatArray

    def __post_init__(self) -> None:
        if self.cov.shape != (len(self.mean), len(self.mean)):
            raise ValueError("mean and covariance differ in size")
        if not (np.isfinite(self.mean).all() and np.isfinite(self.cov).all()):
            raise ValueError("a posterior is finite")

    def draws(self, seed: int, n: int = DRAWS) -> FloatArray:
        """float64[F, n], n draws of the weights; the same for the same seed.

        >>> Posterior(np.zeros(2), np.eye(2)).draws(1, n=3).shape
        (2, 3)
        """
        values, vectors = np.linalg.eigh(self.cov)
        # the sign of an eigenvector is the library's whim; held, so that another build draws the same
        vectors = vectors * np.where(
            vectors[np.abs(vectors).argmax(axis=0), np.arange(len(values))] < 0, -1, 1
        )
        noise = np.random.default_rng(seed).standard_normal((len(values), n))
        return np.asarray(self.mean[:, None] + vectors @ (np.sqrt(np.maximum(values, 0.0))[:, None] * noise))


@dataclass(frozen=True, eq=False)
class Laid:
    """An order that was chosen, ready to be logged.

    `order` intp[A], arms from the top; `chance` of this whole order; `places` float64[A, A], the chance of
    each arm (row) at each place (column); `turned` where chance and not belief chose.
    """

    order: IndexArray
    chance: float
    places: FloatArray
    turned: bool

    @property
    def propensities(self) -> FloatArray:
        """float64[A]: the chance of each laid arm at the place it came to, from the top."""
        return np.asarray(self.places[self.order, np.arange(len(self.order))])


def lay(values: FloatArray, rng: np.random.Generator, floor: float = FLOOR) -> Laid:
    """Order A arms by one of D draws of their worth, `values` float64[A, D]; ties keep the order given.

    The chances are those with which we choose, to the last digit: nothing is estimated.
    Raises ValueError for NaN, no draws, or more arms than the floor leaves room for.

    >>> told = lay(np.array([[1.0, 1.0], [0.0, 2.0]]), np.random.default_rng(1))
    >>> told.places.round(3).tolist()
    [[0.5, 0.5], [0.5, 0.5]]
    """
    epsilon = _epsilon(values, floor)
    arms, n_draws = values.shape
    orders = np.argsort(-values, axis=0, kind="stable").T  # [D, A]
    turns = _turns(np.argsort(-values.mean(axis=1), kind="stable"))
    coin, which, turn = rng.random(), rng.integers(n_draws), rng.integers(max(1, arms))
    turned = bool(coin < epsilon)
    order = turns[turn] if turned else orders[which]
    share = (orders[:, None, :] == np.arange(arms)[None, :, None]).mean(axis=0)  # [A, A]
    by_belief, by_turn = (float((rows == order).all(axis=1).mean()) for rows in (orders, turns))
    return Laid(
        order=order,
        chance=(1.0 - epsilon) * by_belief + epsilon * by_turn,
        places=(1.0 - epsilon) * share + epsilon / max(1, arms),
        turned=turned,
    )


def pick(values: FloatArray, rng: np.random.Generator, floor: float = FLOOR) -> tuple[int, float]:
    """Choose one of A arms by one of D draws, `values` float64[A, D]: its row and its exact chance.

    Raises ValueError as `lay` does, and for no arms.

    >>> pick(np.array([[1.0, 1.0], [0.0, 0.0]]), np.random.default_rng(1))
    (0, 0.99)
    """
    epsilon = _epsilon(values, floor)
    arms, n_draws = values.shape
    if not arms:
        raise ValueError("nothing to choose from")
    best = values.argmax(axis=0)
    coin, which, any_arm = rng.random(), rng.integers(n_draws), rng.integers(arms)
    chosen = int(any_arm if coin < epsilon else best[which])
    return chosen, float((1.0 - epsilon) * (best == chosen).mean() + epsilon / arms)


def pick_each(
    values: FloatArray, rng: np.random.Generator, floor: float = FLOOR
) -> tuple[IndexArray, FloatArray]:
    """`pick` for P people at once: `values` float64[P, A, D], -inf for an arm somebody does not have.

    Returns the arm of each, intp[P], and its exact chance, float64[P]; of nothing, the first with chance 1.
    Raises ValueError for NaN, no draws, or more arms than the floor leaves room for.

    >>> pick_each(np.array([[[1.0, 1.0], [0.0, 0.0]], [[1.0, 1.0], [-np.inf, -np.inf]]]),
    ...     np.random.default_rng(1))[1].tolist()
    [0.99, 1.0]
    """
    people, arms, n_draws = values.shape
    if not n_draws or np.isnan(values).any() or not 0.0 <= floor * arms < 1.0:
        raise ValueError("values are numbers, with one draw at least, and leave room for the floor")
    there = np.isfinite(values).all(axis=2)
    has = there.sum(axis=1)
    epsilon = np.where(has > 1, floor * has, 0.0)
    best = values.argmax(axis=1)  # [P, D]
    coin, spot = rng.random(people), rng.random(people)
    any_arm = np.argsort(~there, axis=1, kind="stable")[
        np.arange(people), np.minimum((spot * has).astype(np.intp), np.maximum(has - 1, 0))
    ]
    drawn = best[np.arange(people), rng.integers(n_draws, size=people)]
    chosen = np.where(coin < epsilon, any_arm, drawn)
    believed = (best == chosen[:, None]).mean(axis=1)
    return chosen, (1.0 - epsilon) * believed + np.where(has > 1, floor, 0.0)


def _epsilon(values: FloatArray, floor: float) -> float:
    if values.ndim != 2 or not values.shape[1]:
        raise ValueError("values are arms × draws, with one draw at least")
    if not np.isfinite(values).all():
        raise ValueError("values are finite")
    if not 0.0 <= floor * len(values) < 1.0:
        raise ValueError(f"{len(values)} arms leave no room for a floor of {floor}")
    return floor * len(values) if len(values) > 1 else 0.0


def _turns(order: IndexArray) -> IndexArray:
    """Every rotation of an order, intp[A, A] (one empty row where there are no arms)."""
    return np.stack([np.roll(order, -turn) for turn in range(max(1, len(order)))])
