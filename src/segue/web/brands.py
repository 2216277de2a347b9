"""What a page wears: a brand's colours in a stylesheet of its own address, its name, and its mark.

The pages' style policy allows no style in the page itself, so the tokens are a file. It is named by what it
says, and so may be kept for ever. Nothing but colours that we made ourselves is ever written into it.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from django.urls import reverse

from segue.catalog.actions.brands import checked_accent
from segue.catalog.models import Brand, Job
from segue.catalog.queries.brands import brand_worn, shades_worn
from segue.engine.accent import DARK_GROUNDS, LIGHT_GROUNDS, Shades, shades_of
from segue.kit.errors import Invalid


@dataclass(frozen=True, slots=True)
class Worn:
    """What the frame of a page shows of a brand."""

    key: str
    name: str
    sheet: str  # the stylesheet's address


def wearing(brand: Brand | None) -> dict[str, Any]:
    """Return what a page's context needs to wear a brand: nothing for the house."""
    if brand is None:
        return {}
    address = f"{reverse('portal:brand_sheet', args=[brand.key])}?v={version_of(sheet_of(brand))}"
    return {"worn": Worn(brand.key, brand.name, address), "employer_name": brand.name}


def wearing_of(job: Job) -> dict[str, Any]:
    """Return what a page about a job needs to wear its brand."""
    return wearing(brand_worn(job))


def sheet_of(brand: Brand) -> str:
    """Return the stylesheet: the roles of tokens.css that speak with the brand's voice."""
    shades = shades_worn(brand)
    return _written(*shades) if shades else ""


def version_of(sheet: str) -> str:
    """Return a name for exactly this sheet."""
    return hashlib.sha256(sheet.encode()).hexdigest()[:16]


@lru_cache(maxsize=256)
def _written(light: Shades, dark: Shades) -> str:
    roles = {"accent": "accent", "strong": "accent-strong", "on_accent": "on-accent"}
    roles |= {"soft": "accent-soft", "on_soft": "on-accent-soft"}
    one, other = asdict(light), asdict(dark)
    lines = [f"    --{role}: light-dark({one[name]}, {other[name]});" for name, role in roles.items()]
    return "@layer overrides {\n  :root {\n" + "\n".join(lines) + "\n  }\n}\n"


@dataclass(frozen=True, slots=True)
class Shown:
    """A theme's ground and what a brand's colours look like on it."""

    is_dark: bool
    ground: str
    shades: Shades


def shown(accent: str) -> list[Shown]:
    """Return how a colour would look on both grounds; nothing for what is none, or cannot be read."""
    try:
        light, dark = shades_of(checked_accent(accent))
    except Invalid:
        return []
    return [Shown(False, LIGHT_GROUNDS[0], light), Shown(True, DARK_GROUNDS[0], dark)]
