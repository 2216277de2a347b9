"""Who may see which application: the only door to those rows."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from segue.catalog.queries.people import records_of
from segue.hire.models import Application, Panelist
from segue.kit.actor import ON_THE_JOB, Actor, Role
from segue.kit.errors import NotFound

APPLICATION_SCOPES = ("applications:read", "applications:write", "notes:read", "scorecards:read")


def applications_visible_to(actor: Actor) -> QuerySet[Application]:
    """Return the applications this actor may see.

    The talent team, our own processes and keys with the scope see all, whoever is on a job's team
    those of their jobs, and those whose panel they are on; candidates their own. Analysts and auditors work
    on aggregates and see none.
    """
    rows = Application.objects.select_related("job", "person")
    if actor.is_talent_team or actor.is_machine or actor.has_scope(*APPLICATION_SCOPES):
        return rows
    if actor.role in ON_THE_JOB:
        return rows.filter(Q(job_id__in=actor.job_ids) | Q(pk__in=_asked_about(actor)))
    if actor.role is Role.CANDIDATE and actor.person_id is not None:
        return rows.filter(of_person(actor.person_id))
    return rows.none()


def _asked_about(actor: Actor) -> QuerySet[Panelist, Any]:
    """Return the applications whose panel a colleague is on: for an interviewer often all they see."""
    rows = Panelist.objects.filter(account=actor.account_id, removed_at=None)
    return (rows if actor.account_id else rows.none()).values("application")


def of_person(person_id: uuid.UUID) -> Q:
    """Match a person's applications, also those kept with a record that was merged into them."""
    return Q(person__in=records_of(person_id))


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
    """Say whether this actor may move and decide: signed-in talent team, or the job's hiring manager.

    A key with the scope moves too; that it never decides, the verbs that decide see to themselves.
    """
    if actor.has_scope("applications:write"):
        return True
    if not actor.is_human_staff:
        return False
    on_the_job = actor.role is Role.HIRING_MANAGER and application.job_id in actor.job_ids
    return actor.is_talent_team or on_the_job


def may_decide_any(actor: Actor) -> bool:
    """Say whether this actor moves and decides anything at all; rows are narrowed by what they may see."""
    return actor.is_human_staff and (actor.is_talent_team or actor.role is Role.HIRING_MANAGER)


def not_there() -> NotFound:
    return NotFound(_("There is no such application."), field="application")
