"""One check for each fault, over plain values; none asks the database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from segue.catalog.actions.importing.decoding import repair
from segue.catalog.models import Fact, FactKind, Person
from segue.catalog.places import COUNTRY_NAMES, locate
from segue.engine.pay import PERIODS_PER_YEAR
from segue.engine.place import haversine_km

Found = tuple[str, str]  # fault, detail
SHARED = frozenset(
    {"info", "office", "contact", "jobs", "job", "hr", "career", "careers", "bewerbung", "noreply"}
    | {"no-reply", "admin", "mail", "team"}
)
FAR_KM = 150.0
_A_YEAR, _A_LIFE = 365, 60 * 365
_PAID = {"EUR": 1.0, "USD": 1.0, "GBP": 1.0, "CHF": 1.0}  # the others differ too much from them
_LEAST_YEAR, _MOST_YEAR = 2_000, 2_000_000
_ONE_VALUE = {FactKind.CITY, FactKind.COUNTRY, FactKind.PHONE, FactKind.NAME}


def of_contact(person: Person) -> Iterator[Found]:
    """What is wrong with the ways to reach somebody."""
    if person.email:
        try:
            validate_email(person.email)
        except ValidationError:
            yield "bad_email", person.email
        if person.email.partition("@")[0].lower() in SHARED:
            yield "shared_mailbox", person.email
    digits = re.sub(r"\D", "", person.phone)
    if person.phone and (not 7 <= len(digits) <= 15 or re.search(r"[^\W\d_]{3}", person.phone)):
        yield "bad_phone", person.phone
    if not person.email and not person.phone:
        yield "no_way_to_reach", ""


def of_identity(person: Person) -> Iterator[Found]:
    """What is wrong with the name and the place."""
    if not person.name.strip():
        yield "name_missing", ""
    elif re.search(r"[@\d]|https?:|^(\W)+$", person.name) or len(set(person.name.casefold())) < 2:
        yield "not_a_name", person.name
    if person.country and person.country not in COUNTRY_NAMES:
        yield "unknown_country", person.country
    if not _is_zone(person.time_zone):
        yield "unknown_time_zone", person.time_zone
    if is_elsewhere(person):
        yield "place_elsewhere", person.city


def of_pay(low: Decimal | None, high: Decimal | None, currency: str, period: str) -> Iterator[Found]:
    """What is wrong with pay, a floor or a range."""
    amounts = [amount for amount in (low, high) if amount is not None]
    if not amounts:
        return
    if not currency or not period:
        yield "pay_without_currency_or_period", str(amounts[0])
    elif currency in _PAID and period in PERIODS_PER_YEAR:
        years = [float(amount) * PERIODS_PER_YEAR[period] for amount in amounts]
        if min(years) < _LEAST_YEAR or max(years) > _MOST_YEAR:
            yield "pay_implausible", f"{amounts[0]} {currency} {period}"


def of_positions(facts: Iterable[Fact], today: date) -> Iterator[Found]:
    """What is wrong with the dates of positions held."""
    for fact in facts:
        if fact.kind != FactKind.POSITION or not isinstance(fact.value, dict):
            continue
        title = str(fact.value.get("title", ""))
        span = Span(_day(fact.value.get("start")), _day(fact.value.get("end")))
        if span.start and span.end and span.end < span.start:
            yield "end_before_start", title
        if span.start and (span.start - today).days > _A_YEAR:
            yield "position_in_future", title
        if span.start and ((span.end or today) - span.start).days > _A_LIFE:
            yield "position_too_long", title


class Span(NamedTuple):
    start: date | None
    end: date | None


def of_facts(facts: Iterable[Fact]) -> Iterator[Found]:
    """Where two machines say different things and nobody has settled it."""
    said: dict[str, set[str]] = {}
    settled: set[str] = set()
    for fact in facts:
        if fact.kind in _ONE_VALUE:
            said.setdefault(fact.kind, set()).add(fact.normalised)
            if fact.source in {"confirmed", "candidate", "recruiter"}:
                settled.add(fact.kind)
    for kind, values in sorted(said.items()):
        if len(values) > 1 and kind not in settled:
            yield "conflicting_facts", f"{kind}: {' / '.join(sorted(values))}"


def of_words(*texts: str) -> Iterator[Found]:
    """Garbled letters, once for all texts of a row."""
    for text in texts:
        if text and repair(text) != text:
            yield "mojibake", text[:80]
            return


def unknown_skills(skills: Iterable[str], known: frozenset[str]) -> Iterator[Found]:
    lacking = [slug for slug in skills if slug not in known]
    if lacking:
        yield "unknown_skill", ", ".join(lacking[:10])


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def is_elsewhere(row: Any) -> bool:
    """Say whether a person or a job is on the map far from the town it names."""
    named = (
        locate(row.city, row.country) if row.city and row.lat is not None and row.lon is not None else None
    )
    return named is not None and float(haversine_km(row.lat, row.lon, named.lat, named.lon)) > FAR_KM


def _day(value: Any) -> date | None:
    """A day from what a position says: 2019, 2019-03 or 2019-03-05."""
    found = re.match(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", str(value or ""))
    if not found:
        return None
    year, month, day = (int(part) if part else 1 for part in found.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None
