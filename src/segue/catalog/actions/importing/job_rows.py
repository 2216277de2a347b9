"""A row about a job: read into a draft, or refused by name."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from segue.catalog.actions.importing.drafts import JobDraft, content_hash
from segue.catalog.actions.importing.job_posting import job_values
from segue.catalog.actions.importing.mapping import Mapping
from segue.catalog.actions.importing.reading import RawRow
from segue.catalog.actions.importing.values import (
    UNSTORABLE,
    plain_text,
    read_amount,
    read_choice,
    read_list,
    read_pay_text,
    read_when,
)
from segue.catalog.actions.job_fields import checked
from segue.catalog.actions.refusals import refusal
from segue.catalog.models import JobStatus
from segue.catalog.places import country_code, locate, read_place
from segue.kit.errors import Invalid

_PLAIN = ("title", "department", "occupation", "city", "address", "lat", "lon")
_LISTS = ("required_skills", "nice_skills", "licences")


def job_draft(row: RawRow, mapping: Mapping) -> JobDraft:
    """Read one row. Raises Invalid with the name of what is wrong."""
    if row.shape == "json_resume":
        raise refusal("not_a_job", "basics", _("This is a résumé."), _("Use: segue import people."))
    values = _values(row, mapping)
    _refuse_unstorable(values)
    fields = checked(_fields(values, mapping))
    status = read_choice("status", values["status"]) if values.get("status") else JobStatus.OPEN.value
    content = {**fields, "status": status}
    digest = content_hash(content)
    external_id = values.get("external_id") or f"row:{digest[:40]}"
    if len(external_id) > 200:
        raise refusal(
            "too_long", "external_id", _("This id is longer than 200 characters."), _("Shorten it.")
        )
    return JobDraft(external_id, digest, content, preferred=mapping.prefers(row.data))


def _values(row: RawRow, mapping: Mapping) -> dict[str, str]:
    if row.shape != "job_posting":
        return mapping.apply(row.data)
    stated = {name: text for name, text in job_values(row.data).items() if text}
    return {**mapping.constants, **stated}


def _refuse_unstorable(values: dict[str, str]) -> None:
    for name, text in values.items():
        if UNSTORABLE.search(text):
            raise refusal(
                "forbidden_character",
                name,
                _("This holds a character that cannot be stored."),
                _("Remove it."),
            )


def _fields(values: dict[str, str], mapping: Mapping) -> dict[str, Any]:
    """Turn our fields from text into values; only those the source can state are among them."""
    fields: dict[str, Any] = {"title": values.get("title", "")}
    fields |= {name: values[name] for name in _PLAIN if name in values}
    fields |= {name: read_list(values[name]) for name in _LISTS if name in values}
    if "description" in values:
        fields["description"] = plain_text(values["description"])
    for name in ("posted_at", "valid_through"):
        if values.get(name):
            fields[name] = read_when(name, values[name], order=mapping.dates)
    if values.get("openings"):
        fields["openings"] = values["openings"].removesuffix(".0")
    return fields | _kinds(values) | _place(values) | _pay(values, fields)


def _kinds(values: dict[str, str]) -> dict[str, Any]:
    """Kinds of work: a word we do not know says nothing, for no two exports use the same ones."""
    kinds: dict[str, Any] = {}
    for name in ("employment_type", "remote"):
        if name in values:
            try:
                kinds[name] = read_choice(name, values[name]) if values[name] else ""
            except Invalid:
                kinds[name] = ""
    if values.get("permit_country"):
        kinds["permit_country"] = country_code(values["permit_country"]) or values["permit_country"]
    return kinds


def _place(values: dict[str, str]) -> dict[str, Any]:
    city, country = values.get("city", ""), values.get("country", "")
    if values.get("place"):
        read_city, read_country = read_place(values["place"])
        city, country = city or read_city, country or read_country
    if not (city or country):
        return {"address": values["place"][:300]} if values.get("place") and not values.get("address") else {}
    place: dict[str, Any] = {"city": city[:120], "country": country_code(country) or country}
    found = None if values.get("lat") else locate(city, place["country"])
    if found:
        place |= {"lat": found.lat, "lon": found.lon}
    return place


def _pay(values: dict[str, str], fields: dict[str, Any]) -> dict[str, Any]:
    """Read the pay; words that name no amount stay readable, at the end of the description."""
    pay: dict[str, Any] = {}
    period = _period(values)
    for name in ("pay_min", "pay_max"):
        if values.get(name):
            pay[name] = read_amount(name, values[name], small=period in {"hour", "day"})
    text = values.get("pay_text", "")
    if text and not pay:
        words = " ".join([text, values.get("pay_currency", ""), values.get("pay_period", "")])
        pay = dict(read_pay_text(words))
        if not pay:
            told = _("Pay as stated: %s") % " ".join(text.split())
            return {"description": "\n\n".join(filter(None, [fields.get("description", ""), told]))}
    if pay:
        pay.setdefault("pay_currency", values.get("pay_currency", ""))
        pay.setdefault("pay_period", period)
    return pay


def _period(values: dict[str, str]) -> str:
    return read_choice("pay_period", values["pay_period"]) if values.get("pay_period") else ""
