"""Places and money, as the world writes them: countries, currencies, and where the large cities are."""

from segue.catalog.places.cities import Coordinates, locate, read_place
from segue.catalog.places.countries import COUNTRY_NAMES, country_code
from segue.catalog.places.currencies import CURRENCIES, currency_code
from segue.catalog.places.gazetteer import Gazetteer

__all__ = [
    "COUNTRY_NAMES",
    "CURRENCIES",
    "Coordinates",
    "Gazetteer",
    "country_code",
    "currency_code",
    "locate",
    "read_place",
]
