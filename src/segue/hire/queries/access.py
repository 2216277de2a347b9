"""Who may see which application: the only door to those rows."""

from __future__ import annotations

import uuid

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from segue.hire.models import Application
from segue.kit.actor import Actor, Role
from segue.kit.errors import NotFound

ON_THE_JOB = frozenset({Role.HIRING_MANAGER, Role.INTERVIEWER})


def applications_visible_to(actor: Actor) -> QuerySet[Application]:
    """Return the applications this actor may see.

    The talent team and our own processes see all, hiring managers and interviewers those of
    their jobs, candidates their own. Analysts and auditors work on aggregates and see none.
    """
    rows = Application.objects.select_related("job", "person")
    if actor.is_talent_team or actor.is_machine:
        return rows
    if actor.role in ON_THE_JOB:
        return rows.filter(job_id__in=actor.job_ids)
    if actor.role is Role.CANDIDATE and actor.person_id is not None:
        return rows.filter(of_person(actor.person_id))
    return rows.none()


def of_person(person_id: uuid.UUID) -> Q:
    """Match a person's applications, also those kept with a record that was merged into them."""
    return Q(person_id=person_id) | Q(person__merged_into=person_id)


def application_for(actor: Actor, application_id: uuid.UUID | str) -> Application:
    """Return one application. Raises NotFound where there is none, or none for this actor."""
    try:
        key = uuid.UUID(str(application_id))
    except ValueError:
        raise not_there() from None
    found = applications_visible_to(actor).filter(pk=key).first()
    if found is None:
        raise not_there()
    return found


def may_decide(actor: Actor, application: Application) -> bool:
    """Say whether this actor may move and decide: signed-in talent team, or the job's hiring manager."""
    if not actor.is_human_staff:
        return False
    on_the_job = actor.role is Role.HIRING_MANAGER and application.job_id in actor.job_ids
    return actor.is_talent_team or on_the_job


def not_there() -> NotFound:
    return NotFound(_("There is no such application."), field="application")
