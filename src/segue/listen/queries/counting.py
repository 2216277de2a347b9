"""How many events a source got in, counted in the ledger itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from segue.kit.actor import Actor
from segue.listen.models import Source
from segue.listen.queries.rejected import rejected_visible_to
from segue.listen.queries.signals import narrowed


@dataclass(frozen=True, slots=True)
class Counted:
    """Events accepted, each once, by kind; and those refused that are still kept."""

    by_kind: dict[str, int]
    rejected: int

    @property
    def count(self) -> int:
        return sum(self.by_kind.values())


def count_events(
    actor: Actor, *, source: Source | None = None, kind: str = "", since: datetime | None = None
) -> Counted:
    """Count what was accepted (hot and cold) and refused, of one source or of all, since it was received."""
    rows = narrowed(actor, source, kind)
    rows = rows.filter(received_at__gte=since) if since else rows
    hot = rows.select_related(None).order_by().values_list("kind").annotate(n=Count("pk"))
    rejected = rejected_visible_to(actor, source=source, since=since).count()
    return Counted(by_kind=dict(sorted(hot)), rejected=rejected)
