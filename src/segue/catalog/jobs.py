"""Looking at everything again. Each job may run twice."""

from __future__ import annotations

from segue.kit.actor import Actor
from segue.kit.queue import every, job

DAY_S = 86_400


@every(DAY_S)
@job("catalog.audit")
def audit_daily() -> None:
    from segue.catalog.actions.auditing.run import audit

    audit(by=Actor.machine("worker"))
