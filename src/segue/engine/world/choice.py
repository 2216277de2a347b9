"""How the people of this world decide: by their own hidden utilities, never by a score of the product.

A person values a job by pay against what they would accept, distance against what they would travel,
remote mode, line of work, level, five traits of the workplace and a personal chemistry nobody can
observe. Adding standard Gumbel noise makes every choice a multinomial logit (McFadden 1974). The
hiring simulator reuses these functions.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import expit

from segue.engine.world.occupations_office import OCCUPATIONS
from segue.engine.world.places import distance_km

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Columns = TypeVar("Columns", "PeopleColumns", "JobColumns")

TRAITS = ("purpose", "growth", "stability", "flexibility", "team")
ATTRIBUTES = ("pay", "nearness", "remote", "craft", "level", *TRAITS)
MODES = ("onsite", "hybrid", "remote")
REMOTE_PREFERENCES = ("any", "hybrid", "remote")
_MODE_TASTE = np.array([[0.0, 0.1, 0.1], [-0.8, 0.4, 0.1], [-2.2, -0.8, 0.6]])
_TRAVEL_SHARE = np.array([1.0, 0.6, 0.0])
ABROAD = -4.5


@dataclass(frozen=True, slots=True, eq=False)
class PeopleColumns:
    """Hidden and visible facts about n people: `weights` is (n, 10) over ATTRIBUTES, `fit` (n, 6)."""

    occupation: Ints
    seniority: Ints
    country: Ints
    lat: Floats
    lon: Floats
    remote_preference: Ints
    willing_km: Floats
    reservation_usd: Floats
    weights: Floats
    fit: Floats


@dataclass(frozen=True, slots=True, eq=False)
class JobColumns:
    """Facts about m jobs: `traits` is (m, 5) over TRAITS, `fit` (m, 6), pay a yearly midpoint in USD."""

    occupation: Ints
    seniority: Ints
    country: Ints
    lat: Floats
    lon: Floats
    mode: Ints
    pay_usd: Floats
    traits: Floats
    fit: Floats


def take(columns: Columns, index: Ints) -> Columns:
    """The rows of `columns` at `index`."""
    return type(columns)(*(getattr(columns, field.name)[index] for field in fields(columns)))


def _occupation_nearness() -> Floats:
    table = np.eye(len(OCCUPATIONS))
    for a, left in enumerate(OCCUPATIONS):
        for b, right in enumerate(OCCUPATIONS[:a]):
            shared = len([skill for skill in left.skills if skill in right.skills])
            table[a, b] = table[b, a] = min(0.3 * (left.department == right.department) + 0.08 * shared, 0.8)
    return table


OCCUPATION_NEARNESS = _occupation_nearness()


def utility_matrix(people: PeopleColumns, jobs: JobColumns) -> Floats:
    """Hidden utility of every job to every person, without noise: float64 (n people, m jobs), in logits."""
    tall = PeopleColumns(*(getattr(people, field.name)[:, None] for field in fields(people)))
    traits = people.weights[:, -len(TRAITS) :] @ jobs.traits.T
    return _utility(tall, jobs, traits, people.fit @ jobs.fit.T)


def pair_utility(people: PeopleColumns, jobs: JobColumns) -> Floats:
    """Hidden utility of the k-th job to the k-th person, without noise: float64 of shape (k,), in logits."""
    traits = np.einsum("kt,kt->k", people.weights[:, -len(TRAITS) :], jobs.traits)
    return _utility(people, jobs, traits, np.einsum("kd,kd->k", people.fit, jobs.fit))


def _utility(people: PeopleColumns, jobs: JobColumns, traits: Floats, chemistry: Floats) -> Floats:
    pay_w, nearness_w, remote_w, craft_w, level_w = np.moveaxis(people.weights, -1, 0)[: -len(TRAITS)]
    km = distance_km(people.lat, people.lon, jobs.lat, jobs.lon)
    value = 3.0 * pay_w * np.clip(np.log(jobs.pay_usd / people.reservation_usd), -0.6, 0.6)
    value -= 1.2 * nearness_w * np.clip(km / people.willing_km, 0, 4) * _TRAVEL_SHARE[jobs.mode]
    value += remote_w * _MODE_TASTE[people.remote_preference, jobs.mode]
    value += 5.0 * craft_w * (OCCUPATION_NEARNESS[people.occupation, jobs.occupation] - 1)
    value -= 0.9 * level_w * np.abs(jobs.seniority - people.seniority - 0.25)
    value += 0.6 * traits + 0.35 * chemistry
    return np.asarray(value + np.where(people.country == jobs.country, 0.0, ABROAD))


def apply_probability(utility: Floats, outside: Floats | float = 0.0) -> Floats:
    """Chance that a person who sees a job applies, doing nothing being worth `outside`; shape as `utility`.

    >>> apply_probability(np.array([0.0, 2.0]), outside=2.0).round(2)
    array([0.12, 0.5 ])
    """
    return np.asarray(expit(utility - outside))


def choose_top(utility: Floats, limit: int, outside: Floats | float, rng: np.random.Generator) -> Ints:
    """Each row's best `limit` columns after Gumbel noise, best first; -1 where doing nothing is better.

    `utility` is float64 (n, m); returns int64 (n, min(limit, m)). Source: Gumbel-top-k (Kool et al. 2019).

    >>> choose_top(np.array([[9.0, -50.0, 50.0]]), 2, 0.0, np.random.default_rng(1))
    array([[2, 0]])
    """
    noisy = utility + rng.gumbel(size=utility.shape)
    nothing = outside + rng.gumbel(size=(len(utility), 1))
    best = np.argsort(-noisy, axis=1, kind="stable")[:, :limit]
    return np.where(np.take_along_axis(noisy, best, axis=1) > nothing, best, -1)


def shift_to_mean(logits: Floats, mean: float) -> float:
    """The constant that, added to `logits`, makes the average probability `mean`.

    Raises ValueError if `mean` is not between 0 and 1.

    >>> round(shift_to_mean(np.zeros(3), 0.5), 6)
    0.0
    """
    if not 0 < mean < 1:
        raise ValueError("mean must lie between 0 and 1")
    return (
        float(brentq(lambda shift: float(expit(logits + shift).mean()) - mean, -60, 60))
        if len(logits)
        else 0.0
    )


def accept_offer(surplus: Floats, shift: float, draw: Floats) -> Bools:
    """Whether each offer is taken: a logit on its surplus for the person.

    All arrays have shape (k,); `draw` is uniform in [0, 1).

    >>> accept_offer(np.array([-1.0, 1.0]), 0.0, np.array([0.5, 0.5]))
    array([False,  True])
    """
    return np.asarray(draw < expit(surplus + shift))
