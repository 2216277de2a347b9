"""What a colleague calls a community. No fit changes that name; it goes where most of its people go."""

from __future__ import annotations

import uuid

from django.utils.translation import gettext as _

from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from segue.learn.models import Community, Segment, SegmentState
from segue.learn.queries.segments.listing import may_segment

LONGEST = 120


@action("learn.name_community")
def name_community(segment_id: uuid.UUID, *, name: str, by: Actor, is_named: bool = True) -> tuple[str, bool]:
    """Call a community something else; returns what it was called, and whether by a colleague.

    Undo by calling it again with both. Raises NotAllowed, NotFound, Invalid,
    Conflict where another segment is called so.
    """
    if not may_segment(by):
        raise NotAllowed(_("Only the talent team names communities."))
    row = Community.objects.select_for_update().select_related("segment").filter(pk=segment_id).first()
    if row is None:
        raise NotFound(_("There is no such community."), remedy=_("Look at the list of segments."))
    wanted = " ".join(name.split())
    if not wanted or len(wanted) > LONGEST:
        remedy = _("Use 1 to %d letters.") % LONGEST
        raise Invalid(_("That is no name for a community."), field="name", remedy=remedy)
    others = Segment.objects.filter(state=SegmentState.ACTIVE, name__iexact=wanted).exclude(pk=row.pk)
    if others.exists():
        raise Conflict(_("Another segment is called that."), field="name", remedy=_("Choose another name."))
    before, segment = (row.segment.name, row.is_named), row.segment
    segment.name, segment.version, segment.changed_at = wanted, segment.version + 1, clock.now()
    segment.save(update_fields=["name", "version", "changed_at"])
    row.is_named = is_named
    row.save(update_fields=["is_named"])
    return before
