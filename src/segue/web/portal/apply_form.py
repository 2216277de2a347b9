"""The application form: five questions and the job's own, none of them twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from segue.hire.actions.answering import Answered
from segue.hire.actions.applications import Applicant
from segue.hire.models import Need, Question
from segue.kit.errors import Invalid
from segue.trust.models import Purpose
from segue.web.asked import AskedField, fields_for, read_answers
from segue.web.portal.purposes import Choice, choices
from segue.web.portal.resume_file import ACCEPTED, read_resume_file


def _input(**attributes: str) -> dict[str, str]:
    return {"class": "input", "dir": "auto", **attributes}


class ApplyForm(forms.Form):
    """Name, address, résumé, the job's questions, a note if one likes, and switches that start off.

    Whatever is refused, what was typed stays, and so does what was read from a file.
    """

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
        widget=forms.EmailInput({"class": "input", "autocomplete": "email", "inputmode": "email"}),
    )
    resume_file = forms.FileField(
        label=_("Your résumé, as a file"),
        required=False,
        help_text=_("PDF, Word (.docx), plain text or JSON Resume (.json)."),
        widget=forms.FileInput({"class": "input", "accept": ACCEPTED}),
    )
    resume_text = forms.CharField(
        label=_("or as text"),
        required=False,
        max_length=200_000,
        help_text=_("Paste it, or write a few lines about what you have done. Layout does not matter."),
        widget=forms.Textarea(_input(rows="6")),
    )
    note = forms.CharField(
        label=_("Anything you want to add"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(_input(rows="3")),
    )
    need_text = forms.CharField(
        label=_("In your words"),
        required=False,
        max_length=3000,
        widget=forms.Textarea(_input(rows="3", autocomplete="off")),
    )

    def __init__(
        self,
        said: QueryDict | None = None,
        *args: Any,
        known_email: str = "",
        questions: Sequence[Question] = (),
        checks: bool = True,
        **kwargs: Any,
    ) -> None:
        """`known_email` is the signed-in person's own address, which the form must not change.

        With `checks` off, what was typed is shown again and nothing is found wrong with it yet.
        """
        self.said = said.copy() if said is not None else None
        super().__init__(self.said if checks else None, *args, **kwargs)
        self.questions = questions
        self.answered: list[Answered] = []
        self.wrong: dict[str, str] = {}
        self.read_from = self.said.get("file_name", "")[:255] if self.said is not None else ""
        if not checks and self.said is not None:
            self.initial.update({name: self.said[name] for name in self.fields if name in self.said})
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
        found["file_name"] = self.read_from if found.get("resume_text") else ""
        if found.get("resume_file"):
            try:
                found["resume_text"], found["file_name"] = read_resume_file(found["resume_file"])
            except Invalid as refused:
                self.add_error("resume_file", str(f"{refused.message} {refused.remedy}"))
            else:
                self._keep(found["resume_text"], found["file_name"])
        elif not found.get("resume_text", "").strip() and "resume_text" not in self.errors:
            self.add_error(
                "resume_text", _("Please give us something to read: paste your résumé or a few lines.")
            )
        return found

    def is_valid(self) -> bool:
        plain = super().is_valid()
        if self.said is not None:
            self.answered, self.wrong = read_answers(self.questions, self.said, self.language)
        return plain and not self.wrong

    def take_file(self, file: Any) -> str:
        """Read a résumé into the form, to be looked at first; returns its text. Raises Invalid."""
        text, name = read_resume_file(file)
        self._keep(text, name)
        self.initial["resume_text"] = text
        return text

    def _keep(self, text: str, name: str) -> None:
        """A browser forgets a chosen file when a page is shown again; its text stays in the form instead."""
        if self.said is not None:
            self.said["resume_text"], self.said["file_name"] = text, name
        self.read_from = name

    @property
    def language(self) -> str:
        return get_language() or "en"

    @property
    def asked(self) -> list[AskedField]:
        """The job's questions as they stand in the form."""
        return fields_for(self.questions, self.said, self.wrong, self.language)

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
        return {purpose: purpose in self._on() for purpose in Purpose.values}

    def switches(self) -> list[Choice]:
        """Return the switches as they stand in the form: off, until somebody turns them on."""
        return choices(self._on())

    def _on(self) -> frozenset[str]:
        said = self.said if self.said is not None else QueryDict()
        return frozenset(purpose for purpose in Purpose.values if said.get(f"consent_{purpose}") == "on")

    @property
    def chosen_needs(self) -> tuple[str, ...]:
        said = self.said.getlist("need") if self.said is not None else []
        return tuple(need for need in Need.values if need in said)

    @property
    def needs(self) -> list[tuple[str, str, bool]]:
        """What may be asked to be different, each with whether it is chosen."""
        return [(value, str(label), value in self.chosen_needs) for value, label in Need.choices]
