"""What must not be shown, as bits: hard limits stand apart from scores and each has a name.

A veto needs a known fact on both sides. Unknown pay is not pay below the floor.
"""

from __future__ import annotations

from enum import IntFlag

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from segue.engine.columns import JobColumns, PersonColumns
from segue.engine.place import RemoteMode, haversine_km

MaskArray = NDArray[np.uint16]
Pairs = NDArray[np.bool_] | sparse.csr_array | None


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
    mask = np.zeros((len(people), len(jobs)), dtype=np.uint16)
    mask |= _bits(VetoReason.CLOSED, ~jobs.is_open)
    mask |= _bits(VetoReason.EXPIRED, jobs.closes_day < today)
    mask |= _bits(VetoReason.PAY_FLOOR, jobs.pay_max_year[None, :] < people.pay_floor_year[:, None])
    mask |= _bits(VetoReason.LICENCE, _lacks_licence(people, jobs))
    mask |= _bits(VetoReason.PERMIT, _lacks_permit(people, jobs))
    mask |= _bits(VetoReason.DISTANCE, _too_far(people, jobs))
    for reason, pairs in (
        (VetoReason.HIDDEN, hidden),
        (VetoReason.NOT_NOW, not_now),
        (VetoReason.APPLIED, applied),
        (VetoReason.EXCLUDED, excluded),
    ):
        mask |= _bits(reason, _dense(pairs, mask.shape))
    return mask


def reasons_of(mask: int) -> tuple[VetoReason, ...]:
    """The single reasons in one mask, in bit order.

    >>> [reason.name for reason in reasons_of(5)]
    ['CLOSED', 'PAY_FLOOR']
    """
    return tuple(reason for reason in VetoReason if int(mask) & reason)


def _bits(reason: VetoReason, where: NDArray[np.bool_]) -> MaskArray:
    return np.where(where, np.uint16(reason), np.uint16(0))


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
    must_travel = np.isin(jobs.remote, (RemoteMode.ON_SITE, RemoteMode.HYBRID))
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
