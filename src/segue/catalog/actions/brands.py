"""Brands: made, changed, retired and brought back."""

from __future__ import annotations

import re
import unicodedata

from django.utils.text import slugify
from django.utils.translation import gettext as _

from segue.catalog.actions.refusals import refusal
from segue.catalog.models import Brand
from segue.engine.accent import Unreadable, shades_of
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor, Role
from segue.kit.errors import NotAllowed

LONGEST_NAME, LONGEST_KEY = 80, 40
_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_HEX = re.compile(r"#?([0-9a-f]{6}|[0-9a-f]{3})")


@action("catalog.make_brand")
def make_brand(name: str, *, accent: str, by: Actor, key: str = "") -> Brand:
    """Add a name to hire under; without a key it is made of the name. Raises Invalid, NotAllowed."""
    _administrators_only(by)
    name, accent = checked_name(name), checked_accent(accent)
    return Brand.objects.create(key=_checked_key(key, name), name=name, accent=accent)


@action("catalog.edit_brand")
def edit_brand(brand: Brand, *, name: str, accent: str, by: Actor) -> Brand:
    """Change its name or colour; its key stays, for addresses have it. Raises Invalid, NotAllowed."""
    _administrators_only(by)
    brand.name, brand.accent, brand.changed_at = checked_name(name), checked_accent(accent), clock.now()
    brand.save(update_fields=["name", "accent", "changed_at"])
    return brand


@action("catalog.retire_brand")
def retire_brand(brand: Brand, *, retired: bool = True, by: Actor) -> Brand:
    """Let its jobs wear the house from now on, or the brand again. Raises NotAllowed."""
    _administrators_only(by)
    brand.changed_at = clock.now()
    brand.retired_at = (brand.retired_at or brand.changed_at) if retired else None
    brand.save(update_fields=["retired_at", "changed_at"])
    return brand


def checked_name(name: str) -> str:
    """Return the name as it is kept. Raises Invalid."""
    clean = " ".join(name.split())
    if not clean:
        raise refusal("missing_name", "name", _("A brand needs a name."), _("Give it one."))
    if len(clean) > LONGEST_NAME:
        raise refusal(
            "too_long", "name", _("This is longer than %d characters.") % LONGEST_NAME, _("Shorten it.")
        )
    if any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in clean):
        raise refusal(
            "forbidden_character",
            "name",
            _("The name holds a character that cannot be shown."),
            _("Type it anew."),
        )
    return clean


def checked_accent(accent: str) -> str:
    """Return the colour as #rrggbb. Raises Invalid where it is none, or cannot be read on both grounds."""
    found = _HEX.fullmatch(accent.strip().lower())
    if found is None:
        raise refusal(
            "bad_colour",
            "accent",
            _("“%s” is not a colour.") % accent[:20],
            _("Use # and six digits from 0 to f, such as #12827c."),
        )
    digits = found[1] if len(found[1]) == 6 else "".join(digit * 2 for digit in found[1])
    try:
        shades_of(f"#{digits}")
    except Unreadable as no:
        raise refusal(
            "unreadable_colour",
            "accent",
            _("#%s cannot be made readable on both light and dark pages and still be known again.") % digits,
            _("Choose a shade less near to black or white, such as %s.") % no.nearest,
        ) from no
    return f"#{digits}"


def _checked_key(key: str, name: str) -> str:
    clean = key.strip().lower() or re.sub("[-_]+", "-", slugify(name))[:LONGEST_KEY].strip("-")
    if len(clean) > LONGEST_KEY or not _KEY.fullmatch(clean):
        raise refusal(
            "bad_key",
            "key",
            _("The key is part of addresses: small letters from a to z, digits, and hyphens between them."),
            _("Write one of at most %d characters, such as north-shop.") % LONGEST_KEY,
        )
    if Brand.objects.filter(key=clean).exists():
        raise refusal(
            "taken_key",
            "key",
            _("There is a brand “%s” already.") % clean,
            _("Choose another key, or bring that brand back if it is retired."),
        )
    return clean


def _administrators_only(by: Actor) -> None:
    if by.role is not Role.ADMINISTRATOR and not by.is_machine:
        raise NotAllowed(_("Only administrators change brands."), remedy=_("Ask an administrator."))
