"""What a job asks with an application, the templates for it, and what was answered."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from segue.hire.models import Answer, Application, Question, QuestionSet
from segue.hire.queries.access import applications_visible_to
from segue.kit.actor import Actor
from segue.kit.errors import NotFound


def question_set_of(job_id: uuid.UUID, version: int | None = None) -> QuestionSet | None:
    """Return the questions in force for a job, or one version of them; None where there are none."""
    rows = QuestionSet.objects.filter(job_id=job_id)
    if version is not None:
        rows = rows.filter(version=version)
    return rows.order_by("-version").first()


def questions_of(job_id: uuid.UUID) -> list[Question]:
    """Return what a job asks now, in order."""
    found = question_set_of(job_id)
    return found.specs if found else []


def question_templates() -> QuerySet[QuestionSet]:
    """Return every template's newest version, by name."""
    return QuestionSet.objects.filter(job=None).order_by("name", "-version").distinct("name")


def question_template_for(template_id: uuid.UUID | str) -> QuestionSet:
    """Return one version of a template. Raises NotFound."""
    try:
        found = QuestionSet.objects.filter(job=None, pk=uuid.UUID(str(template_id))).first()
    except ValueError:
        found = None
    if found is None:
        raise NotFound(_("There is no such template."), remedy=_("Look at the list of templates."))
    return found


def answers_to(application: Application, by: Actor) -> list[Answer]:
    """Return what was answered with an application, in the order asked; for who may see the application.

    The holder of its status link may read it too; a receipt has none.
    """
    if application.is_receipt:
        return []
    rows = Answer.objects.filter(application_id=application.pk).order_by("place", "pk")
    if application.opened_by_key or applications_visible_to(by).filter(pk=application.pk).exists():
        return list(rows)
    return []


def answers_by_application(applications: Iterable[Application], by: Actor) -> dict[uuid.UUID, list[Answer]]:
    """Return the answers of several applications; those this actor may not see are left out."""
    keys = applications_visible_to(by).filter(pk__in=[row.pk for row in applications]).order_by().values("pk")
    found: dict[uuid.UUID, list[Answer]] = {}
    for answer in Answer.objects.filter(application__in=keys).order_by("place", "pk"):
        found.setdefault(answer.application_id, []).append(answer)
    return found


def with_all_they_sent(rows: QuerySet[Application]) -> QuerySet[Application]:
    """Bring along what a person's export shows of their own applications."""
    return rows.select_related("impression").prefetch_related("answers", "accommodations")
