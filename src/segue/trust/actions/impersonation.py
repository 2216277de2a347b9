"""Looking with somebody else's eyes: begun with a reason, for half an hour, by an administrator alone."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor, Role
from segue.kit.errors import Invalid, NotAllowed
from segue.trust.models import Account
from segue.trust.sign_in_models import Impersonation

LASTS = timedelta(minutes=30)
LEAST_WORDS, MOST_WORDS = 10, 500


@action("trust.start_look")
def start_look(target: Account, *, reason: str, by: Actor) -> Impersonation:
    """Begin to see what somebody else sees. The look before, if one goes on, ends.

    Raises NotAllowed unless an administrator who signed in asks, about somebody who is none; Invalid
    without a reason.
    """
    if by.role is not Role.ADMINISTRATOR or by.account_id is None or by.seen_by_id is not None:
        raise NotAllowed(_("Only an administrator may look as somebody else."), remedy=_("Ask one."))
    if target.role == Role.ADMINISTRATOR or target.pk == by.account_id:
        raise NotAllowed(
            _("Nobody looks as an administrator."), field="account", remedy=_("Ask them to show you.")
        )
    if not target.is_active:
        raise NotAllowed(_("This account is closed."), field="account")
    words = " ".join(reason.split())
    if not LEAST_WORDS <= len(words) <= MOST_WORDS:
        raise Invalid(
            _("Say why, in ten letters or more."),
            field="reason",
            remedy=_("They will read it, and so will whoever checks."),
        )
    at = clock.now()
    open_looks = Impersonation.objects.filter(administrator_id=by.account_id, stopped_at=None)
    open_looks.update(stopped_at=at)
    return Impersonation.objects.create(
        administrator_id=by.account_id, target=target, reason=words, started_at=at, ends_at=at + LASTS
    )


@action("trust.stop_look")
def stop_look(look: Impersonation, *, by: Actor) -> None:
    """See with one's own eyes again. Raises NotAllowed where it is another's look."""
    if by.account_id != look.administrator_id:
        raise NotAllowed(_("This is another administrator's."))
    Impersonation.objects.filter(pk=look.pk, stopped_at=None).update(stopped_at=clock.now())


def note_page_seen(look: Impersonation, *, path: str, status: int, by: Actor) -> None:
    """Write down that a page was seen: by whom, and with whose eyes.

    Of a candidate's the line is about the person, who can ask who has looked.
    """
    subject = look.target.person or look.target
    _note(
        subject,
        shown_to=look.target.name or look.target.email,
        look=str(look.pk),
        path=path[:200],
        status=status,
        by=by,
    )


@action("trust.see_page_as")
def _note(subject: object, *, shown_to: str, look: str, path: str, status: int, by: Actor) -> None:
    """The line itself is the deed."""
