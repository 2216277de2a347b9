"""What somebody looks for among jobs, and what there is to choose from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for; empty means anything."""

    text: str = ""
    country: str = ""
    city: str = ""
    remote: str = ""
    employment_type: str = ""
    department: str = ""
    brand: str = ""  # a brand's key
    near: str = ""  # a town; with `km`, every job within that distance
    km: str = ""
    remote_too: str = ""  # "1": jobs done from anywhere count as near
    pay: str = ""  # at least so much a year
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Facets:
    """What there is to choose from, each with its count, the most frequent first."""

    total: int
    departments: list[tuple[str, int]]
    countries: list[tuple[str, int]]
    currencies: list[tuple[str, int]]
    brands: list[tuple[str, str, int]]  # key, name, count; by name
