"""Writing to the ledger. The consent gate stands here: without it a signal is nobody's."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction

from segue.kit import bus, clock
from segue.kit.actor import Actor
from segue.kit.errors import Invalid
from segue.listen.kinds import KINDS
from segue.listen.models import Signal, Tier
from segue.trust.models import Purpose
from segue.trust.queries.consent import purposes_granted


def record(
    kind: str,
    *,
    by: Actor,
    person_id: uuid.UUID | None = None,
    job_id: uuid.UUID | None = None,
    undoes: Signal | None = None,
    granted: frozenset[str] | None = None,
    **props: Any,
) -> Signal:
    """Append one signal and tell its hearers after commit.

    A behaviour signal of somebody who has not consented is kept as a count: person and
    anonymous id stay empty. Pass `granted` where the caller already read the consents.
    Raises Invalid for a kind that is not registered.
    """
    if kind not in KINDS:
        raise Invalid(f"No signal kind {kind!r}.", field="kind", remedy="Register it in listen/kinds.py.")
    whose = person_id if _may_attach(kind, person_id, granted) else None
    signal = Signal.objects.create(
        kind=kind,
        at=clock.now(),
        person_id=whose,
        job_id=job_id,
        undoes=undoes,
        props=props,
        tier=Tier.A,
        purpose=KINDS[kind].purpose,
        purposes=[KINDS[kind].purpose] if whose else [],
        actor_role=by.role.value,
    )
    notice = {"id": signal.pk, "kind": kind, "person_id": whose, "job_id": job_id, "props": props}
    transaction.on_commit(lambda: bus.tell(kind, notice))
    return signal


def _may_attach(kind: str, person_id: uuid.UUID | None, granted: frozenset[str] | None) -> bool:
    if person_id is None:
        return False
    if KINDS[kind].purpose != "behaviour":
        return True
    if granted is None:
        granted = purposes_granted(person_id)
    return Purpose.BEHAVIOUR in granted
