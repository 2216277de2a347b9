# ruff: noqa: E501 - one row of a table on one line
"""Countries, cities and money: where the employer has sites and where people live.

Coordinates are city centres in degrees; exchange rates are rounded figures for one US dollar; pay
levels are nominal pay for the same work relative to the United States.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
EARTH_RADIUS_KM = 6371.0


@dataclass(frozen=True, slots=True)
class Country:
    """A country with its currency, usual pay period, pay level and the cultures people's names come from."""

    code: str
    name: str
    currency: str
    pay_period: str
    pay_level: float
    locales: tuple[str, ...]
    cultures: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class City:
    """A town with coordinates; `has_site` tells whether the employer works there."""

    name: str
    country: str
    lat: float
    lon: float
    time_zone: str
    weight: float
    has_site: bool


COUNTRIES: tuple[Country, ...] = (
    Country("GB", "United Kingdom", "GBP", "year", 0.70, ("en-GB",), (("en", 6), ("hi", 1), ("ng", 1), ("pl", 1), ("ar", 0.5), ("fr", 0.3))),
    Country("DE", "Germany", "EUR", "year", 0.74, ("de-DE",), (("de", 6), ("tr", 1.2), ("pl", 0.6), ("uk", 0.6), ("ar", 0.6), ("el", 0.3))),
    Country("FR", "France", "EUR", "year", 0.62, ("fr-FR",), (("fr", 6), ("ar", 1.2), ("es", 0.4), ("vi", 0.4))),
    Country("ES", "Spain", "EUR", "year", 0.48, ("es-ES",), (("es", 7), ("ar", 0.5), ("bg", 0.4), ("zh", 0.2))),
    Country("US", "United States", "USD", "year", 1.00, ("en-US",), (("en", 5), ("es", 1.5), ("zh", 0.8), ("hi", 0.8), ("vi", 0.5), ("ko", 0.5), ("ng", 0.4), ("he", 0.3))),
    Country("CA", "Canada", "CAD", "year", 0.76, ("en-CA", "fr-CA"), (("en", 4), ("fr", 2), ("hi", 0.8), ("zh", 0.8), ("ar", 0.4))),
    Country("IN", "India", "INR", "year", 0.18, ("en-IN", "hi-IN"), (("hi", 1),)),
    Country("JP", "Japan", "JPY", "month", 0.50, ("ja-JP",), (("ja", 12), ("zh", 0.5), ("en", 0.3), ("vi", 0.3))),
    Country("KR", "South Korea", "KRW", "month", 0.52, ("ko-KR",), (("ko", 12), ("zh", 0.3))),
    Country("GR", "Greece", "EUR", "month", 0.36, ("el-GR",), (("el", 10), ("bg", 0.4), ("en", 0.2))),
    Country("BG", "Bulgaria", "EUR", "month", 0.30, ("bg-BG",), (("bg", 10), ("uk", 0.4), ("tr", 0.8))),
    Country("UA", "Ukraine", "UAH", "month", 0.20, ("uk-UA",), (("uk", 1),)),
    Country("IL", "Israel", "ILS", "month", 0.72, ("he-IL",), (("he", 7), ("ar", 2), ("uk", 0.6), ("fr", 0.3))),
    Country("AE", "United Arab Emirates", "AED", "month", 0.60, ("ar-AE", "en-AE"), (("ar", 5), ("hi", 3), ("en", 1))),
    Country("EG", "Egypt", "EGP", "month", 0.13, ("ar-EG",), (("ar", 1),)),
    Country("CN", "China", "CNY", "month", 0.36, ("zh-CN",), (("zh", 1),)),
    Country("NG", "Nigeria", "NGN", "month", 0.11, ("en-NG",), (("ng", 1),)),
    Country("SE", "Sweden", "SEK", "month", 0.66, ("sv-SE",), (("sv", 6), ("ar", 0.7), ("el", 0.2), ("pl", 0.4))),
)  # fmt: skip
COUNTRY: dict[str, Country] = {row.code: row for row in COUNTRIES}
EUROPEAN_UNION: tuple[str, ...] = ("BG", "DE", "ES", "FR", "GR", "SE")

USD_RATES: dict[str, float] = {
    "USD": 1.0, "EUR": 0.87, "GBP": 0.76, "CAD": 1.40, "INR": 88.5, "JPY": 154.0, "KRW": 1450.0, "UAH": 42.0,
    "ILS": 3.3, "AED": 3.6725, "EGP": 47.5, "CNY": 7.1, "NGN": 1450.0, "SEK": 9.5,
}  # fmt: skip

# What full-time work at the legal minimum roughly pays in a year, in US dollars, where that binds.
PAY_FLOOR_USD: dict[str, float] = {
    "GB": 33_000, "DE": 32_000, "FR": 26_000, "ES": 20_000, "US": 34_000, "CA": 27_000, "JP": 17_000, "KR": 18_000,
    "GR": 14_500, "BG": 8_500, "IL": 23_000, "SE": 27_000,
}  # fmt: skip

CITIES: tuple[City, ...] = (
    City("London", "GB", 51.5074, -0.1278, "Europe/London", 30, True),
    City("Croydon", "GB", 51.3762, -0.0982, "Europe/London", 3, False),
    City("Reading", "GB", 51.4543, -0.9781, "Europe/London", 1.5, False),
    City("Manchester", "GB", 53.4808, -2.2426, "Europe/London", 10, True),
    City("Stockport", "GB", 53.4106, -2.1575, "Europe/London", 1.5, False),
    City("Berlin", "DE", 52.5200, 13.4050, "Europe/Berlin", 7, True),
    City("Potsdam", "DE", 52.3906, 13.0645, "Europe/Berlin", 2, False),
    City("Hamburg", "DE", 53.5511, 9.9937, "Europe/Berlin", 4, True),
    City("Lüneburg", "DE", 53.2464, 10.4115, "Europe/Berlin", 1, False),
    City("Paris", "FR", 48.8566, 2.3522, "Europe/Paris", 6, True),
    City("Saint-Denis", "FR", 48.9362, 2.3574, "Europe/Paris", 2, False),
    City("Lyon", "FR", 45.7640, 4.8357, "Europe/Paris", 3, True),
    City("Vienne", "FR", 45.5242, 4.8782, "Europe/Paris", 0.8, False),
    City("Madrid", "ES", 40.4168, -3.7038, "Europe/Madrid", 5, True),
    City("Alcalá de Henares", "ES", 40.4820, -3.3630, "Europe/Madrid", 1.5, False),
    City("Valencia", "ES", 39.4699, -0.3763, "Europe/Madrid", 2.5, True),
    City("New York", "US", 40.7128, -74.0060, "America/New_York", 8, True),
    City("Newark", "US", 40.7357, -74.1724, "America/New_York", 3, False),
    City("Austin", "US", 30.2672, -97.7431, "America/Chicago", 4, True),
    City("Round Rock", "US", 30.5083, -97.6789, "America/Chicago", 1.5, False),
    City("Toronto", "CA", 43.6532, -79.3832, "America/Toronto", 4, True),
    City("Mississauga", "CA", 43.5890, -79.6441, "America/Toronto", 1.5, False),
    City("Montréal", "CA", 45.5017, -73.5673, "America/Toronto", 3, True),
    City("Bengaluru", "IN", 12.9716, 77.5946, "Asia/Kolkata", 6, True),
    City("Pune", "IN", 18.5204, 73.8567, "Asia/Kolkata", 3, True),
    City("Mysuru", "IN", 12.2958, 76.6394, "Asia/Kolkata", 1, False),
    City("Tokyo", "JP", 35.6762, 139.6503, "Asia/Tokyo", 4, True),
    City("Kawasaki", "JP", 35.5308, 139.7029, "Asia/Tokyo", 2, False),
    City("Osaka", "JP", 34.6937, 135.5023, "Asia/Tokyo", 2.5, True),
    City("Seoul", "KR", 37.5665, 126.9780, "Asia/Seoul", 4, True),
    City("Incheon", "KR", 37.4563, 126.7052, "Asia/Seoul", 1.5, False),
    City("Athens", "GR", 37.9838, 23.7275, "Europe/Athens", 3.5, True),
    City("Thessaloniki", "GR", 40.6401, 22.9444, "Europe/Athens", 2, True),
    City("Sofia", "BG", 42.6977, 23.3219, "Europe/Sofia", 3.5, True),
    City("Plovdiv", "BG", 42.1354, 24.7453, "Europe/Sofia", 1.5, False),
    City("Lviv", "UA", 49.8397, 24.0297, "Europe/Kyiv", 2.5, True),
    City("Tel Aviv", "IL", 32.0853, 34.7818, "Asia/Jerusalem", 3, True),
    City("Haifa", "IL", 32.7940, 34.9896, "Asia/Jerusalem", 1.5, False),
    City("Dubai", "AE", 25.2048, 55.2708, "Asia/Dubai", 3, True),
    City("Sharjah", "AE", 25.3463, 55.4209, "Asia/Dubai", 1.5, False),
    City("Cairo", "EG", 30.0444, 31.2357, "Africa/Cairo", 3, True),
    City("Shanghai", "CN", 31.2304, 121.4737, "Asia/Shanghai", 3.5, True),
    City("Suzhou", "CN", 31.2989, 120.5853, "Asia/Shanghai", 1.5, False),
    City("Lagos", "NG", 6.5244, 3.3792, "Africa/Lagos", 3, True),
    City("Ikorodu", "NG", 6.6194, 3.5105, "Africa/Lagos", 1, False),
    City("Stockholm", "SE", 59.3293, 18.0686, "Europe/Stockholm", 2.5, True),
    City("Uppsala", "SE", 59.8586, 17.6389, "Europe/Stockholm", 1, False),
)  # fmt: skip
SITES: tuple[City, ...] = tuple(city for city in CITIES if city.has_site)


def distance_km(lat: Floats, lon: Floats, to_lat: Floats, to_lon: Floats) -> Floats:
    """Great-circle distance in km between points in degrees, broadcasting (the haversine formula, Sinnott 1984).

    >>> berlin, potsdam = (np.array([52.52]), np.array([13.405])), (np.array([52.3906]), np.array([13.0645]))
    >>> distance_km(*berlin, *potsdam).round(0)
    array([27.])
    """
    phi, to_phi = np.radians(lat), np.radians(to_lat)
    half_lat, half_lon = (to_phi - phi) / 2, (np.radians(to_lon) - np.radians(lon)) / 2
    chord = np.sin(half_lat) ** 2 + np.cos(phi) * np.cos(to_phi) * np.sin(half_lon) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(chord, 0.0, 1.0))))


def permits_of(country: str) -> tuple[str, ...]:
    """Countries in which a citizen of `country` may work without a permit of their own."""
    return EUROPEAN_UNION if country in EUROPEAN_UNION else (country,)
