"""Whether anything may go outside. After a restore nothing may until a person says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from segue.kit.actor import Actor, Role
from segue.kit.errors import NotAllowed
from segue.kit.queue_held import held_by_name
from segue.trust.models import Dial


class Held(StrEnum):
    """What a restore holds back."""

    MAIL = "mail"
    WEBHOOKS = "webhooks"
    JOBS = "jobs"


QUIET = "outgoing.held"  # the dial: {"since": when it was restored, "kinds": what is still held}
JOB_OF = {Held.MAIL: "engage.send_message", Held.WEBHOOKS: "engage.send_webhook"}


@dataclass(frozen=True, slots=True)
class Holding:
    """What is held, by kind, and since when; `since` is None where nothing is kept back."""

    since: datetime | None
    counts: dict[Held, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def quiet(kind: Held) -> datetime | None:
    """Say since when nothing of this kind goes out; None where it may.

    Inside an action: while one of us decides by it, nobody can release what is held.
    """
    row = Dial.objects.select_for_update().filter(pk=QUIET).first()
    if row is None or kind not in row.value.get("kinds", ()):
        return None
    return datetime.fromisoformat(row.value["since"])


def may_release(by: Actor) -> bool:
    return by.is_machine or by.role is Role.ADMINISTRATOR


def held(by: Actor) -> Holding:
    """Return what is held. Raises NotAllowed for all but administrators and our own commands."""
    if not may_release(by):
        raise NotAllowed("What a restore holds is an administrator's business.")
    names = held_by_name()
    counts = {kind: names.pop(JOB_OF[kind], 0) for kind in (Held.MAIL, Held.WEBHOOKS)}
    row = Dial.objects.filter(pk=QUIET).first()
    since = datetime.fromisoformat(row.value["since"]) if row else None
    return Holding(since, counts | {Held.JOBS: sum(names.values())})
