"""Distance on the globe, and how well a workplace suits where somebody lives."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

EARTH_RADIUS_KM = 6371.0088
DEFAULT_WILLING_KM = 40.0
# Half the week at home makes a commute count half.
_HYBRID_DISTANCE = 0.5
_UNKNOWN_SCORE = 0.5
_OTHER_COUNTRY_SCORE = 0.05
_REMOTE_ABROAD_SCORE = 0.6
_SAME_PLACE_KM = 8.0
_SAME_REGION_KM = 80.0


class RemoteMode(IntEnum):
    """Where the work is done."""

    UNKNOWN = -1
    ON_SITE = 0
    HYBRID = 1
    REMOTE = 2


def haversine_km(lat1: ArrayLike, lon1: ArrayLike, lat2: ArrayLike, lon2: ArrayLike) -> FloatArray:
    """Great-circle distance in km between points in degrees; arrays broadcast, NaN in gives NaN out.

    Source: the haversine formula on the mean Earth radius (error below 0.6 %).

    >>> round(float(haversine_km(52.52, 13.405, 48.8566, 2.3522)))
    877
    """
    phi1, phi2 = np.radians(np.asarray(lat1, np.float64)), np.radians(np.asarray(lat2, np.float64))
    half_lambda = np.radians(np.asarray(lon2, np.float64) - np.asarray(lon1, np.float64)) / 2.0
    chord = np.sin((phi2 - phi1) / 2.0) ** 2 + np.cos(phi1) * np.cos(phi2) * np.sin(half_lambda) ** 2
    return np.asarray(2.0 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(chord, 0.0, 1.0))))


def named_distance_km(same_place: ArrayLike, same_region: ArrayLike) -> FloatArray:
    """A stand-in distance where places are known by name only: 8 km, 80 km, or NaN (unknown).

    `same_place`, `same_region`: bool arrays of one shape.

    >>> named_distance_km([True, False, False], [True, True, False]).tolist()
    [8.0, 80.0, nan]
    """
    far = np.where(np.asarray(same_region, np.bool_), _SAME_REGION_KM, np.nan)
    return np.where(np.asarray(same_place, np.bool_), _SAME_PLACE_KM, far)


def place_score(
    distance_km: ArrayLike,
    remote_mode: ArrayLike,
    same_country: ArrayLike,
    *,
    willing_km: ArrayLike = DEFAULT_WILLING_KM,
) -> FloatArray:
    """How well a workplace suits, float64 in [0, 1]; .5 at the willing distance and where nothing is known.

    `distance_km`: float, NaN unknown; `remote_mode`: RemoteMode codes; `same_country`: 1, 0 or NaN
    unknown; `willing_km`: float > 0, NaN for the default of 40. Shapes broadcast. Hybrid work halves
    the distance; remote work has none, but abroad it scores .6, as law and time zones still differ.

    >>> place_score([0.0, 40.0, np.nan, 900.0], [0, 0, 0, 2], 1.0).tolist()
    [1.0, 0.5, 0.5, 1.0]
    """
    distance, mode = np.asarray(distance_km, np.float64), np.asarray(remote_mode)
    country, willing = np.asarray(same_country, np.float64), np.asarray(willing_km, np.float64)
    willing = np.where(np.isnan(willing) | (willing <= 0), DEFAULT_WILLING_KM, willing)
    felt = np.where(mode == RemoteMode.HYBRID, distance * _HYBRID_DISTANCE, distance)
    near = 1.0 / (1.0 + (felt / willing) ** 2)
    nowhere = np.where(country == 0.0, _OTHER_COUNTRY_SCORE, _UNKNOWN_SCORE)
    commute = np.where(np.isnan(near), nowhere, near)
    remote = np.where(country == 0.0, _REMOTE_ABROAD_SCORE, 1.0)
    return np.where(mode == RemoteMode.REMOTE, remote, commute)
