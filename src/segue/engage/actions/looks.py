"""Whoever is looked at with their own eyes is told: by whom, when and why."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from segue.engage.actions.messages import write_message
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.tongues import speaking_to
from segue.trust.actions.impersonation import LASTS, start_look
from segue.trust.models import Account
from segue.trust.sign_in_models import Impersonation


@action("engage.look_as")
def look_as(target: Account, *, reason: str, by: Actor) -> Impersonation:
    """Begin to look as somebody and tell them. Raises what `start_look` raises; nobody is told then."""
    look = start_look(target, reason=reason, by=by)
    minutes = int(LASTS.total_seconds() // 60)
    with speaking_to(target.person.locale if target.person else None):
        write_message(
            to=target.email,
            subject=_("%s looks at Segue as you") % by.name,
            text=_(
                "Hello %(name)s,\n\n%(who)s, an administrator at %(employer)s, is looking at the pages you "
                "see, for up to %(minutes)d minutes. Nothing can be changed in your name, and each page is "
                "written down.\n\nThe reason given: %(reason)s\n\n%(employer)s"
            )
            % {
                "name": target.name or target.email,
                "who": by.name,
                "employer": settings.EMPLOYER_NAME,
                "minutes": minutes,
                "reason": look.reason,
            },
            kind="looked_as",
            person=target.person,
            by=by,
        )
    return look
