"""Changing what a job asks. Every version is kept, so an answer keeps the question it was given to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from segue.catalog.models import Job
from segue.hire.actions.deciding import named_human
from segue.hire.models import Question, QuestionKind, QuestionSet
from segue.hire.models.questions import LANGUAGES, LISTS
from segue.hire.queries.questions import question_set_of
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid, NotAllowed

MOST_QUESTIONS = 25
MOST_OPTIONS = 40
LONGEST_LABEL = 300
LONGEST_HELP = 500
LONGEST_OPTION = 120
LONGEST_WHY = 200


@action("hire.set_questions")
def set_questions(job: Job, *, questions: Sequence[Question], by: Actor) -> QuestionSet:
    """Let a job ask these questions, as a new version. Raises NotAllowed, Invalid.

    Who has the form open answers the questions they see; who answered keeps theirs.
    """
    _talent_team(by)
    before = _held(job)
    known = before.specs if before else []
    after = checked_questions(questions, known=known, used=_keys_ever(job))
    if before is not None and [one.as_json() for one in after] == before.questions:
        return before
    return QuestionSet.objects.create(
        job=job,
        version=before.version + 1 if before else 1,
        questions=[one.as_json() for one in after],
        made_by_id=by.account_id,
    )


@action("hire.undo_questions")
def undo_questions(made: QuestionSet, *, by: Actor) -> QuestionSet:
    """Ask again what was asked before this version, the newest. Raises NotAllowed, Conflict."""
    _talent_team(by)
    job = made.job
    if job is None:
        raise Conflict(_("A template is put back by saving it again."), field="questions")
    newest = _held(job)
    if newest is None or newest.pk != made.pk:
        raise Conflict(_("The questions have been changed again since."), remedy=_("Load the page again."))
    earlier = question_set_of(job.pk, made.version - 1)
    return QuestionSet.objects.create(
        job=job,
        version=made.version + 1,
        questions=earlier.questions if earlier else [],
        made_by_id=by.account_id,
    )


@action("hire.keep_question_template")
def keep_question_template(name: str, *, questions: Sequence[Question], by: Actor) -> QuestionSet:
    """Keep questions under a name, for other jobs; a name that is there gets a new version.

    Raises NotAllowed, Invalid.
    """
    _talent_team(by)
    words = " ".join(name.split())
    if not words or len(words) > 80:
        raise Invalid(_("A template needs a name."), field="name", remedy=_("Use up to 80 characters."))
    newest = QuestionSet.objects.select_for_update().filter(job=None, name=words).order_by("-version").first()
    said = [one.as_json() for one in checked_questions(questions)]
    if not said:
        raise Invalid(_("There is no question to keep."), field="questions", remedy=_("Write one first."))
    if newest is not None and newest.questions == said:
        return newest
    version = newest.version + 1 if newest else 1
    return QuestionSet.objects.create(name=words, version=version, questions=said, made_by_id=by.account_id)


def with_template(questions: Sequence[Question], template: QuestionSet) -> list[Question]:
    """Return a job's questions with a template's behind them; what is asked already is not asked twice."""
    asked = {(one.kind, one.label) for one in questions}
    fresh = [replace(one, key="") for one in template.specs if (one.kind, one.label) not in asked]
    return [*questions, *fresh]


def checked_questions(
    questions: Sequence[Question], known: Sequence[Question] = (), used: Iterable[str] = ()
) -> list[Question]:
    """Return questions tidied, new ones with a key nobody used before. Raises Invalid."""
    if len(questions) > MOST_QUESTIONS:
        raise Invalid(
            _("These are too many questions."),
            field="questions",
            remedy=_("Ask at most %d; every one costs applicants time.") % MOST_QUESTIONS,
        )
    kinds = {one.key: one.kind for one in known}
    taken = set(used) | set(kinds)
    found: list[Question] = []
    for one in questions:
        tidy = _tidied(one)
        if kinds.get(tidy.key) != tidy.kind:  # a new question, or one that became another
            tidy = replace(tidy, key=_fresh_key(taken))
        if tidy.key in {other.key for other in found}:
            tidy = replace(tidy, key=_fresh_key(taken))
        taken.add(tidy.key)
        found.append(tidy)
    return found


def _fresh_key(taken: set[str]) -> str:
    return next(key for at in range(1, 10_000) if (key := f"q{at}") not in taken)


def _tidied(one: Question) -> Question:
    label, told = _line(one.label), one.help.replace("\x00", "").strip()
    if one.kind not in QuestionKind.values:
        raise Invalid(_("Say what kind of answer it takes."), field="kind", remedy=_("Choose from the list."))
    if not label or len(label) > LONGEST_LABEL or len(told) > LONGEST_HELP:
        raise Invalid(
            _("Every question needs words."),
            field="label",
            remedy=_("Use up to 300 characters, and 500 for the hint."),
        )
    options = _options(one, label) if one.kind in LISTS else ()
    numbers = one.kind == QuestionKind.NUMBER
    return replace(
        one,
        label=label,
        help=told,
        options=options,
        look_at=tuple(said for said in one.look_at if said in _answerable(one.kind, options)),
        look_below=one.look_below if numbers else None,
        look_above=one.look_above if numbers else None,
        look_why=_line(one.look_why)[:LONGEST_WHY],
        worded=_worded(one.worded, options),
    )


def _answerable(kind: str, options: tuple[str, ...]) -> tuple[str, ...]:
    return ("yes", "no") if kind == QuestionKind.YES_NO else options


def _options(one: Question, label: str) -> tuple[str, ...]:
    options = tuple(dict.fromkeys(words for said in one.options if (words := _line(said))))
    longest = max((len(said) for said in options), default=0)
    if not 2 <= len(options) <= MOST_OPTIONS or longest > LONGEST_OPTION:
        raise Invalid(
            _("“%s” needs answers to choose from.") % label,
            field="options",
            remedy=_("Write between 2 and 40 of them, a line each, up to 120 characters."),
        )
    return options


def _worded(said: Mapping[str, Mapping[str, Any]], options: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """Keep what is worded in languages we know; options only where each has its word."""
    found: dict[str, dict[str, Any]] = {}
    for language, words in said.items():
        label = _line(str(words.get("label", "")))[:LONGEST_LABEL]
        told = str(words.get("help", "")).replace("\x00", "").strip()[:LONGEST_HELP]
        lines = [line for each in words.get("options", ()) if (line := _line(str(each))[:LONGEST_OPTION])]
        kept = {"label": label, "help": told, "options": lines if len(lines) == len(options) else []}
        if language in LANGUAGES and any(kept.values()):
            found[language] = kept
    return found


def _line(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())


def _held(job: Job) -> QuestionSet | None:
    """Return the newest version, with the job locked: two who save at once get two versions."""
    Job.objects.select_for_update().get(pk=job.pk)
    return question_set_of(job.pk)


def _keys_ever(job: Job) -> set[str]:
    rows = QuestionSet.objects.filter(job=job).values_list("questions", flat=True)
    return {str(one["key"]) for questions in rows for one in questions}


def _talent_team(by: Actor) -> None:
    if not by.is_talent_team:
        raise NotAllowed(_("Only the talent team changes what is asked."), remedy=_("Ask a recruiter."))
    named_human(by)
