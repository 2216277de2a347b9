"""Who looks at Segue with whose eyes."""

from __future__ import annotations

import uuid
from dataclasses import replace

from django.db.models import QuerySet

from segue.kit import clock
from segue.kit.actor import Actor, Role
from segue.trust.models import Account
from segue.trust.queries.access import actor_for
from segue.trust.sign_in_models import Impersonation


def looks_at(account: Account) -> QuerySet[Impersonation]:
    """Return when an administrator looked with this account's eyes, the latest first."""
    rows = Impersonation.objects.filter(target=account).select_related("administrator")
    return rows.order_by("-started_at")


def running(look_id: uuid.UUID | str, administrator: Account) -> Impersonation | None:
    """Return this administrator's look while it goes on, and both may still be in it."""
    rows = Impersonation.objects.select_related("target").filter(
        pk=look_id,
        administrator=administrator,
        administrator__role=Role.ADMINISTRATOR,
        administrator__is_active=True,
        target__is_active=True,
        stopped_at=None,
        ends_at__gt=clock.now(),
    )
    return rows.exclude(target__role=Role.ADMINISTRATOR).first()


def actor_seen_by(look: Impersonation, administrator: Account) -> Actor:
    """Return whom the pages are shown for, with the name of who really looks."""
    return replace(
        actor_for(look.target),
        seen_by_id=administrator.pk,
        seen_by_name=administrator.name or administrator.email,
    )
