"""Reading answers, keeping them, and routing those that want a look to a named person.

No answer turns anybody down. One that the job's team wants to see first opens a review in the name of a
colleague, with the answer and the team's own reason in it; the application goes on as any other does.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from segue.hire.models import Answer, Application, Question, QuestionKind
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Invalid
from segue.trust.actions.decisions import write_decision
from segue.trust.actions.reviews import open_review
from segue.trust.queries.contacts import account_for

LONGEST = {QuestionKind.SHORT_TEXT: 300, QuestionKind.LONG_TEXT: 5_000}
TURNS = ("read in turn", "looked at first")


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer as it will be kept: the question as asked, the value, and why it wants a look."""

    key: str
    kind: str
    asked: str
    value: Any
    text: str
    place: int
    look_why: str = ""

    def __str__(self) -> str:
        return "an answer"  # audit lines and logs must not repeat what people write

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def answer_to(question: Question, said: Sequence[str], *, place: int, language: str = "") -> Answered | None:
    """Read what a form says to one question; nothing for no answer. Raises Invalid, naming the question.

    Choices are sent as their place in the list, so that it does not matter in which language they were read.
    """
    told = question.told(language)
    words = [text for each in said if (text := each.replace("\x00", "").strip())]
    if not words:
        if question.required:
            raise _refused(question, _("Please answer this."))
        return None
    value, text = _READERS[QuestionKind(question.kind)](question, told, words)
    return Answered(
        question.key,
        question.kind,
        told.label,
        value,
        text,
        place,
        why_look(question, value),
    )


def why_look(question: Question, value: Any) -> str:
    """Return why a person should look at this answer first, or "" where it needs no look."""
    chosen = value if isinstance(value, list) else [value]
    wanted = any(each in question.look_at for each in chosen)
    if isinstance(value, int | float) and not isinstance(value, bool):
        low, high = question.look_below, question.look_above
        wanted = (low is not None and value < low) or (high is not None and value > high)
    return (question.look_why or _("The team asked to see this answer first.")) if wanted else ""


@action("hire.keep_answers")
def keep_answers(
    application: Application, *, answers: Sequence[Answered], set_id: Any, by: Actor, language: str = ""
) -> list[Answer]:
    """Keep what was answered, once; what was answered before stands. Routes what wants a look."""
    if Answer.objects.filter(application=application).exists():
        return list(Answer.objects.filter(application=application).order_by("place"))
    rows = [
        Answer(application=application, set_id=set_id, language=language, **one.as_json()) for one in answers
    ]
    Answer.objects.bulk_create(rows)
    wanted = [one for one in rows if one.look_why]
    if wanted:
        _route(application, wanted, by=by)
    return rows


def _route(application: Application, wanted: Sequence[Answer], *, by: Actor) -> None:
    """Give the application to a named colleague, open the review, and leave the decision that did it."""
    person = account_for(application.job_id) if application.owner_id is None else application.owner
    if person is not None and application.owner_id is None:
        application.owner = person
        application.save(update_fields=["owner"])
    said = "\n".join(f"“{one.asked}”: {one.text}. {one.look_why}" for one in wanted)
    note = f"@{person.name}\n{said}" if person else said
    open_review("needs_look", person=application.person, job=application.job, note=note, by=by)
    write_decision(
        kind="application.routed",
        policy_id="questions.look",
        model_hash=str(wanted[0].set_id or ""),
        person_id=application.person_id,
        job_id=application.job_id,
        inputs={"application": str(application.pk), "answers": {one.key: one.value for one in wanted}},
        candidates=list(TURNS),
        chosen=[TURNS[1]],
        reason="; ".join(sorted({one.look_why for one in wanted})),
    )


def _yes_no(question: Question, told: Question, words: list[str]) -> tuple[str, str]:
    if words[0] not in {"yes", "no"}:
        raise _refused(question, _("Choose yes or no."))
    return words[0], _("Yes") if words[0] == "yes" else _("No")


def _one_of(question: Question, told: Question, words: list[str]) -> tuple[str, str]:
    at = _place_in(question, words[0])
    return question.options[at], told.options[at]


def _many_of(question: Question, told: Question, words: list[str]) -> tuple[list[str], str]:
    chosen = sorted({_place_in(question, each) for each in words})
    return [question.options[at] for at in chosen], ", ".join(told.options[at] for at in chosen)


def _place_in(question: Question, text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:6]) < len(question.options)):
        raise _refused(question, _("Choose from the list."))
    return int(text)


def _text(question: Question, told: Question, words: list[str]) -> tuple[str, str]:
    longest = LONGEST[QuestionKind(question.kind)]
    if len(words[0]) > longest:
        raise _refused(question, _("Keep it under %d characters.") % longest)
    return words[0], words[0]


def _number(question: Question, told: Question, words: list[str]) -> tuple[float, str]:
    plain = words[0].replace(" ", "").replace("\u00a0", "").replace("\u202f", "")
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    try:
        value = float(plain)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or abs(value) > 1e15 or "_" in plain:
        raise _refused(question, _("Write a number, like 3 or 2.5."))
    return (int(value) if value.is_integer() else value), words[0]


def _date(question: Question, told: Question, words: list[str]) -> tuple[str, str]:
    try:
        return date.fromisoformat(words[0]).isoformat(), words[0]
    except ValueError:
        raise _refused(question, _("Write a date like 2027-03-01.")) from None


_READERS = {
    QuestionKind.YES_NO: _yes_no,
    QuestionKind.ONE_OF: _one_of,
    QuestionKind.MANY_OF: _many_of,
    QuestionKind.SHORT_TEXT: _text,
    QuestionKind.LONG_TEXT: _text,
    QuestionKind.NUMBER: _number,
    QuestionKind.DATE: _date,
}


def _refused(question: Question, why: str) -> Invalid:
    return Invalid(why, field=question.key)
