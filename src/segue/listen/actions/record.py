"""Writing to the ledger. The consent gate stands here: without it a signal is nobody's."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from segue.kit import bus, clock
from segue.kit.actor import Actor
from segue.kit.errors import Invalid
from segue.kit.prepared import insert
from segue.listen.kinds import KINDS, Kind, checked, clear_props
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
    tier: Tier = Tier.A,
    flags: Sequence[str] = (),
    **props: Any,
) -> Signal:
    """Append one signal and tell its hearers after commit.

    A behaviour signal of somebody who has not consented is kept as a count: person and
    anonymous id stay empty, and of its props only what tells nothing of anybody stays. Pass
    `granted` where the caller already read the consents. Raises Invalid for a kind that is
    not registered, and for props that are not of its shape.
    """
    if kind not in KINDS:
        raise Invalid(f"No signal kind {kind!r}.", field="kind", remedy="Register it in listen/kinds.")
    said = checked(heard := KINDS[kind], props)
    purposes = _may_be_used_for(heard, person_id, granted)
    whose = person_id if purposes else None
    signal = Signal(
        kind=kind,
        version=heard.version,
        at=clock.now(),
        person_id=whose,
        job_id=job_id,
        undoes=undoes,
        props=said if whose else clear_props(heard, said),
        tier=tier,
        purpose=heard.purpose,
        purposes=purposes,
        flags=list(flags),
        actor_role=by.role.value,
    )
    insert([signal])
    return _told_when_durable(signal)


def _told_when_durable(signal: Signal) -> Signal:
    notice = {
        "id": signal.pk,
        "kind": signal.kind,
        "person_id": signal.person_id,
        "job_id": signal.job_id,
        "props": signal.props,
    }
    transaction.on_commit(lambda: bus.tell(signal.kind, notice))
    return signal


def _may_be_used_for(kind: Kind, person_id: uuid.UUID | None, granted: frozenset[str] | None) -> list[str]:
    """Return the purposes a signal may serve; none means that it is nobody's."""
    if person_id is None:
        return []
    if kind.purpose != Purpose.BEHAVIOUR:
        return [kind.purpose]
    if granted is None:
        granted = purposes_granted(person_id)
    return sorted(granted) if Purpose.BEHAVIOUR in granted else []
