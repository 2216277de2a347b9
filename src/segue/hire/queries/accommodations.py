"""Who reads what somebody needs to be different: the colleague it was written to, and the person."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from segue.hire.models import Accommodation, Application
from segue.kit.actor import Actor, Role
from segue.kit.errors import NotFound


def accommodations_visible_to(actor: Actor) -> QuerySet[Accommodation]:
    """Return the requests this colleague may read: those written to them; an administrator all.

    The rest of the talent team, hiring managers, interviewers, keys and machines read none.
    """
    rows = Accommodation.objects.select_related("application__person", "application__job", "contact")
    if not actor.is_human_staff:
        return rows.none()
    if actor.role is Role.ADMINISTRATOR:
        return rows
    return rows.filter(contact_id=actor.account_id)


def accommodations_waiting(actor: Actor) -> QuerySet[Accommodation]:
    """Return what waits to be arranged, the longest first."""
    rows = accommodations_visible_to(actor).filter(arranged_at=None, withdrawn_at=None)
    return rows.order_by("asked_at")


def accommodations_arranged(actor: Actor) -> QuerySet[Accommodation]:
    """Return what is arranged, the latest first."""
    rows = accommodations_visible_to(actor).filter(arranged_at__isnull=False, withdrawn_at=None)
    return rows.order_by("-arranged_at")


def accommodation_for(actor: Actor, accommodation_id: uuid.UUID) -> Accommodation:
    """Return one request. Raises NotFound where there is none, or none for this colleague."""
    found = accommodations_visible_to(actor).filter(pk=accommodation_id).first()
    if found is None:
        raise NotFound(_("There is no such request."))
    return found


def own_accommodations(application: Application, by: Actor) -> list[Accommodation]:
    """Return what was asked with an application, for its person and the holder of its status link."""
    own = by.person_id is not None and by.person_id == application.person_id
    if application.is_receipt or not (own or application.opened_by_key):
        return []
    rows = Accommodation.objects.filter(application_id=application.pk).select_related("contact")
    found = list(rows.order_by("-asked_at"))
    for row in found:
        row.application = application  # it knows whether it was opened by its key
    return found
