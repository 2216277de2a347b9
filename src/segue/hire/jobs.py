"""Later work of hiring."""

from __future__ import annotations

from django.db.models import F

from segue.hire.actions.claims import settle_claim as settle
from segue.hire.actions.clocks import nudge_overdue as nudge
from segue.hire.actions.letters import tell_moved as tell
from segue.hire.actions.letters_to_many import write_piece
from segue.hire.actions.offers.clocks import watch_offers as watch
from segue.hire.actions.rejecting import tell_rejected_by
from segue.hire.actions.scorecard_clocks import nudge_decisions, nudge_scorecards
from segue.hire.models import Application, BulkAction, Claim, Outcome, StageEntry
from segue.kit.actor import Actor, Role
from segue.kit.queue import enqueue_many, every, job
from segue.kit.queue_leases import Lane

MINUTE_S = 60


@job("hire.settle_claim")
def settle_claim(claim_id: str) -> None:
    """Adopt an unconfirmed application's words for the person who opened its link."""
    claim = Claim.objects.filter(pk=claim_id).select_related("application__person").first()
    if claim is None:
        return
    person = claim.application.person
    settle(claim, theirs=True, by=Actor(role=Role.CANDIDATE, name=person.name, person_id=person.pk))


@job("hire.tell_moved")
def tell_moved(application_id: str, entry_id: int) -> None:
    """Tell of a step forward, unless it has been undone or overtaken since."""
    application = Application.objects.filter(pk=application_id).select_related("person", "job").first()
    latest = StageEntry.objects.filter(application_id=application_id).order_by("-pk").first()
    if application is None or latest is None or latest.pk != entry_id or application.outcome != Outcome.OPEN:
        return
    tell(application, once_for=str(entry_id), by=Actor.machine("hiring"))


@job("hire.tell_bulk_moved")
def tell_bulk_moved(bulk_id: str, from_steps: list[str]) -> None:
    """Let everybody a bulk move took a step forward be told, unless it was undone or overtaken since."""
    bulk = BulkAction.objects.filter(pk=bulk_id, undone_at=None).first()
    if bulk is None:
        return
    forward = bulk.rows.filter(before__step__in=from_steps).values("application_id")
    entries = StageEntry.objects.filter(
        bulk_id=bulk.pk, application__in=forward, at=F("application__moved_at")
    )
    pairs = entries.values_list("application_id", "pk")
    enqueue_many("hire.tell_moved", [{"application_id": key, "entry_id": entry} for key, entry in pairs])


@job("hire.tell_bulk_rejected", lane=Lane.BULK)
def tell_bulk_rejected(bulk_id: str) -> None:
    """Write to everybody a bulk rejection turned down, in the name of who decided."""
    bulk = BulkAction.objects.filter(pk=bulk_id, done_at__isnull=False).first()
    if bulk is not None:
        tell_rejected_by(bulk, by=Actor.machine("hiring"))


@job("hire.write_letters", lane=Lane.BULK)
def write_letters(bulk_id: str, after: int) -> None:
    """Write the next piece of a letter to many, and promise the one behind it."""
    bulk = BulkAction.objects.filter(pk=bulk_id).first()
    if bulk is not None:
        write_piece(bulk, after=after, by=Actor.machine("hiring"))


@every(15 * MINUTE_S)
@job("hire.nudge_overdue", lane=Lane.LONG)
def nudge_overdue() -> None:
    """Say once of each clock that ran out: a stage's, a card's, a decision's."""
    nudge(by=Actor.machine("hiring"))
    nudge_scorecards(by=Actor.machine("hiring"))
    nudge_decisions(by=Actor.machine("hiring"))


@every(5 * MINUTE_S)
@job("hire.watch_offers")
def watch_offers() -> None:
    """Let offers run out whose time is over, and remind whom they wait for."""
    watch(by=Actor.machine("hiring"))
