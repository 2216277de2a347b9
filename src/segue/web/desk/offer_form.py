"""The form of an offer: from typed words to its terms and back. Times are the candidate's own."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from segue.catalog.models import PayPeriod, Remote
from segue.hire.actions.offers.terms import first_letter, moment_in, zone_of
from segue.hire.models import Application, Offer, Terms
from segue.kit import clock
from segue.kit.errors import SegueError
from segue.web.desk.form_fields import PlainDecimal

STANDS_DAYS, EVENING = 7, 18
PERIODS = [choice for choice in PayPeriod.choices if choice[0]]


class OfferForm(forms.Form):
    """Checks only that numbers are numbers and days are days; the rules of an offer are its action's."""

    title = forms.CharField(max_length=300, label=_("Position"))
    pay_amount = PlainDecimal(max_digits=14, decimal_places=2, label=_("Pay, before tax"))
    pay_currency = forms.CharField(max_length=3, label=_("Currency"), help_text=_("Such as EUR."))
    pay_period = forms.ChoiceField(choices=PERIODS, label=_("Paid"))
    starts_on = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    hours_per_week = PlainDecimal(max_digits=4, decimal_places=1, label=_("Hours a week"))
    place = forms.CharField(max_length=200, required=False, label=_("Place"))
    remote = forms.ChoiceField(choices=Remote, required=False, label=_("Remote work"))
    template = forms.CharField(
        max_length=20_000, label=_("Letter"), widget=forms.Textarea(attrs={"rows": 14, "dir": "auto"})
    )
    clauses = forms.CharField(
        max_length=10_000,
        required=False,
        label=_("What else is agreed"),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    expires_at = forms.CharField(
        max_length=30, label=_("Stands until"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.fields["expires_at"].help_text = _("By the clocks of %s, where they live.") % zone_of(zone).key
        for field in self.fields.values():
            field.widget.attrs["class"] = "input input-small"

    def clean_expires_at(self) -> datetime:
        return read_moment(self.cleaned_data["expires_at"], self.zone)

    def terms(self) -> Terms:
        return Terms(**{name: self.cleaned_data[name] for name in Terms.__dataclass_fields__})

    def rows(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """Return the fields in the groups a person thinks in."""
        groups = (
            (_("The position"), "title starts_on hours_per_week"),
            (_("Pay"), "pay_amount pay_currency pay_period"),
            (_("Where"), "place remote"),
            (_("In words"), "template clauses"),
            (_("Time to think"), "expires_at"),
        )
        return [(title, [self[name] for name in names.split()]) for title, names in groups]


def read_moment(text: str, zone: str) -> datetime:
    """Read a day and hour as a zone's clocks show them. Raises ValidationError."""
    try:
        naive = datetime.fromisoformat(text.strip())
    except ValueError:
        raise forms.ValidationError(_("This is no day and hour.")) from None
    return naive if naive.tzinfo else moment_in(zone, naive)


def shown_moment(at: datetime, zone: str) -> str:
    """Return a moment as a form shows it in a zone."""
    return timezone.localtime(at, zone_of(zone)).strftime("%Y-%m-%dT%H:%M")


def first_values(application: Application) -> dict[str, Any]:
    """Return what a new offer begins with: the job's own words, and a week to think."""
    job, zone = application.job, application.person.time_zone
    return {
        "title": job.title,
        "pay_currency": job.pay_currency or "EUR",
        "pay_period": job.pay_period or "year",
        "hours_per_week": 40,
        "place": job.city,
        "remote": job.remote,
        "template": first_letter(),
        "expires_at": shown_moment(_evening(zone_of(zone)), zone),
    }


def _evening(zone: ZoneInfo) -> datetime:
    then = timezone.localtime(clock.now(), zone) + timedelta(days=STANDS_DAYS)
    return then.replace(hour=EVENING, minute=0, second=0, microsecond=0)


def values_of(offer: Offer) -> dict[str, Any]:
    """Return what the form shows of an offer that is there."""
    said = {name: getattr(offer, name) for name in Terms.__dataclass_fields__}
    return said | {"expires_at": shown_moment(offer.expires_at, offer.time_zone)}


def note_refusal(form: OfferForm, error: SegueError) -> None:
    """Put a refusal beside the field it names, with its remedy."""
    field = error.field if error.field in form.fields else None
    form.add_error(field, f"{error.message} {error.remedy}".strip())
