"""Attaching what an anonymous visitor did to the person they turned out to be."""

from __future__ import annotations

from django.db import connection

from segue.kit.action import action
from segue.kit.actor import Actor
from segue.listen import identity


@action("listen.stitch_visitor")
def stitch_visitor(identity_id: int, *, by: Actor) -> None:
    """Attach what was still on its way when an edge was noted. An edge that is gone attaches nothing."""
    with connection.cursor() as cursor:
        identity.stitch(cursor, [identity_id])
