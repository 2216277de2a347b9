"""How far segments hold the same people."""

from __future__ import annotations

from dataclasses import dataclass

from segue.kit.actor import Actor
from segue.learn.models import Segment, SegmentState
from segue.learn.queries.segments.counting import rows
from segue.learn.queries.segments.listing import may_count

_SHARED = """
SELECT other.segment_id, count(*) FROM learn_segmentmember mine
JOIN learn_segmentmember other ON other.person_id = mine.person_id AND other.left_at IS NULL
JOIN learn_segment s ON s.id = other.segment_id AND s.state = %s
WHERE mine.segment_id = %s AND mine.left_at IS NULL AND other.segment_id <> %s
GROUP BY other.segment_id ORDER BY count(*) DESC, other.segment_id LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Another segment, how many are in both, and that share of all who are in either (Jaccard 1901)."""

    segment: Segment
    both: int
    jaccard: float


def overlaps_of(segment: Segment, *, by: Actor, most: int = 10) -> list[Overlap]:
    """Return the segments in use that share the most people with this one; none for who may not count."""
    if not may_count(by):
        return []
    shared = rows(_SHARED, [SegmentState.ACTIVE, segment.pk, segment.pk, most])
    others = Segment.objects.in_bulk([key for key, _ in shared])
    return [
        Overlap(other, both, both / max(1, segment.size + other.size - both))
        for key, both in shared
        if (other := others.get(key)) is not None
    ]
