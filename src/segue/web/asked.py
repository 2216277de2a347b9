"""A job's own questions in the form: as fields with what was typed, and read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from segue.hire.actions.answering import Answered, answer_to
from segue.hire.models import Question, QuestionKind
from segue.kit.errors import Invalid

AS_BUTTONS = 6  # so many options are shown at once; more become a list to open
_INPUTS = {
    QuestionKind.SHORT_TEXT: "text",
    QuestionKind.NUMBER: "text",  # a number field loses what it cannot read; this one tells
    QuestionKind.DATE: "date",
}


@dataclass(frozen=True, slots=True)
class AskedField:
    """One question as a form shows it. `options` are (value, words, is it chosen)."""

    question: Question
    name: str
    shape: str  # "radio" | "checks" | "select" | "text" | "date" | "area"
    options: Sequence[tuple[str, str, bool]]
    typed: str
    error: str = ""

    @property
    def is_group(self) -> bool:
        return self.shape in {"radio", "checks"}

    @property
    def id(self) -> str:
        """Return the id of what the summary of errors leads to."""
        return f"id_{self.name}_0" if self.is_group else f"id_{self.name}"

    @property
    def described_by(self) -> str:
        hint = f"id_{self.name}_helptext" if self.question.help else ""
        return f"{hint} id_{self.name}_error".strip() if self.error else hint


def fields_for(
    questions: Sequence[Question], said: QueryDict | None, errors: Mapping[str, str], language: str
) -> list[AskedField]:
    """Return the questions as they stand in the form, worded for who reads it."""
    return [
        _field(one.told(language), said.getlist(name_of(one)) if said else [], errors.get(one.key, ""))
        for one in questions
    ]


def name_of(question: Question) -> str:
    return f"q_{question.key}"


def read_answers(
    questions: Sequence[Question], said: QueryDict, language: str
) -> tuple[list[Answered], dict[str, str]]:
    """Return what was answered, and what is wrong by question."""
    found: list[Answered] = []
    wrong: dict[str, str] = {}
    for place, one in enumerate(questions):
        try:
            answer = answer_to(one, said.getlist(name_of(one)), place=place, language=language)
        except Invalid as refused:
            wrong[one.key] = f"{refused.message} {refused.remedy}".strip()
        else:
            found += [answer] if answer else []
    return found, wrong


def _field(told: Question, typed: list[str], error: str) -> AskedField:
    kind = QuestionKind(told.kind)
    options: list[tuple[str, str, bool]] = []
    if kind == QuestionKind.YES_NO:
        options = [("yes", _("Yes"), "yes" in typed), ("no", _("No"), "no" in typed)]
    elif told.options:
        options = [(str(at), words, str(at) in typed) for at, words in enumerate(told.options)]
    shape = _INPUTS.get(kind, "area")
    if options:
        shape = "checks" if kind == QuestionKind.MANY_OF else "radio"
        if kind == QuestionKind.ONE_OF and len(options) > AS_BUTTONS:
            shape = "select"
    return AskedField(told, name_of(told), shape, options, typed[0] if typed else "", error)
