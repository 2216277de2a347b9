"""The job editor's form: from typed words to the job's fields and back, losing nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from segue.catalog.models import EmploymentType, Job, PayPeriod, Remote
from segue.catalog.queries.brands import brands_visible_to
from segue.catalog.queries.skills import labels, vocabulary
from segue.engine.lexicon import find_skills, slug_of
from segue.kit.actor import Actor
from segue.kit.errors import SegueError
from segue.web.desk.form_fields import PlainDecimal

_LISTS = ("required_skills", "nice_skills", "licences")
_END_OF_DAY = time(23, 59, 59, tzinfo=UTC)


class JobForm(forms.Form):
    """Checks only that numbers are numbers and days are days; the rules of a job are its action's."""

    title = forms.CharField(max_length=300, label=_("Title"))
    department = forms.CharField(max_length=200, required=False, label=_("Department"))
    brand = forms.ChoiceField(required=False, label=_("Brand"))
    employment_type = forms.ChoiceField(choices=EmploymentType, required=False, label=_("Employment"))
    openings = forms.IntegerField(min_value=1, initial=1, label=_("Openings"))
    city = forms.CharField(max_length=120, required=False, label=_("City"))
    country = forms.CharField(
        max_length=2, required=False, label=_("Country"), help_text=_("Two letters, such as DE.")
    )
    address = forms.CharField(max_length=300, required=False, label=_("Address"))
    remote = forms.ChoiceField(choices=Remote, required=False, label=_("Remote work"))
    pay_min = PlainDecimal(required=False, label=_("Pay from"), max_digits=14, decimal_places=2)
    pay_max = PlainDecimal(required=False, label=_("Pay to"), max_digits=14, decimal_places=2)
    pay_currency = forms.CharField(
        max_length=3, required=False, label=_("Currency"), help_text=_("Three letters, such as EUR.")
    )
    pay_period = forms.ChoiceField(choices=PayPeriod, required=False, label=_("Paid"))
    required_skills = forms.CharField(
        required=False, label=_("Needed skills"), help_text=_("With commas between them.")
    )
    nice_skills = forms.CharField(
        required=False, label=_("Welcome skills"), help_text=_("With commas between them.")
    )
    licences = forms.CharField(required=False, label=_("Licences"), help_text=_("With commas between them."))
    permit_country = forms.CharField(
        max_length=2,
        required=False,
        label=_("Work permit for"),
        help_text=_("Two letters; empty if none is needed."),
    )
    valid_through = forms.DateField(
        required=False, label=_("Last day to apply"), widget=forms.DateInput(attrs={"type": "date"})
    )
    description = forms.CharField(
        required=False, label=_("Description"), widget=forms.Textarea(attrs={"rows": 14, "dir": "auto"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer_brands()
        for field in self.fields.values():
            field.widget.attrs["class"] = "input input-small"

    def _offer_brands(self) -> None:
        """Offer the house and the living brands, and a retired one only where the job has it already."""
        held = self.data.get("brand") or self.initial.get("brand")
        rows = list(brands_visible_to(Actor.machine("the job editor")).order_by("name"))
        rows = [row for row in rows if row.retired_at is None or row.key == held]
        if not rows:
            del self.fields["brand"]
            return
        retired = gettext("%s (retired)")
        choices = [(row.key, retired % row.name if row.retired_at else row.name) for row in rows]
        self.fields["brand"].choices = [("", settings.EMPLOYER_NAME), *choices]  # type: ignore[attr-defined]  # a ChoiceField

    def fields_for_job(self, job: Job | None = None) -> dict[str, Any]:
        """Return the cleaned values as the job's verbs take them; what was not touched stays as it is."""
        said = dict(self.cleaned_data)
        for name in ("required_skills", "nice_skills"):
            said[name] = skill_slugs(said[name])
        said["licences"] = _listed(said["licences"])
        for name in ("country", "pay_currency", "permit_country"):
            said[name] = said[name].strip().upper()
        last_day: date | None = said["valid_through"]
        said["valid_through"] = datetime.combine(last_day, _END_OF_DAY) if last_day else None
        return said | self._untouched(job) if job else said

    def _untouched(self, job: Job) -> dict[str, Any]:
        """Words stand for values here, so an unchanged word must not change the value behind it."""
        shown = filled_from(job)
        names = (*_LISTS, "valid_through")
        return {name: getattr(job, name) for name in names if self.cleaned_data[name] == shown[name]}

    def rows(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """Return the fields in the groups a person thinks in."""
        groups = (
            (_("The role"), "title department brand employment_type openings"),
            (_("Where"), "city country address remote"),
            (_("Pay"), "pay_min pay_max pay_currency pay_period"),
            (_("What it takes"), "required_skills nice_skills licences permit_country"),
            (_("In words"), "description valid_through"),
        )
        return [
            (title, [self[name] for name in names.split() if name in self.fields]) for title, names in groups
        ]


def _listed(text: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def skill_slugs(text: str) -> list[str]:
    """Return the vocabulary's names for skills typed in anybody's words; unknown ones keep their own."""
    parts = _listed(text)
    if not parts:
        return []
    known = vocabulary()
    slugs = []
    for part in parts:
        found = find_skills(part, known)
        whole = len(found) == 1 and (found[0].start, found[0].end) == (0, len(part))
        slugs.append(found[0].slug if whole else slug_of(part))
    return list(dict.fromkeys(slug for slug in slugs if slug))


def filled_from(job: Job) -> dict[str, Any]:
    """Return what the editor shows for a job that is there."""
    names = labels([*job.required_skills, *job.nice_skills])
    filled = {name: getattr(job, name) for name in JobForm.base_fields}
    filled["brand"] = job.brand.key if job.brand else ""
    filled["required_skills"] = ", ".join(names.get(slug, slug) for slug in job.required_skills)
    filled["nice_skills"] = ", ".join(names.get(slug, slug) for slug in job.nice_skills)
    filled["licences"] = ", ".join(job.licences)
    filled["valid_through"] = job.valid_through.date() if job.valid_through else None
    return filled


def note_error(form: JobForm, error: SegueError) -> None:
    """Put a refusal beside the field it names, with its remedy."""
    field = error.field if error.field in form.fields else None
    form.add_error(field, f"{error.message} {error.remedy}".strip())


def preview_of(form: JobForm) -> dict[str, Any]:
    """Return the words the card would show for what is typed so far, right or wrong."""
    typed = {name: form[name].value() or "" for name in form.fields}
    shown = {name: dict(form.fields[name].choices).get(typed[name], "") for name in _CHOICES}  # type: ignore[attr-defined]
    skills = _listed(str(typed["required_skills"]))
    return {**typed, **{f"{name}_label": label for name, label in shown.items()}, "skills": skills[:4]}


_CHOICES = ("remote", "employment_type", "pay_period")
