"""Handing out events: pseudonymous, and with a line in the audit log of who took what."""

from __future__ import annotations

from django.db import connection

from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import NotAllowed
from segue.listen.actions.partitions import PARENT
from segue.listen.actions.subjects import draw_pseudonyms


@action("listen.begin_export")
def begin_export(*, described: str, by: Actor) -> None:
    """Note that events are about to be handed out, and give everybody in them a pseudonym drawn at random.

    Raises NotAllowed for anybody but analysts, administrators and our own processes.
    """
    if not (by.is_machine or by.role in {"administrator", "analyst"}):
        raise NotAllowed("Events are exported by analysts and administrators.")
    with connection.cursor() as cursor:
        draw_pseudonyms(cursor, PARENT)
