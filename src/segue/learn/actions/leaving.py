"""What the search lets go of at once: whoever became somebody else, and searches that name the erased."""

from __future__ import annotations

from django.db import connection

from segue.kit.merging import Merging, after_merging
from segue.kit.privacy import Traces, on_erasure
from segue.learn.models import Engagement, SearchRow, SegmentRow


@after_merging
def leave_to_survivor(merging: Merging) -> None:
    """Whoever is somebody else now is not found; the survivor is read again when this is committed."""
    for model in (SearchRow, SegmentRow, Engagement):
        model.objects.filter(person_id=merging.merged_id).delete()


@on_erasure
def forget_searches(traces: Traces) -> dict[str, int]:
    """A kept search that names the person goes with them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM learn_savedsearch WHERE text ILIKE ANY(%(words)s::text[])"
            " OR name ILIKE ANY(%(words)s::text[])",
            {"words": traces.patterns()},
        )
        return {"learn.SavedSearch": cursor.rowcount}


@on_erasure
def forget_segments(traces: Traces) -> dict[str, int]:
    """A segment whose name or rule names the person goes with them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM learn_segment WHERE name ILIKE ANY(%(words)s::text[])"
            " OR description ILIKE ANY(%(words)s::text[]) OR rule::text ILIKE ANY(%(words)s::text[])",
            {"words": traces.patterns()},
        )
        return {"learn.Segment": cursor.rowcount}
