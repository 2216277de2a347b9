"""Writing to the ledger. The consent gate stands here: without it a signal is nobody's."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from segue.kit import bus, clock
from segue.kit.actor import Actor
from segue.kit.errors import Invalid
from segue.kit.prepared import insert
from segue.listen.kinds import KINDS, Kind, checked, clear_props
from segue.listen.models import Signal, Tier
from segue.trust.models import Purpose
from segue.trust.queries.consent import purposes_granted, purposes_granted_to


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


def record_each(
    kind: str, person_ids: Sequence[uuid.UUID], *, by: Actor, purpose: str = "", **props: Any
) -> list[Signal]:
    """Append the same signal of each of these people, in one statement, and tell its hearers after commit.

    `purpose`: which consent these rest on, where what they tell was drawn from more than their kind needs.
    Raises Invalid as `record` does.
    """
    if kind not in KINDS:
        raise Invalid(f"No signal kind {kind!r}.", field="kind", remedy="Register it in listen/kinds.")
    heard = KINDS[kind]
    said, needed = checked(heard, props), purpose or heard.purpose
    granted = purposes_granted_to(person_ids) if needed == Purpose.BEHAVIOUR else {}
    signals = []
    for person_id in person_ids:
        theirs = granted.get(person_id, frozenset())
        purposes = sorted(theirs & {needed}) if needed == Purpose.BEHAVIOUR else [needed]
        signals.append(
            Signal(
                kind=kind,
                version=heard.version,
                at=clock.now(),
                person_id=person_id if purposes else None,
                props=said if purposes else clear_props(heard, said),
                purpose=needed,
                purposes=purposes,
                actor_role=by.role.value,
            )
        )
    insert(signals)
    return [_told_when_durable(signal) for signal in signals]


def record_many(
    kind: str, whose: Iterable[tuple[uuid.UUID, uuid.UUID]], *, by: Actor, **props: Any
) -> list[Signal]:
    """Append the same signal for many (person, job) pairs in one go; of kinds that serve no consent alone.

    Raises Invalid as `record` does, and ValueError for a behaviour signal: each needs its person's consents.
    """
    heard = KINDS.get(kind)
    if heard is None or heard.purpose == Purpose.BEHAVIOUR:
        raise ValueError(f"{kind!r} is not to be recorded by the thousand.")
    said, at = checked(heard, props), clock.now()
    signals = [
        Signal(
            kind=kind,
            version=heard.version,
            at=at,
            person_id=person_id,
            job_id=job_id,
            props=said,
            tier=Tier.A,
            purpose=heard.purpose,
            purposes=[heard.purpose],
            actor_role=by.role.value,
        )
        for person_id, job_id in whose
    ]
    insert(signals)
    return [_told_when_durable(signal) for signal in signals]


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
