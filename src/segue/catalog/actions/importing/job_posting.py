"""schema.org JobPosting: its nested properties as our flat fields.

Source: https://schema.org/JobPosting; every property may be one thing, a list, text, or an object.
"""

from __future__ import annotations

from typing import Any

from segue.catalog.actions.importing.values import is_blank, plain_text
from segue.catalog.places import country_code

_SECTIONS = (
    ("responsibilities", "Responsibilities"), ("qualifications", "Qualifications"),
    ("educationRequirements", "Education"), ("experienceRequirements", "Experience"),
    ("jobBenefits", "Benefits"),
)  # fmt: skip


def job_values(posting: dict[str, Any]) -> dict[str, str]:
    """Return our job fields, as text, from one JobPosting; what it does not say is ""."""
    place = _first(posting.get("jobLocation"))
    address = _first(place.get("address")) if isinstance(place, dict) else {}
    geo = _first(place.get("geo")) if isinstance(place, dict) else {}
    values = {
        "external_id": _identifier(posting),
        "title": _text(posting.get("title") or posting.get("name")),
        "department": _text(posting.get("hiringOrganization")),
        "occupation": _text(posting.get("occupationalCategory"))[:120],
        "description": _description(posting),
        "required_skills": "\n".join(_texts(posting.get("skills"))),
        "posted_at": _text(posting.get("datePosted")),
        "valid_through": _text(posting.get("validThrough")),
        "employment_type": next(iter(_texts(posting.get("employmentType"))), "").replace("OTHER", ""),
        "openings": _text(posting.get("totalJobOpenings")),
        "remote": "remote" if "TELECOMMUTE" in _texts(posting.get("jobLocationType")) else "",
        **_where(address, geo),
        **_pay(posting),
    }
    return {name: "" if is_blank(text) and name != "country" else text for name, text in values.items()}


def source_of(posting: dict[str, Any]) -> str:
    """Return whose numbering the identifier belongs to."""
    identifier = _first(posting.get("identifier"))
    return _text(identifier.get("name")) if isinstance(identifier, dict) else ""


def _first(value: Any) -> Any:
    return (value[0] if value else {}) if isinstance(value, list) else value if value is not None else {}


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [text for text in map(_text, values) if text]


def _text(value: Any) -> str:
    """Return the text of a literal, a named thing, or the first of a list."""
    if isinstance(value, list):
        return _text(_first(value))
    if isinstance(value, dict):
        return _text(
            next((value[key] for key in ("name", "value", "termCode", "@value") if value.get(key)), "")
        )
    return "" if value is None or isinstance(value, bool) else str(value).strip()


def _identifier(posting: dict[str, Any]) -> str:
    identifier = _first(posting.get("identifier"))
    value = identifier.get("value") if isinstance(identifier, dict) else identifier
    return _text(value) or _text(posting.get("@id")) or _text(posting.get("url"))


def _description(posting: dict[str, Any]) -> str:
    parts = [plain_text(_text(posting.get("description")))]
    for key, heading in _SECTIONS:
        text = plain_text("\n".join(_texts(_described(posting.get(key)))))
        if text:
            parts.append(f"{heading}\n{text}")
    return "\n\n".join(part for part in parts if part)


def _described(value: Any) -> Any:
    """OccupationalExperienceRequirements and its like keep their words under other names."""
    if isinstance(value, dict):
        if value.get("monthsOfExperience"):
            return f"{value['monthsOfExperience']} months"
        return value.get("description") or value.get("credentialCategory") or value
    return value


def _where(address: Any, geo: Any) -> dict[str, str]:
    if isinstance(address, str):
        return {"place": address}
    address = address if isinstance(address, dict) else {}
    geo = geo if isinstance(geo, dict) else {}
    country = _text(address.get("addressCountry"))
    return {
        "city": _text(address.get("addressLocality")) or _text(address.get("addressRegion")),
        "country": country_code(country) or country,
        "address": _text(address.get("streetAddress")),
        "lat": _text(geo.get("latitude")),
        "lon": _text(geo.get("longitude")),
    }


def _pay(posting: dict[str, Any]) -> dict[str, str]:
    salary = _first(posting.get("baseSalary"))
    if not isinstance(salary, dict):
        amount, currency = _text(salary), _text(posting.get("salaryCurrency"))
        return {"pay_text": f"{amount} {currency}".strip()} if amount else {}
    value = _first(salary.get("value")) if salary.get("value") is not None else salary
    value = value if isinstance(value, dict) else {"value": value}
    return {
        "pay_min": _text(value.get("minValue")) or _text(value.get("value")),
        "pay_max": _text(value.get("maxValue")) or _text(value.get("value")),
        "pay_currency": _text(salary.get("currency")) or _text(posting.get("salaryCurrency")),
        "pay_period": _text(value.get("unitText")) or _text(salary.get("unitText")),
    }
