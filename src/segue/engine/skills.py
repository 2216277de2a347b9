"""Skill coverage: which of a job's skills somebody has, with part credit for a near one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from segue.engine.vectors import unit_rows

FloatArray = NDArray[np.float64]
IndexArray = NDArray[np.intp]

NEAR_FLOOR = 0.6
# A near skill never counts as much as the skill itself.
NEAR_CREDIT = 0.7
_REQUIRED_SHARE = 0.8
_STRIP, _CELLS = 64, 1_000_000


@dataclass(frozen=True, eq=False)
class Demand:
    """What J jobs ask for: `skills` intp[W] columns anybody asks for, importances csr[J, W], and each kind's
    share of a job's coverage, float64[J].
    """

    skills: IndexArray
    required: sparse.csr_array
    nice: sparse.csr_array
    required_share: FloatArray
    nice_share: FloatArray
    required_total: FloatArray
    nice_total: FloatArray

    @classmethod
    def of(cls, required: sparse.csr_array, nice: sparse.csr_array) -> Demand:
        """Work out what `coverage` needs of csr[J, S] importances. Raises ValueError where S differs.

        >>> Demand.of(sparse.csr_array([[0.0, 1.0]]), sparse.csr_array((1, 2))).skills.tolist()
        [1]
        """
        if required.shape[1] != nice.shape[1]:
            raise ValueError(f"skills differ: {required.shape[1]}, {nice.shape[1]}")
        skills = np.union1d(required.indices, nice.indices).astype(np.intp)  # no other skill matters
        required, nice = required[:, skills], nice[:, skills]
        required_total, nice_total = _row_totals(required), _row_totals(nice)
        required_share = np.where(required_total > 0, _REQUIRED_SHARE, 0.0)
        nice_share = np.where(nice_total > 0, 1.0 - _REQUIRED_SHARE, 0.0)
        both = np.maximum(required_share + nice_share, 1e-12)
        return cls(
            skills=skills,
            required=required,
            nice=nice,
            required_share=required_share / both,
            nice_share=nice_share / both,
            required_total=required_total,
            nice_total=nice_total,
        )


@dataclass(frozen=True)
class SkillEvidence:
    """Why a coverage is what it is: skill columns, each array ascending.

    `matched` and `missing` split the job's skills; `near` lists (asked, held) pairs of part credit.
    """

    matched: IndexArray
    missing: IndexArray
    near: tuple[tuple[int, int], ...]


def near_skills(vectors: NDArray[np.float32], *, floor: float = NEAR_FLOOR) -> sparse.csr_array:
    """Credit in [0, 1] that holding skill i gives for skill j, csr float64[S, S]; 1 on the diagonal.

    `vectors`: float32[S, D], not centred. A cosine at `floor` earns nothing, a cosine of 1 earns .7.
    Raises ValueError unless 0 <= floor < 1.

    >>> near_skills(np.eye(2, dtype=np.float32)).toarray().tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    if not 0 <= floor < 1:
        raise ValueError("floor lies in [0, 1)")
    unit = unit_rows(vectors).astype(np.float64)
    credit = NEAR_CREDIT * np.clip((unit @ unit.T - floor) / (1.0 - floor), 0.0, 1.0)
    np.fill_diagonal(credit, 1.0)
    return sparse.csr_array(credit)


def held_credit(
    held: sparse.csr_array, near: sparse.csr_array | None = None, wanted: IndexArray | None = None
) -> FloatArray:
    """What each person's skills are worth for the wanted skills, float64[P, W] in [0, 1].

    `held`: csr[P, S] confidences; `near`: csr[S, S] from `near_skills`, or None for exact skills only;
    `wanted`: intp[W] skill columns, None for all S. The best single skill counts: ten near ones do not
    make the real one.

    >>> held_credit(sparse.csr_array([[1.0, 0.0]])).tolist()
    [[1.0, 0.0]]
    """
    columns = np.arange(held.shape[1]) if wanted is None else wanted
    credit: FloatArray = np.zeros((held.shape[0], len(columns)))
    owned = np.flatnonzero(np.bincount(held.indices, minlength=held.shape[1]))
    gives = (sparse.eye_array(held.shape[1], format="csr") if near is None else near)[owned]
    wide = max(_STRIP, _CELLS // (held.nnz + 1))  # in strips, so that memory stays small with many skills
    for low in range(0, len(columns), wide):
        strip = slice(low, low + wide)
        _raise(credit[:, strip], gives[:, columns[strip]], held, owned)
    return credit


def _raise(credit: FloatArray, gives: sparse.csr_array, held: sparse.csr_array, owned: IndexArray) -> None:
    """Raise credit[P, W] to what the owned skills give, csr[O, W]; most of them give nothing here.

    By hand from the sparse rows: a dense table of everybody's skills is mostly nothing, and slow to search.
    """
    giving = np.diff(gives.indptr) > 0
    row_of = np.full(held.shape[1], -1)
    row_of[owned[giving]] = np.arange(np.count_nonzero(giving))
    at = np.flatnonzero(row_of[held.indices] >= 0)
    if not len(at):
        return
    people = np.searchsorted(held.indptr, at, side="right") - 1
    confidence = np.clip(held.data[at].astype(np.float64), 0.0, 1.0)[:, None]
    first = np.flatnonzero(np.r_[True, people[1:] != people[:-1]])
    given = gives[giving].toarray()[row_of[held.indices[at]]]
    credit[people[first]] = np.maximum.reduceat(given * confidence, first, axis=0)


def coverage(
    held: sparse.csr_array,
    required: sparse.csr_array,
    nice: sparse.csr_array,
    near: sparse.csr_array | None = None,
) -> FloatArray:
    """Share of each job's skills that each person covers, float64[P, J] in [0, 1].

    `held`: csr[P, S]; `required`, `nice`: csr[J, S] importances; required skills make up 80 % where a
    job names both kinds. A job that names no skill, and a person without any, give 0.
    Adding a skill never lowers a score. Raises ValueError where the numbers of skills differ.

    >>> asked = sparse.csr_array([[1.0, 1.0, 0.0]])
    >>> coverage(sparse.csr_array([[1.0, 0.0, 0.0]]), asked, sparse.csr_array((1, 3))).tolist()
    [[0.5]]
    """
    if not held.shape[1] == required.shape[1] == nice.shape[1]:
        raise ValueError(f"skills differ: {held.shape[1]}, {required.shape[1]}, {nice.shape[1]}")
    return covered(held, Demand.of(required, nice), near)


def covered(held: sparse.csr_array, asked: Demand, near: sparse.csr_array | None = None) -> FloatArray:
    """`coverage` where the jobs' side is known already: scoring person after person, it is most of the work.

    >>> asked = Demand.of(sparse.csr_array([[1.0, 1.0]]), sparse.csr_array((1, 2)))
    >>> covered(sparse.csr_array([[1.0, 0.0]]), asked).tolist()
    [[0.5]]
    """
    credit = held_credit(held, near, asked.skills)
    share = asked.required_share * _covered(credit, asked.required, asked.required_total)
    share = share + asked.nice_share * _covered(credit, asked.nice, asked.nice_total)
    return np.asarray(np.clip(share, 0.0, 1.0))


def skill_evidence(
    held: sparse.csr_array, asked: sparse.csr_array, near: sparse.csr_array | None = None
) -> SkillEvidence:
    """Which of one job's skills (csr[1, S]) one person (csr[1, S]) has, lacks, or nearly has.

    >>> found = skill_evidence(sparse.csr_array([[1.0, 0.0]]), sparse.csr_array([[1.0, 1.0]]))
    >>> found.matched.tolist(), found.missing.tolist(), found.near
    ([0], [1], ())
    """
    has, wants = np.flatnonzero(held.toarray()[0]), np.flatnonzero(asked.toarray()[0])
    matched, missing = np.intersect1d(wants, has), np.setdiff1d(wants, has)
    pairs: list[tuple[int, int]] = []
    if near is not None and has.size and missing.size:
        credit = near[has].toarray()[:, missing]
        best = credit.argmax(axis=0)
        pairs = [(int(skill), int(has[best[i]])) for i, skill in enumerate(missing) if credit[best[i], i] > 0]
    return SkillEvidence(matched=matched, missing=missing, near=tuple(pairs))


def _row_totals(matrix: sparse.csr_array) -> FloatArray:
    return np.asarray(matrix.sum(axis=1), dtype=np.float64)


def _covered(credit: FloatArray, asked: sparse.csr_array, total: FloatArray) -> FloatArray:
    return np.asarray((asked @ credit.T).T / np.where(total > 0, total, 1.0), dtype=np.float64)
