"""Applications as each actor may see them. `access` holds the rule, `timeline` the story."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db.models import Count, QuerySet

from segue.catalog.models import Job, Person
from segue.hire.models import Application, Claim, Outcome, StageEntry
from segue.hire.queries.access import (
    application_for,
    applications_visible_to,
    may_decide,
    not_there,
    of_person,
)
from segue.hire.queries.timeline import TimelineEntry, timeline_of
from segue.kit.actor import Actor

__all__ = [
    "TimelineEntry",
    "applicants_for",
    "application_by_status_key",
    "application_for",
    "applications_counted",
    "applications_of",
    "applications_visible_to",
    "claim_of",
    "may_decide",
    "pending_claims",
    "receipt_for",
    "stage_history",
    "timeline_of",
]


def applications_of(person_id: uuid.UUID, by: Actor) -> QuerySet[Application]:
    """Return a person's applications that this actor may see, newest first."""
    return applications_visible_to(by).filter(of_person(person_id)).order_by("-applied_at", "-pk")


def applications_counted(person_ids: Iterable[uuid.UUID], by: Actor) -> dict[uuid.UUID, int]:
    """Return how many applications of each of these people this actor may see."""
    rows = applications_visible_to(by).filter(person__in=list(person_ids)).order_by()
    return dict(rows.values_list("person").annotate(count=Count("pk")))


def applicants_for(job: Job, by: Actor) -> QuerySet[Application]:
    """Return a job's applications that this actor may see, the open ones first, then newest."""
    return (
        applications_visible_to(by).filter(job=job).order_by("-decided_at", "-applied_at", "-pk")
    )  # descending: nulls first


def application_by_status_key(key: str) -> Application:
    """Return the application behind a status link; whatever became of it, it is there.

    The link is a key: who holds it may withdraw, so the row says that it was opened by it. The
    key of a receipt (see `hire.models.Claim`) opens the receipt only. Raises NotFound for a key
    that opens nothing.
    """
    found = Application.objects.select_related("job__brand", "person").filter(status_key=key).first()
    if found is not None:
        found.opened_by_key = True
        return found
    claim = Claim.objects.select_related("application__job__brand").filter(receipt_key=key).first()
    if claim is None:
        raise not_there()
    return receipt_for(claim)


def receipt_for(claim: Claim) -> Application:
    """Return what a stranger who typed somebody's address may see: their own words, and nothing else.

    It looks like an application that has just arrived, and it is not stored: no stage, outcome or
    name of the real one shows through it.
    """
    person = Person(name=claim.said.get("name", ""), email=claim.said.get("email", ""))
    receipt = Application(
        pk=claim.pk,
        person=person,
        job=claim.application.job,
        status_key=claim.receipt_key,
        note=claim.said.get("note", ""),
        applied_at=claim.made_at,
        moved_at=claim.withdrawn_at or claim.made_at,
        outcome=Outcome.WITHDRAWN if claim.withdrawn_at else Outcome.OPEN,
        decided_at=claim.withdrawn_at,
    )
    receipt.is_receipt = True
    return receipt


def claim_of(application: Application, by: Actor) -> Claim | None:
    """Return what was said with this application and waits for its owner's yes, latest first."""
    if not applications_visible_to(by).filter(pk=application.pk).exists():
        return None
    return Claim.objects.filter(application=application, settled_at=None).order_by("-pk").first()


def pending_claims(person_id: uuid.UUID, by: Actor) -> QuerySet[Claim]:
    """Return what strangers, or the person not signed in, said under their address; for them to settle."""
    visible = applications_visible_to(by).filter(of_person(person_id)).values("pk")
    rows = Claim.objects.filter(application__in=visible, settled_at=None)
    return rows.select_related("application__job").order_by("-pk")


def stage_history(application: Application, by: Actor) -> QuerySet[StageEntry]:
    """Return the stage ledger of an application, oldest first; empty where the actor may not see it.

    Whoever holds the status key may read it, without the internal reasons: pages show stage and time.
    """
    rows = StageEntry.objects.filter(application_id=application.pk).order_by("pk")
    if application.opened_by_key or applications_visible_to(by).filter(pk=application.pk).exists():
        return rows
    return rows.none()
