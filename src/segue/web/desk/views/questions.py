"""What a job asks with an application: the editor with its preview, its undo and its templates."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from segue.catalog.models import Job
from segue.hire.actions.questions import (
    checked_questions,
    keep_question_template,
    set_questions,
    undo_questions,
    with_template,
)
from segue.hire.models import Question, QuestionKind
from segue.hire.models.questions import LANGUAGES
from segue.hire.queries.questions import (
    question_set_of,
    question_template_for,
    question_templates,
    questions_of,
)
from segue.kit.errors import Conflict, Invalid
from segue.web.actors import actor_of
from segue.web.asked import fields_for
from segue.web.desk.doors import posts_only, talent_team
from segue.web.desk.pages import desk_page
from segue.web.desk.question_form import read_rows, rows_for, words_seen
from segue.web.desk.reach import desk_job
from segue.web.desk.toast import SeeOther, Toast, do_and_return, in_words, leave_toast


@talent_team
def job_questions(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Edit what a job asks; what was typed is kept when something is refused or only looked at."""
    actor = actor_of(request)
    job = desk_job(actor, job_id)
    if request.method != "POST":
        return _editor(request, job, questions_of(job.pk))
    typed: list[Question] = []
    try:
        typed = read_rows(request.POST)
        if request.POST.get("do") == "preview":
            return _editor(request, job, checked_questions(typed, known=questions_of(job.pk)), preview=True)
        before = question_set_of(job.pk)
        made = set_questions(job, questions=typed, by=actor)
    except (Invalid, Conflict) as error:
        return _editor(request, job, typed or questions_of(job.pk), refused=in_words(error))
    changed = before is None or before.pk != made.pk
    leave_toast(request, _kept(job, made.specs, made.version if changed else 0))
    return SeeOther(reverse("desk:job_questions", args=[job.pk]))


def _kept(job: Job, questions: Sequence[Question], version: int) -> Toast:
    text = _("The questions are as you wrote them.")
    words = [word for one in questions for word, _attribute in words_seen(one)]
    if words:
        text += " " + _("Look at these words again: %s.") % ", ".join(dict.fromkeys(words))
    return Toast(text, reverse("desk:job_questions_undo", args=[job.pk, version]) if version else "")


def _editor(
    request: HttpRequest,
    job: Job,
    questions: Sequence[Question],
    *,
    preview: bool = False,
    refused: str = "",
) -> HttpResponse:
    language = request.POST.get("language", "") if preview else ""
    shown = language if language in LANGUAGES else get_language() or "en"
    return desk_page(
        request,
        "questions",
        "jobs",
        job=job,
        rows=rows_for(questions),
        kinds=QuestionKind.choices,
        templates=list(question_templates()),
        previewing=preview,
        preview=fields_for(questions, None, {}, shown),
        languages=LANGUAGES.items(),
        shown_in=shown,
        refused=refused,
        status=422 if refused else 200,
    )


@talent_team
@posts_only
def job_questions_undo(request: HttpRequest, job_id: uuid.UUID, version: int) -> HttpResponse:
    """Ask again what was asked before this version."""
    actor = actor_of(request)
    job = desk_job(actor, job_id)

    def deed() -> Toast:
        made = question_set_of(job.pk, version)
        if made is None:
            raise Conflict(
                _("The questions have been changed again since."), remedy=_("Load the page again.")
            )
        back = undo_questions(made, by=actor)
        again = reverse("desk:job_questions_undo", args=[job.pk, back.version])
        return Toast(_("The questions are as they were."), again)

    return do_and_return(request, reverse("desk:job_questions", args=[job_id]), deed)


@talent_team
@posts_only
def job_questions_from(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Add a template's questions to the job's own."""
    actor = actor_of(request)
    job = desk_job(actor, job_id)

    def deed() -> Toast:
        template = question_template_for(request.POST.get("template", ""))
        made = set_questions(job, questions=with_template(questions_of(job.pk), template), by=actor)
        undo = reverse("desk:job_questions_undo", args=[job.pk, made.version])
        return Toast(_("The questions of “%s” are added.") % template.name, undo)

    return do_and_return(request, reverse("desk:job_questions", args=[job_id]), deed)


@talent_team
@posts_only
def job_questions_keep(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Keep a job's questions as a template, for other jobs."""
    actor = actor_of(request)
    job = desk_job(actor, job_id)

    def deed() -> Toast:
        made = keep_question_template(request.POST.get("name", ""), questions=questions_of(job.pk), by=actor)
        return Toast(_("“%s” is kept. Every version of it stays.") % made.name)

    return do_and_return(request, reverse("desk:job_questions", args=[job_id]), deed)
