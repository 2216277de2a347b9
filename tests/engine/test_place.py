from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.engine.place import RemoteMode, haversine_km, named_distance_km, place_score

LAT, LON = st.floats(-90, 90), st.floats(-180, 180)


@pytest.mark.parametrize(
    ("home", "work", "km"),
    [
        ((59.9139, 10.7522), (60.3913, 5.3221), 305),  # Oslo - Bergen
        ((35.6762, 139.6503), (-33.8688, 151.2093), 7827),  # Tokyo - Sydney, over the equator
        ((64.1, -179.9), (64.1, 179.9), 10),  # over the date line
    ],
)
def test_known_distances(home: tuple[float, float], work: tuple[float, float], km: float) -> None:
    assert float(haversine_km(*home, *work)) == pytest.approx(km, rel=0.03)


@given(LAT, LON, LAT, LON)
def test_distance_is_symmetric_and_bounded(lat1: float, lon1: float, lat2: float, lon2: float) -> None:
    there, back = haversine_km(lat1, lon1, lat2, lon2), haversine_km(lat2, lon2, lat1, lon1)
    assert float(there) == pytest.approx(float(back), abs=1e-6)
    assert 0 <= float(there) <= 20_016


@given(st.floats(0, 20_000), st.floats(0, 20_000), st.sampled_from(list(RemoteMode)))
def test_farther_is_never_better(near: float, far: float, mode: RemoteMode) -> None:
    near, far = sorted((near, far))
    scores = place_score([near, far], int(mode), np.nan)
    assert 0 <= scores[1] <= scores[0] <= 1


def test_a_place_we_do_not_know_sits_in_the_middle() -> None:
    assert place_score(np.nan, RemoteMode.UNKNOWN, np.nan).tolist() == 0.5


def test_hybrid_halves_the_commute_and_remote_ends_it() -> None:
    office, hybrid, remote = place_score(40.0, [0, 1, 2], 1.0, willing_km=40.0)
    assert office == 0.5
    assert hybrid == 0.8
    assert remote == 1.0


def test_another_country_counts_even_for_remote_work() -> None:
    assert place_score(np.nan, RemoteMode.ON_SITE, 0.0) < 0.1
    assert place_score(np.nan, RemoteMode.REMOTE, 0.0) < place_score(np.nan, RemoteMode.REMOTE, 1.0)


def test_those_who_travel_farther_mind_less() -> None:
    assert place_score(60.0, 0, 1.0, willing_km=100.0) > place_score(60.0, 0, 1.0, willing_km=20.0)
    assert place_score(40.0, 0, 1.0, willing_km=np.nan) == 0.5


def test_names_stand_in_for_coordinates() -> None:
    assert named_distance_km([True], [False]).tolist() == [8.0]
