"""Looking at everything again. Each job may run twice."""

from __future__ import annotations

from segue.kit.actor import Actor
from segue.kit.queue import every, job
from segue.kit.queue_leases import Lane

DAY_S = 86_400


@every(DAY_S)
@job("catalog.audit", lane=Lane.LONG)
def audit_daily() -> None:
    from segue.catalog.actions.auditing.run import audit
    from segue.catalog.actions.facts import settle_kept_apart

    by = Actor.machine("worker")
    settle_kept_apart(by=by)
    audit(by=by)


@job("catalog.read_import", lane=Lane.BULK)
def read_import_later(batch_id: str) -> None:
    from segue.catalog.actions.staging.reading import read_import

    read_import(batch_id, by=Actor.machine("worker"))


@job("catalog.check_import", lane=Lane.BULK)
def check_import_later(batch_id: str) -> None:
    from segue.catalog.actions.staging.checking import check_import

    check_import(batch_id, by=Actor.machine("worker"))


@job("catalog.import_step", lane=Lane.BULK)
def import_step_later(batch_id: str, after: int) -> None:
    from segue.catalog.actions.staging.landing import import_step

    import_step(batch_id, after=after, by=Actor.machine("worker"))


@every(DAY_S)
@job("catalog.let_go_of_imports", lane=Lane.LONG)
def let_go_daily() -> None:
    from segue.catalog.actions.staging.keeping import let_go_of_imports

    let_go_of_imports(by=Actor.machine("worker"))
