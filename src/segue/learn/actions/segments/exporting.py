"""Who is in a segment, as a file for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.spreadsheets import csv_file
from segue.learn.models import Segment, SegmentRow
from segue.learn.queries.readable import profiles_of
from segue.learn.queries.segments.listing import members_of
from segue.trust.actions.looks import note_looks
from segue.trust.models import LookedAt

COLUMNS = ("id", "name", "email", "headline", "city", "country", "skills", "in_since")
BATCH = 1_000


@action("learn.export_segment")
def export_segment(segment: Segment, *, by: Actor) -> Iterator[bytes]:
    """Return a segment's members as CSV, in pieces; the audit keeps who took it. Raises NotAllowed.

    Nothing is in it that is kept for another purpose, and an e-mail address only of who may be written to.
    Whoever is in it can see that it was taken.
    """
    stays = dict(members_of(segment, by=by).values_list("person_id", "entered_at"))
    ids = sorted(stays)
    note_looks(ids, what=LookedAt.EXPORT, reason=segment.name, by=by)
    pieces = (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
    rows = ((*cells, stays[pk].date()) for some in pieces for pk, cells in _cells(some))
    return csv_file(COLUMNS, rows)


def _cells(some: list[UUID]) -> Iterator[tuple[UUID, tuple[object, ...]]]:
    writable = set(
        SegmentRow.objects.filter(person_id__in=some, contact=True).values_list("person_id", flat=True)
    )
    for profile in profiles_of(some):
        pk = profile.person.pk
        said = [profile.said(column) for column in COLUMNS[1:6]]
        said[1] = said[1] if pk in writable else ""
        yield pk, (pk, *said, ", ".join(profile.skills))
