"""The letters colleagues keep, and how each ends theirs."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from segue.engage.models import MailTemplate, Signature
from segue.kit.actor import Actor
from segue.kit.errors import NotAllowed, NotFound


def templates_of(actor: Actor) -> QuerySet[MailTemplate]:
    """Return the letters in use, by name. Raises NotAllowed for who writes none."""
    if not (actor.is_human_staff or actor.is_machine):
        raise NotAllowed(_("Letters are for colleagues."))
    return MailTemplate.objects.filter(retired_at=None).order_by("name")


def template_for(actor: Actor, template_id: uuid.UUID | str) -> MailTemplate:
    """Return one letter, also one that was taken off the list. Raises NotFound."""
    templates_of(actor)
    try:
        key = uuid.UUID(str(template_id))
    except ValueError:
        key = uuid.UUID(int=0)
    row = MailTemplate.objects.filter(pk=key).first()
    if row is None:
        raise NotFound(_("There is no such letter."), field="template")
    return row


def signature_of(actor: Actor) -> str:
    """Return how this colleague ends their letters; nothing where they have not said."""
    if actor.account_id is None:
        return ""
    found = Signature.objects.filter(account_id=actor.account_id).values_list("text", flat=True).first()
    return found or ""
