"""Past titles, for the models: read in bulk, for those the caller names, of what may be read of them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from segue.catalog.models import Fact, FactKind
from segue.learn.queries.readable import ALLOWED


def past_titles(person_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    """Return each person's past job titles, newest first, of the facts that serve recruiting."""
    rows = (
        Fact.objects.filter(ALLOWED, person_id__in=person_ids, kind=FactKind.POSITION, superseded_at=None)
        .order_by("person_id", "-valid_from", "id")
        .values_list("person_id", "value")
    )
    titles: dict[uuid.UUID, list[str]] = {}
    for person_id, value in rows:
        title = value.get("title", "") if isinstance(value, dict) else ""
        if title:
            titles.setdefault(person_id, []).append(title)
    return titles
