"""The form of a job's questions: a row a question, and one empty row to add another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from segue.hire.models import Question
from segue.hire.models.questions import LANGUAGES
from segue.kit.errors import Invalid
from segue.trust.protected_words import asks_for

MOST_ROWS = 40
OTHER_LANGUAGES = {code: name for code, name in LANGUAGES.items() if code != "en"}


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One row of the editor: the question as it stands, its place, and what the guard saw in it."""

    question: Question
    place: int
    seen: Sequence[tuple[str, str]] = ()

    @property
    def options(self) -> str:
        return "\n".join(self.question.options)

    @property
    def look_at(self) -> str:
        return "\n".join(self.question.look_at)

    @property
    def worded(self) -> list[tuple[str, str, str, str, str]]:
        """Return (code, language, label, help, options) for each other language."""
        found = []
        for code, name in OTHER_LANGUAGES.items():
            words = self.question.worded.get(code, {})
            options = "\n".join(words.get("options", ()))
            found.append((code, name, words.get("label", ""), words.get("help", ""), options))
        return found


def rows_for(questions: Sequence[Question]) -> list[QuestionRow]:
    """Return the rows a form begins with, each with what the guard saw."""
    return [QuestionRow(one, at + 1, words_seen(one)) for at, one in enumerate(questions)]


def words_seen(question: Question) -> list[tuple[str, str]]:
    """Return the words by which a question asks for a protected attribute, in any of its languages."""
    said = [question.label, question.help, *question.options]
    for words in question.worded.values():
        said += [str(words.get("label", "")), str(words.get("help", ""))]
    return asks_for(" \n ".join(said))


def read_rows(said: QueryDict) -> list[Question]:
    """Return the questions in the order typed; a row that goes, or is empty, is none. Raises Invalid."""
    kept: list[tuple[float, int, Question]] = []
    for at in range(MOST_ROWS):
        label = said.get(f"label-{at}")
        if label is None or not label.strip() or said.get(f"goes-{at}"):
            continue
        kept.append((_place(said.get(f"place-{at}", ""), at), at, _question(said, at, label)))
    return [question for _place_, _at, question in sorted(kept, key=lambda row: row[:2])]


def _question(said: QueryDict, at: int, label: str) -> Question:
    worded = {
        code: {
            "label": said.get(f"label-{code}-{at}", ""),
            "help": said.get(f"help-{code}-{at}", ""),
            "options": said.get(f"options-{code}-{at}", "").splitlines(),
        }
        for code in OTHER_LANGUAGES
    }
    return Question(
        key=said.get(f"key-{at}", "")[:40],
        kind=said.get(f"kind-{at}", ""),
        label=label,
        help=said.get(f"help-{at}", ""),
        required=said.get(f"required-{at}") == "1",
        options=tuple(said.get(f"options-{at}", "").splitlines()),
        look_at=tuple(" ".join(each.split()) for each in said.get(f"look-{at}", "").splitlines()),
        look_below=_number(said.get(f"below-{at}", ""), label),
        look_above=_number(said.get(f"above-{at}", ""), label),
        look_why=said.get(f"why-{at}", ""),
        worded=worded,
    )


def _number(text: str, label: str) -> float | None:
    if not text.strip():
        return None
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        value = float("nan")
    if not abs(value) < 1e15:
        raise Invalid(
            _("The limit of “%s” is not a number.") % label,
            field="look",
            remedy=_("Leave it empty for none."),
        )
    return value


def _place(text: str, at: int) -> float:
    try:
        place = float(text)
    except ValueError:
        return at + 1.0
    return place if -1e6 < place < 1e6 else at + 1.0
