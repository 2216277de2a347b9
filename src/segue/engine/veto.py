"""What must not be shown, as bits: hard limits stand apart from scores and each has a name.

A veto needs a known fact on both sides. Unknown pay is not pay below the floor.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import IntFlag

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from segue.engine.columns import JobColumns, PersonColumns
from segue.engine.place import RemoteMode, haversine_km

MaskArray = NDArray[np.uint16]
Pairs = NDArray[np.bool_] | sparse.csr_array | None
_TRAVEL = (RemoteMode.ON_SITE, RemoteMode.HYBRID)


class VetoReason(IntFlag):
    """Why a job is kept from a person; values are stable bits of a uint16."""

    CLOSED = 1
    EXPIRED = 2
    PAY_FLOOR = 4
    LICENCE = 8
    PERMIT = 16
    DISTANCE = 32
    HIDDEN = 64
    NOT_NOW = 128
    APPLIED = 256
    EXCLUDED = 512


def veto(
    people: PersonColumns,
    jobs: JobColumns,
    *,
    today: float,
    hidden: Pairs = None,
    not_now: Pairs = None,
    applied: Pairs = None,
    excluded: Pairs = None,
) -> MaskArray:
    """Every reason against every pair, uint16[P, J] of VetoReason bits; 0 means eligible.

    `today`: days since 1970-01-01; the four pair tables are bool or sparse [P, J], by the person's own
    word (hidden, not_now), their application, or a recruiter's exclusion. Raises ValueError on shapes.

    >>> jobs = JobColumns.blank(["open", "shut"])
    >>> jobs.is_open[1] = False
    >>> veto(PersonColumns.blank(["ada"]), jobs, today=20_000.0).tolist()
    [[0, 1]]
    """
    mask = lasting_vetoes(people, jobs)
    mask |= expired(jobs, today)
    for reason, pairs in (
        (VetoReason.HIDDEN, hidden),
        (VetoReason.NOT_NOW, not_now),
        (VetoReason.APPLIED, applied),
        (VetoReason.EXCLUDED, excluded),
    ):
        mask |= _bits(reason, _dense(pairs, mask.shape))
    return mask


def lasting_vetoes(people: PersonColumns, jobs: JobColumns) -> MaskArray:
    """The reasons that hold until a profile or a job changes, uint16[P, J]; dates and answers are not in it.

    >>> lasting_vetoes(PersonColumns.blank(["ada"]), JobColumns.blank(["a"])).tolist()
    [[0]]
    """
    mask = np.zeros((len(people), len(jobs)), dtype=np.uint16)
    mask |= _bits(VetoReason.CLOSED, ~jobs.is_open)
    mask |= _bits(VetoReason.PAY_FLOOR, _pays_less(people, jobs))
    mask |= _bits(VetoReason.LICENCE, _lacks_licence(people, jobs))
    mask |= _bits(VetoReason.PERMIT, _lacks_permit(people, jobs))
    mask |= _bits(VetoReason.DISTANCE, _too_far(people, jobs))
    return mask


def expired(jobs: JobColumns, today: float) -> MaskArray:
    """The EXPIRED bit of each job, uint16[J]: its last day to apply is over.

    >>> expired(JobColumns.blank(["a"]), 20_000.0).tolist()
    [0]
    """
    return _bits(VetoReason.EXPIRED, jobs.closes_day < today)


def reasons_of(mask: int) -> tuple[VetoReason, ...]:
    """The single reasons in one mask, in bit order.

    >>> [reason.name for reason in reasons_of(5)]
    ['CLOSED', 'PAY_FLOOR']
    """
    return tuple(reason for reason in VetoReason if int(mask) & reason)


def _bits(reason: VetoReason, where: NDArray[np.bool_]) -> MaskArray:
    return np.where(where, np.uint16(reason), np.uint16(0))


def _pays_less(people: PersonColumns, jobs: JobColumns) -> NDArray[np.bool_]:
    return jobs.pay_max_year[None, :] < people.pay_floor_year[:, None]


def _lacks_licence(people: PersonColumns, jobs: JobColumns) -> NDArray[np.bool_]:
    lacking = (~people.licences).astype(np.int32) @ jobs.licences.astype(np.int32).T > 0
    return lacking & people.licences_known[:, None]


def _lacks_permit(people: PersonColumns, jobs: JobColumns) -> NDArray[np.bool_]:
    countries = jobs.permit_countries
    lacks = np.zeros((len(people), len(countries.values)), dtype=np.bool_)
    for i, country in enumerate(countries.values):
        if country:
            lacks[:, i] = [permits is not None and country not in permits for permits in people.permits]
    return lacks[:, countries.codes]


def _too_far(people: PersonColumns, jobs: JobColumns) -> NDArray[np.bool_]:
    distance_km = haversine_km(people.lat[:, None], people.lon[:, None], jobs.lat, jobs.lon)
    must_travel = np.isin(jobs.remote, _TRAVEL)
    beyond = distance_km > people.willing_km[:, None]
    return (beyond | people.remote_only[:, None]) & must_travel


def _dense(pairs: Pairs, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    if pairs is None:
        return np.zeros(shape, dtype=np.bool_)
    dense = pairs if isinstance(pairs, np.ndarray) else pairs.toarray()
    table = np.asarray(dense, dtype=np.bool_)
    if table.shape != shape:
        raise ValueError(f"a pair table is {table.shape}, people × jobs is {shape}")
    return table


# What each limit of a person looks at in a job: of every set of these, one job stands for all that share it.
_LIMITS: tuple[tuple[tuple[str, ...], Callable[[PersonColumns, JobColumns], NDArray[np.bool_]]], ...] = (
    (("pay_max_year",), _pays_less),
    (("licences",), _lacks_licence),
    (("permit_country",), _lacks_permit),
    (("lat", "lon", "remote"), _too_far),
)


@dataclass(frozen=True, eq=False)
class Terms:
    """What many jobs ask, each set of terms kept once: a hundred thousand jobs share some hundreds of places.

    `kept`: for each limit the jobs that stand for all; `codes`: for each limit intp[J], which one of them.
    """

    kept: tuple[JobColumns, ...]
    codes: tuple[NDArray[np.intp], ...]

    @classmethod
    def of(cls, jobs: JobColumns) -> Terms:
        """The terms of J jobs; what only the job decides (closed, expired) is not among them."""
        kept, codes = [], []
        jobs = _placed_for_travel(jobs)
        for names, _ in _LIMITS:
            first, code = _distinct([getattr(jobs, name) for name in names], len(jobs))
            blank = JobColumns.blank(first, licences=jobs.licences.shape[1])
            kept.append(replace(blank, **{name: getattr(jobs, name)[first] for name in names}))
            codes.append(code)
        return cls(tuple(kept), tuple(codes))

    def __len__(self) -> int:
        return len(self.codes[0])

    def refused(self, people: PersonColumns) -> NDArray[np.bool_]:
        """Whether some limit of a person speaks against a job, bool[P, J]: as `veto` has it for open jobs.

        >>> jobs = JobColumns.blank(["low", "unknown"])
        >>> jobs.pay_max_year[0] = 30_000
        >>> ada = PersonColumns.blank(["ada"])
        >>> ada.pay_floor_year[0] = 40_000
        >>> Terms.of(jobs).refused(ada).tolist()
        [[True, False]]
        """
        found = np.zeros((len(self), len(people)), dtype=np.bool_)  # a job's people lie together: whole rows
        for (_, speaks), jobs, code in zip(_LIMITS, self.kept, self.codes, strict=True):
            against = speaks(people, jobs)
            if against.any():
                found |= np.ascontiguousarray(against.T).take(code, axis=0)
        return found.T


def _placed_for_travel(jobs: JobColumns) -> JobColumns:
    """The same jobs, with a place only where somebody must go there: one term fewer to tell apart."""
    travels = np.isin(jobs.remote, _TRAVEL)
    return replace(
        jobs,
        lat=np.where(travels, jobs.lat, np.nan),
        lon=np.where(travels, jobs.lon, np.nan),
        remote=np.where(travels, np.int8(RemoteMode.ON_SITE), np.int8(RemoteMode.UNKNOWN)),
    )


def _distinct(columns: list[NDArray[np.generic]], rows: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The first row of every distinct combination, and which combination each row is; NaN is like NaN."""
    code = np.zeros(rows, dtype=np.intp)
    for column in columns:
        for one in column.reshape(rows, -1).T if rows else ():
            values, inverse = np.unique(one, return_inverse=True)
            _, code = np.unique(code * len(values) + inverse, return_inverse=True)
    _, first = np.unique(code, return_index=True)
    return first.astype(np.intp), code.astype(np.intp)
