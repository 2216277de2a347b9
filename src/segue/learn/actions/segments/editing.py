"""Making a segment, changing it, putting it away; each can be taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from segue.engine.segments import read_rule, segments_named, write_rule
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid, NotAllowed
from segue.kit.queue import enqueue
from segue.learn.models import Segment, SegmentKind, SegmentState
from segue.learn.queries.segments.listing import may_segment
from segue.learn.queries.segments.rules import understand_rule

MOST = 500  # segments in use: each costs a statement an hour


@action("learn.make_segment")
def make_segment(
    *, name: str, rule: Mapping[str, Any], by: Actor, description: str = "", worked_out: bool = True
) -> Segment:
    """Make a segment of everybody a rule holds of. Raises NotAllowed, Invalid (where and what), Conflict.

    Who is in it is worked out in the background, at once; `worked_out` False leaves that to the caller.
    """
    _team_only(by)
    if Segment.objects.filter(state=SegmentState.ACTIVE).count() >= MOST:
        raise Conflict(_("There are %d segments already.") % MOST, remedy=_("Put one away first."))
    segment = Segment(
        name=_name(name),
        rule=_rule(rule),
        description=description.strip()[:500],
        owner_id=by.account_id,
    )
    _save(segment, new=True)
    if worked_out:
        _work_out(segment)
    return segment


@action("learn.edit_segment")
def edit_segment(
    segment: Segment,
    *,
    by: Actor,
    name: str | None = None,
    rule: Mapping[str, Any] | None = None,
    description: str | None = None,
    version: int | None = None,
) -> Segment:
    """Change a segment's name, rule or description. Raises NotAllowed, Invalid, and Conflict where it has
    been changed since `version`, or another has the name."""
    _team_only(by)
    found = Segment.objects.select_for_update().get(pk=segment.pk)
    if version is not None and version != found.version:
        raise Conflict(
            _("“%s” was changed meanwhile.") % found.name, remedy=_("Look at it again, then change it.")
        )
    if rule is not None and found.kind != SegmentKind.RULE:
        raise Invalid(_("What was found in the crowd has no rule."), field="rule", remedy=_("Rename it."))
    found.name = _name(name) if name is not None else found.name
    found.description = description.strip()[:500] if description is not None else found.description
    before, found.rule = found.rule, _rule(rule, found) if rule is not None else found.rule
    found.version += 1
    found.changed_at = clock.now()
    _save(found)
    if found.rule != before:
        _work_out(found)
    return found


@action("learn.archive_segment")
def archive_segment(segment: Segment, *, archived: bool, by: Actor) -> Segment:
    """Put a segment away, or take it out again. Its members and its history stay as they are.

    Raises NotAllowed, Conflict where another segment asks for it, or has its name meanwhile.
    """
    _team_only(by)
    found = Segment.objects.select_for_update().get(pk=segment.pk)
    if archived and (asking := _asked_for_by(found)):
        raise Conflict(
            _("“%(one)s” asks for “%(other)s”.") % {"one": asking, "other": found.name},
            remedy=_("Take it out of that rule first."),
        )
    found.state = SegmentState.ARCHIVED if archived else SegmentState.ACTIVE
    found.changed_at = clock.now()
    _save(found)
    if not archived and found.kind == SegmentKind.RULE:
        _work_out(found)
    return found


def duplicate_segment(segment: Segment, *, by: Actor) -> Segment:
    """Make another segment of the same rule, to be changed. Raises as `make_segment`; Invalid for one
    that was found in the crowd."""
    if segment.kind != SegmentKind.RULE:
        raise Invalid(_("What was found in the crowd has no rule."), field="rule", remedy=_("Write one."))
    taken = set(Segment.objects.filter(state=SegmentState.ACTIVE).values_list("name", flat=True))
    name = _("%s, a copy") % segment.name[:100]
    number = 2
    while name in taken:
        name = _("%(name)s, copy %(number)d") % {"name": segment.name[:100], "number": number}
        number += 1
    return make_segment(name=name, rule=segment.rule, description=segment.description, by=by)


def _team_only(by: Actor) -> None:
    if not may_segment(by):
        raise NotAllowed(_("Only the talent team makes segments."))


def _name(name: str) -> str:
    text = " ".join(name.split())
    if not text or len(text) > 120:
        raise Invalid(
            _("A segment needs a name of up to 120 characters."),
            field="name",
            remedy=_("Name what they share."),
        )
    return text


def _rule(rule: Mapping[str, Any], segment: Segment | None = None) -> dict[str, Any]:
    """The rule in its one written form, once everything it names is known."""
    return write_rule(understand_rule(rule, of=segment.pk if segment else None).tree)


def _save(segment: Segment, *, new: bool = False) -> None:
    try:
        with transaction.atomic():
            segment.save(force_insert=new)
    except IntegrityError:
        raise Conflict(
            _("There is a segment called “%s” already.") % segment.name,
            field="name",
            remedy=_("Give this one another name."),
        ) from None


def _asked_for_by(segment: Segment) -> str:
    """The name of another segment in use whose rule asks for this one, "" for none."""
    others = Segment.objects.filter(state=SegmentState.ACTIVE, kind=SegmentKind.RULE).exclude(pk=segment.pk)
    others = others.filter(rule__icontains=str(segment.pk))
    return next((one.name for one in others if str(segment.pk) in segments_named(read_rule(one.rule))), "")


def _work_out(segment: Segment) -> None:
    key = f"learn.refresh_segment:{segment.pk}"
    enqueue("learn.refresh_segment", unique_key=key, priority=1, segment_id=str(segment.pk))
