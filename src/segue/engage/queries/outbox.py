"""The built-in outbox: every message written, whether or not it left the house."""

from __future__ import annotations

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from segue.engage.models import Message
from segue.kit.actor import Actor, Role
from segue.kit.errors import NotAllowed


def outbox(by: Actor) -> QuerySet[Message]:
    """Return messages, newest first.

    Messages carry sign-in links, so only administrators may look; in the demo, where nothing
    is real, everybody may. Raises NotAllowed otherwise.
    """
    if not (settings.DEMO or by.role is Role.ADMINISTRATOR or by.is_machine):
        raise NotAllowed(_("The outbox is for administrators."), remedy=_("Ask an administrator."))
    return Message.objects.order_by("-created_at", "-pk")
