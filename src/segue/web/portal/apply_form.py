"""The application form: five questions, none of them twice."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from segue.hire.actions.applications import Applicant
from segue.kit.errors import Invalid
from segue.trust.models import Purpose
from segue.web.portal.purposes import Choice, choices
from segue.web.portal.resume_file import ACCEPTED, read_resume_file


def _input(**attributes: str) -> dict[str, str]:
    return {"class": "input", "dir": "auto", **attributes}


class ApplyForm(forms.Form):
    """Name, address, résumé, a note if one likes, and switches that start off."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=300,
        error_messages={"required": _("Write the name you go by.")},
        widget=forms.TextInput(_input(autocomplete="name")),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("We send you a link to follow your application."),
        error_messages={
            "required": _("We need it to answer you."),
            "invalid": _("This is not an address. Write it like name@example.com."),
        },
        widget=forms.EmailInput({"class": "input", "autocomplete": "email"}),
    )
    resume_text = forms.CharField(
        label=_("Your résumé, as text"),
        required=False,
        max_length=200_000,
        help_text=_("Paste it, or write a few lines about what you have done. Layout does not matter."),
        widget=forms.Textarea(_input(rows="9")),
    )
    resume_file = forms.FileField(
        label=_("or a file"),
        required=False,
        help_text=_("PDF, Word (.docx), plain text or JSON Resume (.json)."),
        widget=forms.FileInput({"class": "input", "accept": ACCEPTED}),
    )
    note = forms.CharField(
        label=_("Anything you want to add"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(_input(rows="3")),
    )

    def __init__(self, *args: Any, known_email: str = "", **kwargs: Any) -> None:
        """`known_email` is the signed-in person's own address, which the form must not change."""
        super().__init__(*args, **kwargs)
        if known_email:
            self.fields["email"].disabled = True
            self.initial["email"] = known_email
        for name in ("resume_text", "resume_file"):
            self.fields[name].one_of_two = True  # type: ignore[attr-defined]  # neither is optional alone
        for name, field in self.fields.items():
            hint = f"id_{name}_helptext" if field.help_text else ""
            error = f"id_{name}_error" if self.is_bound and name in self.errors else ""
            if described := f"{hint} {error}".strip():
                field.widget.attrs["aria-describedby"] = described

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("resume_file"):
            try:
                found["resume_text"], found["file_name"] = read_resume_file(found["resume_file"])
            except Invalid as refused:
                self.add_error("resume_file", str(f"{refused.message} {refused.remedy}"))
        elif not found.get("resume_text", "").strip() and "resume_text" not in self.errors:
            self.add_error(
                "resume_text", _("Please give us something to read: paste your résumé or a few lines.")
            )
        return found

    def applicant(self) -> Applicant:
        """Return what was typed, once the form is valid."""
        data = self.cleaned_data
        return Applicant(
            name=data["name"],
            email=data["email"],
            resume_text=data["resume_text"],
            file_name=data.get("file_name", ""),
            note=data["note"],
        )

    def consents(self) -> dict[str, bool]:
        """Return the switches; one that is off is a no."""
        return {purpose: self.data.get(f"consent_{purpose}") == "on" for purpose in Purpose.values}

    def switches(self) -> list[Choice]:
        """Return the switches as they stand in the form: off, until somebody turns them on."""
        on = {purpose for purpose in Purpose.values if self.data.get(f"consent_{purpose}") == "on"}
        return choices(frozenset(on))
