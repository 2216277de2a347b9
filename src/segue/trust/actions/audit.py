"""The audit line every action leaves."""

from __future__ import annotations

from typing import Any

from segue.kit.actor import Actor
from segue.kit.prepared import insert
from segue.trust.models import AuditLine


def write_line(*, verb: str, by: Actor, subject: object, detail: dict[str, Any]) -> None:
    """Store who did what to which row, in the transaction of the deed itself.

    Whoever has just had themselves erased is not named any more.
    """
    key = getattr(subject, "pk", None)
    is_erased = getattr(subject, "erased_at", None) is not None and key == by.person_id
    line = AuditLine(
        verb=verb,
        actor_role=by.role.value,
        actor_id=by.account_id or by.person_id or by.key_id,
        actor_name="" if is_erased else by.name,
        subject_type=type(subject).__name__ if key is not None else "",
        subject_id=str(key) if key is not None else "",
        detail=detail,
    )
    insert([line])
