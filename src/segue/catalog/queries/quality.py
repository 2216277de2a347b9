"""What the last audit found, for those who can mend it."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from segue.catalog.models import Audit, Finding
from segue.kit.actor import Actor


def last_audit(actor: Actor) -> Audit | None:
    """Return the latest audit; None before the first, and for whoever may not see people."""
    return Audit.objects.order_by("-day").first() if _sees(actor) else None


def findings_by_fault(actor: Actor) -> dict[str, int]:
    """Return how many of each fault the last audit found."""
    if not _sees(actor):
        return {}
    return dict(Finding.objects.values_list("fault").annotate(Count("pk")))


def findings_for(actor: Actor, fault: str) -> QuerySet[Finding]:
    """Return the findings of one fault, with the person or job each is about."""
    found = Finding.objects.filter(fault=fault).select_related("person", "job").order_by("pk")
    return found if _sees(actor) else found.none()


def _sees(actor: Actor) -> bool:
    return actor.is_talent_team or actor.is_machine
