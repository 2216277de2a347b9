"""What an offer may say: every field checked, and the letter's places filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from segue.catalog.models import PayPeriod, Remote
from segue.catalog.places import CURRENCIES
from segue.engage.actions.templates import FIELDS, check_words, fill_in
from segue.hire.models import Offer, Terms
from segue.kit import clock
from segue.kit.errors import Invalid

PLACES = (*(name for name in FIELDS if name != "link"), "title", "pay", "start", "hours", "place")
MOST_PAY = Decimal(10) ** 11
MOST_HOURS = Decimal(80)
FARTHEST_START = timedelta(days=3 * 365)
FARTHEST_END = timedelta(days=180)
LONGEST = {"title": 300, "place": 200, "clauses": 10_000, "template": 20_000}


def first_letter() -> str:
    """Return the letter to start from where nobody has written one."""
    return _(
        "Dear {{ first_name }},\n\n"
        "it was good to get to know you, and we would like to go on. {{ employer }} offers you the position "
        "of {{ title }}, beginning on {{ start }}.\n\n"
        "Your pay is {{ pay }}, before tax. You work {{ hours }} hours a week; your place of work is "
        "{{ place }}.\n\n"
        "Please read everything in peace. If anything is unclear, ask: {{ sender }} answers gladly.\n\n"
        "{{ sender }}\n{{ employer }}"
    )


def checked(terms: Terms) -> Terms:
    """Return the terms with their edges trimmed. Raises Invalid, naming the field and the remedy.

    An amount is refused rather than rounded: nobody is offered a figure that no one wrote.
    """
    tidy = replace(
        terms,
        title=" ".join(terms.title.split()),
        place=" ".join(terms.place.split()),
        clauses=_prose(terms.clauses),
        template=_prose(terms.template),
        pay_currency=terms.pay_currency.strip().upper(),
    )
    for field, longest in LONGEST.items():
        if len(getattr(tidy, field)) > longest:
            raise Invalid(_("This is too long."), field=field, remedy=_("Keep it under %d.") % longest)
    if not tidy.title:
        raise Invalid(_("An offer needs a title."), field="title", remedy=_("Say what the position is."))
    check_words(tidy.template, field="template", known=PLACES)
    _check_pay(tidy)
    _check_days(tidy)
    if tidy.remote not in Remote.values:
        raise Invalid(_("Say where they work."), field="remote", remedy=_("Choose from the list."))
    hours = tidy.hours_per_week
    if not hours.is_finite() or not 0 < hours <= MOST_HOURS or not _fits(hours, 1):
        raise Invalid(
            _("These are no hours of a week."), field="hours_per_week", remedy=_("For example 40 or 37.5.")
        )
    return tidy


def read_amount(text: str, *, field: str) -> Decimal:
    """Read a figure as typed, `64000` or `64,000.50`. Raises Invalid for anything else.

    >>> read_amount("64,000.50", field="pay")
    Decimal('64000.50')
    """
    try:
        found = Decimal(text.strip().replace(",", "").replace(" ", "").replace("’", ""))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise Invalid(
            _("“%s” is no figure.") % text[:40], field=field, remedy=_("For example 64000 or 2450.50.")
        )
    return found


def zone_of(name: str) -> ZoneInfo:
    """Return the zone of that name; UTC for what is none."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def filled_in(offer: Offer, *, sender: str) -> str:
    """Return the letter with every name and figure in its place. Raises Invalid where one is not known."""
    return fill_in(offer.template, _values(offer, sender), field="template", known=PLACES)


def _values(offer: Offer, sender: str) -> Mapping[str, str]:
    person, job = offer.application.person, offer.application.job
    first = person.name.split()
    return {
        "name": person.name,
        "first_name": first[0] if first else "",
        "job": job.title,
        "employer": settings.EMPLOYER_NAME,
        "sender": sender,
        "title": offer.title,
        "pay": offer.pay_said,
        "start": date_format(offer.starts_on, _("j F Y")),
        "hours": format(offer.hours_per_week.normalize(), "f"),
        "place": offer.place or (str(Remote(offer.remote).label) if offer.remote else ""),
    }


def _check_pay(terms: Terms) -> None:
    if not terms.pay_amount.is_finite() or not 0 < terms.pay_amount < MOST_PAY:
        raise Invalid(_("This is no pay."), field="pay_amount", remedy=_("Write a figure above zero."))
    if not _fits(terms.pay_amount, 2):
        raise Invalid(
            _("Pay has two digits after the point."), field="pay_amount", remedy=_("For example 2450.50.")
        )
    if terms.pay_currency not in CURRENCIES:
        raise Invalid(
            _("“%s” is not a currency code.") % terms.pay_currency[:20],
            field="pay_currency",
            remedy=_("Use three letters, such as EUR."),
        )
    if terms.pay_period not in PayPeriod.values or not terms.pay_period:
        raise Invalid(_("Pay for how long?"), field="pay_period", remedy=_("Choose from the list."))


def _check_days(terms: Terms) -> None:
    at = clock.now()
    today = at.date()
    if not today - timedelta(days=1) <= terms.starts_on <= today + FARTHEST_START:
        raise Invalid(
            _("They cannot begin on that day."), field="starts_on", remedy=_("Choose a day to come.")
        )
    check_end(terms.expires_at, after=at)


def check_end(until: datetime, *, after: datetime) -> None:
    """Raise Invalid for an end that is past, or half a year off."""
    if not after < until <= after + FARTHEST_END:
        raise Invalid(
            _("An offer stands until a moment to come, within half a year."),
            field="expires_at",
            remedy=_("Choose another day or hour."),
        )


def moment_in(zone: str, naive: datetime) -> datetime:
    """Return the moment when the clocks of a zone show this time; an hour that comes twice is the first."""
    return naive.replace(tzinfo=zone_of(zone), fold=0)


def day_in(zone: str, at: datetime) -> date:
    """Return the calendar day of a moment where the person is."""
    return at.astimezone(zone_of(zone)).date()


def said_in(zone: str, at: datetime) -> str:
    """Say a moment as the clocks of a zone show it, with the zone's name."""
    there = at.astimezone(zone_of(zone))
    return f"{date_format(there, _('l, j F Y, H:i'))} ({zone_of(zone).key})"


def _fits(value: Decimal, places: int) -> bool:
    """Say whether a figure has no more digits after the point; comparing is exact, rounding is not kept."""
    return value == value.quantize(Decimal(1).scaleb(-places))


def _prose(text: str) -> str:
    return text.replace("\x00", "").replace("\r\n", "\n").strip()
