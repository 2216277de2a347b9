"""What people know as points: skill sets as unit rows, and the few axes along which they differ most."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

from segue.engine.blas import single_blas_thread

AXES = 20
MOST_SKILLS = 1_000  # the most held; those beyond are too rare to bring anybody together
LEAST_HOLDERS = 3
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SkillSets:
    """n people × s skills, both in the order of their names, so that the order they came in is forgotten.

    `held`: csr float64[n, s], 1 where somebody has a skill.
    """

    ids: tuple[str, ...]
    slugs: tuple[str, ...]
    held: sparse.csr_array

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def of(cls, known: Mapping[str, Collection[str]], slugs: Collection[str] | None = None) -> SkillSets:
        """Take people's skills by their ids; people without any of the `slugs` (default: all named) stay out.

        >>> sets = SkillSets.of({"b": ["sql"], "a": ["sql", "go"], "c": []})
        >>> sets.ids, sets.slugs, sets.held.toarray().tolist()
        (('a', 'b'), ('go', 'sql'), [[1.0, 1.0], [0.0, 1.0]])
        """
        columns = tuple(
            sorted({one for held in known.values() for one in held} if slugs is None else set(slugs))
        )
        place = {slug: column for column, slug in enumerate(columns)}
        ids: list[str] = []
        indices: list[int] = []
        ends = [0]
        for person in sorted(known):
            row = sorted({place[slug] for slug in known[person] if slug in place})
            if row:
                ids.append(person)
                indices.extend(row)
                ends.append(len(indices))
        parts = (np.ones(len(indices)), np.array(indices, dtype=np.int64), np.array(ends, dtype=np.int64))
        return cls(tuple(ids), columns, sparse.csr_array(parts, shape=(len(ids), len(columns))))

    def rows(self, places: NDArray[np.int64]) -> SkillSets:
        """Return some of the people, in ascending order of the places given."""
        kept = np.sort(places)
        return SkillSets(tuple(self.ids[place] for place in kept.tolist()), self.slugs, self.held[kept])

    def sample(self, at_most: int) -> SkillSets:
        """Return at most so many people, chosen by their ids alone: tomorrow's sample is nearly today's."""
        if len(self) <= at_most:
            return self
        marks = [hashlib.blake2b(one.encode(), digest_size=8).digest() for one in self.ids]
        return self.rows(np.argsort(np.array(marks, dtype="S8"), kind="stable")[:at_most].astype(np.int64))

    def shared(self) -> SkillSets:
        """Return people by the skills that several of them have, the most held ones; others drop out."""
        holders = np.asarray(self.held.sum(axis=0)).ravel()
        common = np.flatnonzero(holders >= LEAST_HOLDERS)
        kept = np.sort(common[np.argsort(-holders[common], kind="stable")[:MOST_SKILLS]])
        held = self.held[:, kept]
        places = np.flatnonzero(np.diff(held.indptr) > 0)
        slugs = tuple(self.slugs[column] for column in kept.tolist())
        return SkillSets(tuple(self.ids[place] for place in places.tolist()), slugs, held[places])


def unit_rows_of(held: sparse.csr_array) -> sparse.csr_array:
    """Scale each row of 0 and 1 to length 1: who lists forty skills counts no more than who lists four."""
    counts = np.maximum(np.diff(held.indptr), 1)
    rows = held.copy()
    rows.data = np.repeat(1.0 / np.sqrt(counts), np.diff(held.indptr))
    return rows


@dataclass(frozen=True, eq=False)
class Space:
    """The axes along which people differ most: `mean` float64[s], `axes` float64[s, d]."""

    mean: Floats
    axes: Floats

    def points(self, rows: sparse.csr_array) -> Floats:
        """Return float64[n, d] for unit rows; nothing of size n × s is ever made."""
        with single_blas_thread():  # so that the same people are the same bits on any machine's cores
            return np.asarray(rows @ self.axes) - self.mean @ self.axes


def main_axes(rows: sparse.csr_array, at_most: int = AXES) -> Space:
    """Find the principal axes of unit rows (n, s), n >= 2, by the s × s covariance.

    An axis' sign is arbitrary: here its largest part is positive. Source: Hotelling 1933.
    """
    n, s = rows.shape
    mean = np.asarray(rows.sum(axis=0)).ravel() / n
    with single_blas_thread():
        spread = np.asarray((rows.T @ rows).todense()) / n - np.outer(mean, mean)
        d = min(at_most, s)
        _, axes = linalg.eigh(spread, subset_by_index=(s - d, s - 1))
    axes = axes[:, ::-1]
    largest = np.abs(axes).argmax(axis=0)
    return Space(mean, np.ascontiguousarray(axes * np.where(axes[largest, np.arange(d)] < 0, -1.0, 1.0)))
