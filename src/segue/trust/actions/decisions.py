"""Every automated choice leaves a decision that can be replayed and explained."""

from __future__ import annotations

import uuid
from typing import Any

from segue.kit.prepared import insert
from segue.trust.models import Decision
from segue.trust.queries.decisions import seal_of


def write_decision(
    *,
    kind: str,
    policy_id: str,
    model_hash: str,
    person_id: uuid.UUID | None = None,
    job_id: uuid.UUID | None = None,
    inputs: dict[str, Any] | None = None,
    candidates: list[Any] | None = None,
    chosen: list[Any] | None = None,
    reason: str = "",
    trace: dict[str, Any] | None = None,
) -> Decision:
    """Store a machine's choice: its inputs, its field, what it chose and with which chance.

    `trace` is what it takes to make the choice again; without one nobody can check it later.
    """
    row = Decision(
        kind=kind,
        policy_id=policy_id,
        model_hash=model_hash,
        person_id=person_id,
        job_id=job_id,
        inputs=inputs or {},
        candidates=candidates or [],
        chosen=chosen or [],
        reason=reason,
        trace=trace or {},
    )
    if row.trace:
        row.trace["seal"] = seal_of(row)
    insert([row])
    return row
