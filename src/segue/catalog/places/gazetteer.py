"""The places we know, as the engine asks for them."""

from __future__ import annotations

from segue.catalog.places.cities import country_of_city
from segue.catalog.places.countries import country_code


class Gazetteer:
    """Tells cities and countries by their names."""

    def country_of_city(self, city: str) -> str | None:
        return country_of_city(city)

    def country(self, text: str) -> str:
        return country_code(text)
