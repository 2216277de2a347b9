"""Turning dials."""

from __future__ import annotations

from typing import Any

from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor, Role
from segue.kit.errors import NotAllowed
from segue.trust.models import Dial


@action("trust.set_dial")
def set_dial(key: str, value: Any, *, by: Actor) -> Dial:
    """Turn a dial; administrators and our own processes only."""
    if by.role not in {Role.ADMINISTRATOR, Role.MACHINE}:
        raise NotAllowed("Only an administrator can turn this dial.", field="dial")
    row, _ = Dial.objects.update_or_create(
        pk=key, defaults={"value": value, "set_at": clock.now(), "set_by": by.name}
    )
    return row
