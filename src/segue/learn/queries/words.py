"""Words about people, for the models: read in bulk, and only for those the caller names."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from segue.catalog.models import Fact, FactKind, Resume


def latest_resumes(person_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return each person's newest résumé text."""
    rows = (
        Resume.objects.filter(person_id__in=person_ids)
        .order_by("person_id", "-version")
        .distinct("person_id")
        .values_list("person_id", "text")
    )
    return dict(rows)


def past_titles(person_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    """Return each person's past job titles, newest first."""
    rows = (
        Fact.objects.filter(person_id__in=person_ids, kind=FactKind.POSITION, superseded_at__isnull=True)
        .order_by("person_id", "-valid_from", "id")
        .values_list("person_id", "value")
    )
    titles: dict[uuid.UUID, list[str]] = {}
    for person_id, value in rows:
        title = value.get("title", "") if isinstance(value, dict) else ""
        if title:
            titles.setdefault(person_id, []).append(title)
    return titles
