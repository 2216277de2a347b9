from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import sparse

from segue.engine.columns import JobColumns, PersonColumns
from segue.engine.place import RemoteMode
from segue.engine.veto import Terms, VetoReason, reasons_of, veto

TODAY = 20_000.0
OSLO, BERGEN = (59.91, 10.75), (60.39, 5.32)


def job(**columns: Any) -> JobColumns:
    known = {
        name: value if isinstance(value, sparse.sparray) else np.array([value])
        for name, value in columns.items()
    }
    return replace(JobColumns.blank(["job"], licences=2), **known)


def person(*, permits: frozenset[str] | None = None, **columns: Any) -> PersonColumns:
    known = {name: np.array([value]) for name, value in columns.items()}
    return replace(PersonColumns.blank(["ada"], licences=2), permits=(permits,), **known)


def reasons(who: PersonColumns, what: JobColumns, **pairs: Any) -> set[VetoReason]:
    return set(reasons_of(int(veto(who, what, today=TODAY, **pairs)[0, 0])))


def test_nothing_known_vetoes_nothing() -> None:
    assert reasons(person(), job()) == set()


def test_a_closed_job_and_a_lapsed_one() -> None:
    assert reasons(person(), job(is_open=False)) == {VetoReason.CLOSED}
    assert reasons(person(), job(closes_day=TODAY - 1)) == {VetoReason.EXPIRED}
    assert reasons(person(), job(closes_day=TODAY)) == set()


@pytest.mark.parametrize(
    ("floor", "top", "expected"),
    [
        (50_000, 49_999, {VetoReason.PAY_FLOOR}),
        (50_000, 50_000, set()),
        (50_000, np.nan, set()),
        (np.nan, 10_000, set()),
    ],
)
def test_pay_below_the_floor_is_kept_away_and_unknown_pay_is_not(
    floor: float, top: float, expected: set[VetoReason]
) -> None:
    assert reasons(person(pay_floor_year=floor), job(pay_max_year=top, pay_min_year=1.0)) == expected


def test_a_missing_licence_counts_only_if_they_were_asked() -> None:
    asks = job(licences=[True, False])
    assert reasons(person(licences=[False, True], licences_known=True), asks) == {VetoReason.LICENCE}
    assert reasons(person(licences=[True, False], licences_known=True), asks) == set()
    assert reasons(person(licences=[False, False], licences_known=False), asks) == set()


def test_a_missing_permit_counts_only_if_they_were_asked() -> None:
    asks = job(permit_country="NO")
    assert reasons(person(permits=frozenset({"DE"})), asks) == {VetoReason.PERMIT}
    assert reasons(person(permits=frozenset({"NO", "DE"})), asks) == set()
    assert reasons(person(permits=None), asks) == set()
    assert reasons(person(permits=frozenset()), job()) == set()


def test_too_far_is_too_far_unless_the_work_is_remote() -> None:
    ada = person(lat=OSLO[0], lon=OSLO[1], willing_km=100.0)
    there = {"lat": BERGEN[0], "lon": BERGEN[1]}
    assert reasons(ada, job(**there, remote=RemoteMode.ON_SITE)) == {VetoReason.DISTANCE}
    assert reasons(ada, job(**there, remote=RemoteMode.HYBRID)) == {VetoReason.DISTANCE}
    assert reasons(ada, job(**there, remote=RemoteMode.REMOTE)) == set()
    assert reasons(ada, job(**there, remote=RemoteMode.UNKNOWN)) == set()
    assert reasons(ada, job(remote=RemoteMode.ON_SITE)) == set()


def test_somebody_who_must_work_remotely() -> None:
    ada = person(remote_only=True)
    assert reasons(ada, job(remote=RemoteMode.HYBRID)) == {VetoReason.DISTANCE}
    assert reasons(ada, job(remote=RemoteMode.UNKNOWN)) == set()


def test_their_own_word_and_a_recruiters_stand_beside_the_rest() -> None:
    yes = np.array([[True]])
    found = reasons(
        person(), job(is_open=False), hidden=yes, not_now=sparse.csr_array(yes), applied=yes, excluded=yes
    )
    assert found == {
        VetoReason.CLOSED,
        VetoReason.HIDDEN,
        VetoReason.NOT_NOW,
        VetoReason.APPLIED,
        VetoReason.EXCLUDED,
    }


def test_a_pair_table_of_the_wrong_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="people × jobs"):
        veto(person(), job(), today=TODAY, hidden=np.zeros((2, 1), dtype=np.bool_))


def test_bits_are_stable_for_what_is_already_logged() -> None:
    assert [int(reason) for reason in VetoReason] == [2**i for i in range(10)]
    assert veto(person(), job(), today=TODAY).dtype == np.uint16


OWN_LIMITS = VetoReason.PAY_FLOOR | VetoReason.LICENCE | VetoReason.PERMIT | VetoReason.DISTANCE


def anybody(rows: int, rng: np.random.Generator) -> dict[str, Any]:
    """Few places and little else, some of it unknown: much of it is shared by many rows."""
    places = np.array([OSLO, BERGEN, (np.nan, np.nan)])[rng.integers(0, 3, rows)]
    return {"lat": places[:, 0], "lon": places[:, 1], "licences": rng.random((rows, 2)) < 0.4}


@pytest.mark.parametrize("seed", range(5))
def test_terms_kept_once_refuse_just_what_a_veto_does(seed: int) -> None:
    rng = np.random.default_rng(seed)
    jobs = replace(
        JobColumns.blank(np.arange(90), licences=2),
        permit_country=rng.choice(["", "NO", "SE"], 90),
        remote=rng.integers(0, 4, 90).astype(np.int8),
        pay_max_year=rng.choice([np.nan, 30_000.0, 50_000.0], 90),
        **anybody(90, rng),
    )
    people = replace(
        PersonColumns.blank(np.arange(40), licences=2),
        licences_known=rng.random(40) < 0.5,
        permits=tuple([None, frozenset(), frozenset({"NO"})][row % 3] for row in range(40)),
        willing_km=rng.choice([np.nan, 20.0, 500.0], 40),
        remote_only=rng.random(40) < 0.2,
        pay_floor_year=rng.choice([np.nan, 40_000.0], 40),
        **anybody(40, rng),
    )
    terms = Terms.of(jobs)
    refused = terms.refused(people)
    assert 0.2 < refused.mean() < 0.9
    np.testing.assert_array_equal(refused, veto(people, jobs, today=TODAY) & OWN_LIMITS != 0)
    assert max(len(kept) for kept in terms.kept) <= 12


def test_terms_of_no_jobs_and_of_nobody() -> None:
    nothing = JobColumns.blank([])
    assert Terms.of(nothing).refused(PersonColumns.blank(["ada"])).shape == (1, 0)
    assert Terms.of(JobColumns.blank(["job"])).refused(PersonColumns.blank([])).shape == (0, 1)
