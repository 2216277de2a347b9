"""Later work of hiring."""

from __future__ import annotations

from segue.hire.actions.claims import settle_claim as settle
from segue.hire.actions.letters import tell_moved as tell
from segue.hire.models import Application, Claim, Outcome, StageEntry
from segue.kit.actor import Actor, Role
from segue.kit.queue import job


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
