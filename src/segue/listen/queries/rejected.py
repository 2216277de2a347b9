"""What was refused, for whoever mends its sender. The bodies may hold people's data: few may look."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from segue.kit.actor import Actor
from segue.kit.errors import NotFound
from segue.listen.models import Rejected, Source
from segue.listen.queries.sources import minds_sources


def rejected_visible_to(
    actor: Actor, *, source: Source | None = None, code: str = "", since: datetime | None = None
) -> QuerySet[Rejected]:
    """Return refused events, narrowed; without their bodies, which are read one at a time."""
    rows = Rejected.objects.select_related("source").defer("body")
    rows = rows if minds_sources(actor) else rows.none()
    rows = rows.filter(source=source) if source else rows
    rows = rows.filter(code=code) if code else rows
    return rows.filter(received_at__gte=since) if since else rows


def rejected_for(actor: Actor, rejected_id: int) -> Rejected:
    """Return one refused event with its body, or say it is not there."""
    found = rejected_visible_to(actor).defer(None).select_related("source").filter(pk=rejected_id).first()
    if found is None:
        raise NotFound(
            _("No such refused event."),
            field="rejected",
            remedy=_("They are kept for some days only."),
        )
    return found


def rejected_by_code(actor: Actor, *, source: Source | None = None) -> list[tuple[str, int]]:
    """Return how many of each reason are kept, the most frequent first. Reads an index only."""
    rows = rejected_visible_to(actor, source=source).select_related(None).defer(None)
    counted = rows.values_list("code").annotate(events=Count("pk")).order_by("-events", "code")
    return [(code, events) for code, events in counted]


def rejected_since(actor: Actor, since: datetime) -> dict[int | None, int]:
    """Return how many were refused of each source since a moment. Reads an index only."""
    rows = rejected_visible_to(actor, since=since).select_related(None).defer(None).order_by()
    return dict(rows.values_list("source").annotate(events=Count("pk")))
