"""Reading automated choices back, and telling whether their record still says what was written."""

from __future__ import annotations

import hashlib
import json
import uuid

from segue.kit.actor import Actor, Role
from segue.kit.errors import NotFound
from segue.trust.models import Decision


def decision_for(by: Actor, decision_id: uuid.UUID) -> Decision:
    """Return one decision to administrators, auditors and our own processes; nobody else knows of it."""
    rows = Decision.objects.select_related("person").filter(pk=decision_id)
    row = rows.first() if _sees_decisions(by) else None
    if row is None:
        raise NotFound("There is no such decision.", field="decision", remedy="Check the id.")
    return row


def latest_decisions(by: Actor, limit: int) -> list[Decision]:
    """Return what was chosen last, the newest first, without what went in."""
    if not _sees_decisions(by):
        return []
    return list(Decision.objects.only("at", "kind", "policy_id").order_by("-id")[:limit])


def _sees_decisions(by: Actor) -> bool:
    return by.role in {Role.ADMINISTRATOR, Role.AUDITOR} or by.is_machine


def seal_of(row: Decision) -> str:
    """Return the hash of all that a decision says: one number changed, and it is another."""
    trace = {key: value for key, value in row.trace.items() if key != "seal"}
    said = [row.kind, row.policy_id, row.model_hash, row.inputs, row.candidates, row.chosen, trace]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def refers_to(model_hash: str) -> bool:
    """Say whether any decision was made with this artefact."""
    return (
        Decision.objects.filter(model_hash=model_hash).exists()
        or Decision.objects.filter(inputs__models__contains=[model_hash]).exists()
    )
