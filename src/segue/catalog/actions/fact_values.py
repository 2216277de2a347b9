"""What a fact's value must be like, and the form in which two facts are the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from segue.catalog.actions.refusals import refusal
from segue.catalog.models import FactKind, PayPeriod, Remote
from segue.catalog.places import COUNTRY_NAMES, CURRENCIES
from segue.engine.lexicon import slug_of

_LIMITS = {"name": 300, "headline": 300, "city": 120, "phone": 40}
_NORMALISED_LENGTH = 300


def read_fact(kind: str, value: Any) -> tuple[Any, str]:
    """Return (value as stored, the form that tells two facts apart). Raises Invalid named after the kind."""
    reader = _READERS.get(kind)
    if reader is None:
        raise refusal("unknown_fact", "kind", _("“%s” is not something a fact can be about.") % kind)
    _refuse_nul(kind, value)
    return reader(kind, value)


def _refuse_nul(kind: str, value: Any) -> None:
    text = value if isinstance(value, str) else repr(value)
    if "\x00" in text or "\\x00" in text:
        raise refusal("forbidden_character", kind, _("The text holds a NUL character."), _("Remove it."))


def _text(kind: str, value: Any) -> tuple[str, str]:
    text = " ".join(str(value).split())
    limit = _LIMITS[kind]
    if not text or len(text) > limit:
        raise refusal(
            f"bad_{kind}", kind, _("This must have 1 to %d characters.") % limit, _("Change its length.")
        )
    return text, text.casefold()[:_NORMALISED_LENGTH]


def _email(kind: str, value: Any) -> tuple[str, str]:
    address = str(value).strip()
    try:
        validate_email(address)
    except ValidationError:
        raise refusal(
            "bad_email",
            kind,
            _("“%s” is not an e-mail address.") % address[:254],
            _("Write it as name@example.com."),
        ) from None
    return address, address.lower()


def _country(kind: str, value: Any) -> tuple[str, str]:
    code = str(value).strip().upper()
    if code not in COUNTRY_NAMES:
        raise refusal(
            "bad_country", kind, _("“%s” is not a country code.") % value, _("Use two letters, such as DE.")
        )
    return code, code


def _location(kind: str, value: Any) -> tuple[dict[str, float], str]:
    try:
        lat, lon = float(value["lat"]), float(value["lon"])
    except (TypeError, ValueError, KeyError):
        lat = lon = 999.0
    if abs(lat) > 90 or abs(lon) > 180:
        raise refusal("bad_coordinates", kind, _("This is not a place."), _("Give lat and lon in degrees."))
    return {"lat": lat, "lon": lon}, f"{lat:.4f},{lon:.4f}"


def _locale(kind: str, value: Any) -> tuple[str, str]:
    tag = str(value).strip()
    if not 2 <= len(tag) <= 12 or not tag.replace("-", "").isalnum():
        raise refusal(
            "bad_locale", kind, _("“%s” is not a language tag.") % tag, _("Write it as de or pt-BR.")
        )
    return tag, tag.lower()


def _time_zone(kind: str, value: Any) -> tuple[str, str]:
    name = str(value).strip()
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise refusal(
            "bad_time_zone", kind, _("“%s” is not a time zone.") % name, _("Write it as Europe/Berlin.")
        ) from None
    return name, name


def _slug(kind: str, value: Any) -> tuple[str, str]:
    slug = slug_of(str(value))[:80]
    if not slug:
        raise refusal(f"bad_{kind}", kind, _("“%s” has no words in it.") % value, _("Name it in words."))
    return slug, slug


def _pay_floor(kind: str, value: Any) -> tuple[dict[str, str], str]:
    given = value if isinstance(value, Mapping) else {}
    try:
        amount = Decimal(str(given.get("amount"))).quantize(Decimal("0.01"))
    except InvalidOperation:
        amount = Decimal(-1)
    currency, period = str(given.get("currency", "")).upper(), str(given.get("period", ""))
    if (
        not amount.is_finite()
        or not 0 < amount < 10**12
        or currency not in CURRENCIES
        or period not in PayPeriod.values
        or not period
    ):
        raise refusal(
            "bad_pay_floor",
            kind,
            _("Pay needs an amount, a currency and a period."),
            _("Say 3000, EUR, month."),
        )
    return {"amount": str(amount), "currency": currency, "period": period}, f"{amount} {currency} {period}"


def _remote(kind: str, value: Any) -> tuple[str, str]:
    word = str(value)
    if not word or word not in Remote.values:
        raise refusal(
            "bad_remote", kind, _("“%s” is not one of the choices.") % word, _("Use: onsite, hybrid, remote.")
        )
    return word, word


def _willing_km(kind: str, value: Any) -> tuple[float, str]:
    try:
        distance_km = float(value)
    except (TypeError, ValueError):
        distance_km = -1.0
    if not 0 <= distance_km <= 20_100:
        raise refusal(
            "bad_willing_km", kind, _("“%s” is not a distance in km.") % value, _("Use a number from 0.")
        )
    return distance_km, f"{distance_km:g}"


def _record(kind: str, value: Any) -> tuple[dict[str, Any], str]:
    """A position or an education: free fields; the same where all of them are."""
    if not isinstance(value, Mapping) or not any(value.values()):
        raise refusal(f"bad_{kind}", kind, _("This needs at least a title."), _("Name what it was."))
    record = {str(key): item for key, item in value.items() if item not in (None, "", [])}
    digest = hashlib.sha256(json.dumps(record, sort_keys=True, default=str).encode()).hexdigest()
    return record, digest


_READERS: dict[str, Callable[[str, Any], tuple[Any, str]]] = {
    **dict.fromkeys(_LIMITS, _text),
    FactKind.EMAIL: _email,
    FactKind.COUNTRY: _country,
    FactKind.PERMIT: _country,
    FactKind.LOCATION: _location,
    FactKind.LOCALE: _locale,
    FactKind.TIME_ZONE: _time_zone,
    FactKind.SKILL: _slug,
    FactKind.LICENCE: _slug,
    FactKind.PAY_FLOOR: _pay_floor,
    FactKind.REMOTE: _remote,
    FactKind.WILLING_KM: _willing_km,
    FactKind.POSITION: _record,
    FactKind.EDUCATION: _record,
}
