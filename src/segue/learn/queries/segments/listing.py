"""Which segments there are, for whom, and who is in them."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from segue.kit import clock
from segue.kit.actor import Actor, Role
from segue.kit.errors import NotAllowed, NotFound
from segue.learn.models import Segment, SegmentCount, SegmentMember, SegmentState

COUNTED_DAYS = 90


def may_segment(actor: Actor) -> bool:
    """Say who may make segments and see who is in them."""
    return actor.is_talent_team or actor.is_machine


def may_count(actor: Actor) -> bool:
    """Say who may see how many people a segment has; analysts see no names."""
    return may_segment(actor) or actor.role is Role.ANALYST


def segments_visible_to(actor: Actor, *, archived: bool = False) -> QuerySet[Segment]:
    """Return the segments this actor may know of, rules before communities: those in use, or put away."""
    state = SegmentState.ARCHIVED if archived else SegmentState.ACTIVE
    found = Segment.objects.filter(state=state).select_related("owner").order_by("-kind", "name", "pk")
    return found if may_count(actor) else found.none()


def segment_for(actor: Actor, segment_id: uuid.UUID | str) -> Segment:
    """Return one segment, in use or put away. Raises NotFound alike for none and for none of theirs."""
    try:
        key = uuid.UUID(str(segment_id))
    except ValueError:
        key = None
    found = (
        Segment.objects.select_related("owner").filter(pk=key).first() if key and may_count(actor) else None
    )
    if found is None:
        raise NotFound(_("There is no such segment."), remedy=_("Look at the list of segments."))
    return found


def segment_named(ref: str, *, by: Actor) -> Segment:
    """Return the segment in use of this name, or of this id. Raises NotFound."""
    found = segments_visible_to(by).filter(name=ref.strip()).first()
    return found or segment_for(by, ref)


def members_of(segment: Segment, *, by: Actor, at: date | None = None) -> QuerySet[SegmentMember]:
    """Return who is in a segment, or was at the end of a day, the last to enter first. Raises NotAllowed."""
    if not may_segment(by):
        raise NotAllowed(_("Only the talent team sees who is in a segment."))
    rows = SegmentMember.objects.filter(segment=segment).select_related("person")
    if at is None:
        return rows.filter(left_at=None).order_by("-pk")
    end = clock.midnight_for("UTC", at + timedelta(days=1))
    return rows.filter(entered_at__lt=end).exclude(left_at__lt=end).order_by("-pk")


def stays_of(person_id: uuid.UUID, *, by: Actor) -> QuerySet[SegmentMember]:
    """Return every stay of a person in segments in use, the latest first: for the team and themselves."""
    if not (may_segment(by) or by.person_id == person_id):
        return SegmentMember.objects.none()
    rows = SegmentMember.objects.filter(person_id=person_id, segment__state=SegmentState.ACTIVE)
    return rows.select_related("segment").order_by("-entered_at", "-pk")


def segments_of(person_id: uuid.UUID, *, by: Actor) -> list[Segment]:
    """Return the segments a person is in now, by name."""
    return sorted(
        (stay.segment for stay in stays_of(person_id, by=by).filter(left_at=None)),
        key=lambda segment: (segment.name, segment.pk),
    )


def is_in(person_id: uuid.UUID, segment_id: uuid.UUID | str) -> bool:
    """Say whether a person is in a segment in use now: for our own processes, which choose by it."""
    rows = SegmentMember.objects.filter(segment_id=segment_id, segment__state=SegmentState.ACTIVE)
    return rows.filter(person_id=person_id, left_at=None).exists()


def sizes_of(
    segments: list[Segment], *, by: Actor, days: int = COUNTED_DAYS
) -> dict[uuid.UUID, list[SegmentCount]]:
    """Return the history of size of these segments, oldest first; nothing for whoever may not count."""
    found: dict[uuid.UUID, list[SegmentCount]] = {segment.pk: [] for segment in segments}
    if not may_count(by):
        return found
    since = clock.now().date() - timedelta(days=days)
    for count in SegmentCount.objects.filter(segment__in=segments, day__gte=since).order_by("day"):
        found[count.segment_id].append(count)
    return found
