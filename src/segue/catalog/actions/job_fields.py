"""What a job's fields must be like, whoever writes them: a form, the API, or an import."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from segue.catalog.actions.refusals import refusal
from segue.catalog.models import Brand, EmploymentType, Job, PayPeriod, Remote
from segue.catalog.places import COUNTRY_NAMES, CURRENCIES

_LIMITS = {"title": 300, "department": 200, "occupation": 120, "city": 120, "address": 300,
           "external_source": 60, "external_id": 200, "description": 100_000}  # fmt: skip
_CHOICES = {
    "remote": frozenset(Remote.values),
    "pay_period": frozenset(PayPeriod.values),
    "employment_type": frozenset(EmploymentType.values),
}
_MOST_PAY = Decimal(10) ** 12
_ONE_WORD = 80


def checked(fields: Mapping[str, Any], job: Job | None = None) -> dict[str, Any]:
    """Return the fields in their stored form; what is not given is taken from `job` for the cross-checks.

    Raises Invalid with a code such as `missing_title` or `pay_out_of_order`.
    """
    clean = {name: _one(name, value) for name, value in fields.items()}
    merged = {name: getattr(job, name) for name in _CROSS_CHECKED} if job else {}
    _check_together({**dict.fromkeys(_CROSS_CHECKED), **merged, **clean})
    return clean


def _one(name: str, value: Any) -> Any:
    reader = _READERS.get(name)
    if reader is None:
        raise refusal("unknown_field", name, _("A job has no such field."), _("Leave it out."))
    return reader(name, value)


def _text(name: str, value: Any) -> str:
    text = str(value or "").strip()
    if "\x00" in text:
        raise refusal("forbidden_character", name, _("The text holds a NUL character."), _("Remove it."))
    if len(text) > _LIMITS[name]:
        limit = _LIMITS[name]
        raise refusal("too_long", name, _("This is longer than %d characters.") % limit, _("Shorten it."))
    return text


def _title(name: str, value: Any) -> str:
    text = " ".join(_text(name, value).split())
    if not text:
        raise refusal("missing_title", "title", _("A job needs a title."), _("Give it one."))
    return text


def _choice(name: str, value: Any) -> str:
    allowed = _CHOICES[name]
    if (value or "") not in allowed:
        options = ", ".join(sorted(word for word in allowed if word))
        raise refusal(
            "bad_choice", name, _("“%s” is not one of the choices.") % value, _("Use: %s.") % options
        )
    return str(value or "")


def _country(name: str, value: Any) -> str:
    code = str(value or "").strip().upper()
    if code and code not in COUNTRY_NAMES:
        raise refusal(
            "bad_country", name, _("“%s” is not a country code.") % value, _("Use two letters, such as DE.")
        )
    return code


def _currency(name: str, value: Any) -> str:
    code = str(value or "").strip().upper()
    if code and code not in CURRENCIES:
        raise refusal(
            "bad_currency",
            name,
            _("“%s” is not a currency code.") % value,
            _("Use three letters, such as EUR."),
        )
    return code


def _pay(name: str, value: Any) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        amount = Decimal(str(value).strip()).quantize(Decimal("0.01"))
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or not 0 <= amount < _MOST_PAY:
        raise refusal(
            "bad_pay", name, _("“%s” is not an amount of pay.") % value, _("Use a number, such as 52000.")
        )
    return amount or None  # nothing is paid nothing: a zero means "not said"


def _moment(name: str, value: Any) -> datetime | None:
    if value is None or value == "":
        return None
    found = value if isinstance(value, date | datetime) else _read_moment(str(value).strip())
    if found is None:
        raise refusal(
            "bad_date", name, _("“%s” is not a date.") % value, _("Use year-month-day, such as 2026-11-30.")
        )
    if not isinstance(found, datetime):
        end_of_day = time(23, 59, 59) if name == "valid_through" else time()
        found = datetime.combine(found, end_of_day)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _read_moment(text: str) -> date | datetime | None:
    try:
        return parse_date(text) or parse_datetime(text)
    except ValueError:
        return None


def _words(name: str, value: Any) -> list[str]:
    words = [str(word).strip() for word in value or ()]
    if any(len(word) > _ONE_WORD or "\x00" in word for word in words):
        raise refusal("too_long", name, _("One of these is longer than 80 characters."), _("Shorten it."))
    return list(dict.fromkeys(word for word in words if word))


def _degrees(name: str, value: Any) -> float | None:
    if value is None or value == "":
        return None
    limit = 90.0 if name == "lat" else 180.0
    try:
        degrees = float(value)
    except (TypeError, ValueError):
        degrees = limit + 1
    if not -limit <= degrees <= limit:
        raise refusal(
            "bad_coordinates", name, _("“%s” is not in degrees.") % value, _("Use degrees, such as 52.52.")
        )
    return degrees


def _brand(name: str, value: Any) -> Brand | None:
    """Read a brand's key; a retired one may be named too, and is worn once it is brought back."""
    if not value or isinstance(value, Brand):
        return value or None
    found = Brand.objects.filter(key=str(value).strip().replace("\x00", "")).first()
    if found is None:
        raise refusal(
            "unknown_brand",
            name,
            _("There is no brand “%s”.") % str(value)[:60],
            _("Use the key of one of the brands in the settings, or leave it empty."),
        )
    return found


def _openings(name: str, value: Any) -> int:
    try:
        count = int(value)
    except (TypeError, ValueError):
        count = 0
    if not 1 <= count <= 100_000:
        raise refusal(
            "bad_openings", name, _("A job has at least one opening."), _("Use a whole number from 1.")
        )
    return count


_READERS: dict[str, Callable[[str, Any], Any]] = {
    "title": _title,
    **dict.fromkeys(("department", "occupation", "description", "city", "address"), _text),
    **dict.fromkeys(("external_source", "external_id"), _text),
    **dict.fromkeys(_CHOICES, _choice),
    **dict.fromkeys(("country", "permit_country"), _country),
    **dict.fromkeys(("pay_min", "pay_max"), _pay),
    "pay_currency": _currency,
    **dict.fromkeys(("posted_at", "valid_through"), _moment),
    **dict.fromkeys(("required_skills", "nice_skills", "licences"), _words),
    **dict.fromkeys(("lat", "lon"), _degrees),
    "openings": _openings,
    "brand": _brand,
}
_CROSS_CHECKED = (
    "pay_min",
    "pay_max",
    "pay_currency",
    "pay_period",
    "posted_at",
    "valid_through",
    "lat",
    "lon",
)


def _check_together(job: Mapping[str, Any]) -> None:
    low, high = job["pay_min"], job["pay_max"]
    if low is not None and high is not None and low > high:
        raise refusal(
            "pay_out_of_order",
            "pay_min",
            _("The lowest pay is above the highest."),
            _("Swap the two amounts."),
        )
    if (low is not None or high is not None) and not (job["pay_currency"] and job["pay_period"]):
        missing = "pay_period" if job["pay_currency"] else "pay_currency"
        raise refusal(
            "pay_without_currency_or_period",
            missing,
            _("Pay needs a currency and a period."),
            _("Say both, such as EUR a year."),
        )
    if job["posted_at"] and job["valid_through"] and job["valid_through"] < job["posted_at"]:
        raise refusal(
            "end_before_start",
            "valid_through",
            _("The job closes before it opens."),
            _("Swap the two dates."),
        )
    if (job["lat"] is None) != (job["lon"] is None):
        raise refusal(
            "bad_coordinates", "lat", _("A place needs both coordinates."), _("Give both, or neither.")
        )
