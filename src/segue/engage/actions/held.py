"""Holding back what a restored place would send a second time, and letting it go at a person's word."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from segue.engage.models import Message, MessageState
from segue.engage.queries.held import JOB_OF, QUIET, Held, may_release
from segue.kit import clock, queue_held
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import NotAllowed
from segue.trust.actions.endpoints import give_up_deliveries
from segue.trust.models import Dial

KINDS = tuple(Held)


@action("engage.hold_outgoing")
def hold_outgoing(*, by: Actor) -> int:
    """Hold every waiting job, and whatever would go out by mail or webhook from now on; returns how many.

    A backup does not know what was sent after it was made, so nothing goes out until a person has looked.
    """
    _may(by)
    value = {"since": clock.now().isoformat(), "kinds": [kind.value for kind in KINDS]}
    Dial.objects.update_or_create(
        pk=QUIET, defaults={"value": value, "set_at": clock.now(), "set_by": by.name}
    )
    return queue_held.hold_waiting()


@action("engage.release_held")
def release_held(*, by: Actor, kinds: Sequence[Held] = KINDS) -> int:
    """Let held jobs of these kinds go their way, and the place speak again; returns how many jobs."""
    _may(by)
    _speak_again(kinds)
    return sum(queue_held.release(**_names(kind)) for kind in kinds)


@action("engage.drop_held")
def drop_held(*, by: Actor, kinds: Sequence[Held] = KINDS) -> int:
    """Never send what is held of these kinds: it went out before the restore; returns how many jobs.

    A mail is marked as taken back, an event as given up; both can be seen where they always are.
    """
    _may(by)
    _speak_again(kinds)
    dropped = 0
    for kind in kinds:
        gone = queue_held.drop(**_names(kind))
        dropped += len(gone)
        if kind is Held.MAIL:
            ids = [args["message_id"] for args in gone]
            waiting = Message.objects.filter(
                pk__in=ids, state__in=[MessageState.QUEUED, MessageState.SCHEDULED]
            )
            waiting.update(state=MessageState.CANCELLED, error=_("Not sent again after a restore."))
        if kind is Held.WEBHOOKS:
            give_up_deliveries(
                [args["delivery_id"] for args in gone], why=_("Not sent again after a restore."), by=by
            )
    return dropped


def _may(by: Actor) -> None:
    if not may_release(by):
        raise NotAllowed(_("What a restore holds is an administrator's business."))


def _speak_again(kinds: Sequence[Held]) -> None:
    row = Dial.objects.select_for_update().filter(pk=QUIET).first()
    if row is None:
        return
    left = [kind for kind in row.value.get("kinds", ()) if kind not in kinds]
    if not left:
        row.delete()
        return
    row.value = row.value | {"kinds": left}
    row.save(update_fields=["value"])


def _names(kind: Held) -> dict[str, list[str]]:
    """The names of a kind's jobs: mail and webhooks have one each, and the rest is all the others."""
    return {"only": [JOB_OF[kind]]} if kind in JOB_OF else {"but": list(JOB_OF.values())}
