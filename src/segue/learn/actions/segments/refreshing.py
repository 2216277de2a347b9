"""Keeping who is in which segment: for everybody in turn, and at once for whoever did or said something.

A refresh compares what a rule says now with who is in, closes the stays of those it holds of no more, opens
others, counts, and tells the ledger of each. Running it twice changes nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import connection
from django.db.models import F

from segue.engine.segments import VOCABULARY, Node, conditions, segments_named
from segue.engine.segments.vocabulary import BEHAVIOUR
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Invalid
from segue.learn.actions.segments.engagement import count_engagement
from segue.learn.models import Segment, SegmentCount, SegmentKind, SegmentMember, SegmentState
from segue.learn.queries.segments.counting import matching
from segue.learn.queries.segments.rules import in_order, understand_rule
from segue.learn.queries.segments.statement import Understood, each_holds
from segue.listen.actions.record import record_each
from segue.trust.models import Purpose

BATCH = 2_000
Moved = tuple[list[uuid.UUID], list[uuid.UUID]]  # who entered, who left


@action("learn.refresh_segment")
def refresh_segment(segment: Segment, *, by: Actor) -> tuple[int, int]:
    """Bring a rule's members up to date; returns how many entered and left.

    A segment whose rule cannot be read any more (a place, a segment that is gone) is left as it is.
    """
    found = _locked(segment)
    rule = _understood(found) if found is not None else None
    if found is None or rule is None:
        return 0, 0
    entered, left = _settle(found, rule, None, by)
    return len(entered), len(left)


@action("learn.refresh_segments")
def refresh_segments(*, by: Actor) -> dict[str, int]:
    """Bring every segment in use up to date, each behind those its rule asks for."""
    every = list(Segment.objects.filter(state=SegmentState.ACTIVE, kind=SegmentKind.RULE).order_by("pk"))
    came = [refresh_segment(segment, by=by) for segment in in_order(every)]
    return {
        "segments": len(came),
        "entered": sum(entered for entered, _ in came),
        "left": sum(left for _, left in came),
    }


@action("learn.place_people")
def place_people(person_ids: Sequence[uuid.UUID], *, by: Actor) -> int:
    """Bring these people's days and stays up to date in every segment; returns how many moved."""
    ids = sorted(set(person_ids))
    if not ids:
        return 0
    count_engagement(ids)
    every = Segment.objects.select_for_update().filter(
        state=SegmentState.ACTIVE, kind=SegmentKind.RULE, refreshed_at__isnull=False
    )
    moved = 0
    for segment in in_order(list(every.order_by("pk"))):
        rule = _understood(segment)
        if rule is None:
            continue
        entered, left = _settle(segment, rule, ids, by)
        moved += len(entered) + len(left)
    return moved


def _locked(segment: Segment) -> Segment | None:
    """One refresh of a segment at a time; None where it is not in use, or no rule makes it."""
    found = Segment.objects.select_for_update().filter(pk=segment.pk).first()
    ready = found is not None and found.state == SegmentState.ACTIVE and found.kind == SegmentKind.RULE
    return found if ready else None


def _understood(segment: Segment) -> Understood | None:
    try:
        return understand_rule(segment.rule, of=segment.pk)
    except Invalid:
        return None


def _settle(segment: Segment, rule: Understood, among: list[uuid.UUID] | None, by: Actor) -> Moved:
    now_in = matching(rule, by=by if by.is_machine or by.is_talent_team else _SYSTEM, among=among)
    members = SegmentMember.objects.filter(segment=segment, left_at=None)
    members = members if among is None else members.filter(person_id__in=among)
    before = set(members.values_list("person_id", flat=True))
    entered, left = sorted(now_in - before), sorted(before - now_in)
    at = clock.now()
    SegmentMember.objects.filter(segment=segment, left_at=None, person_id__in=left).update(left_at=at)
    for start in range(0, len(entered), BATCH):
        _enter(segment, rule, entered[start : start + BATCH])
    purpose = Purpose.BEHAVIOUR.value if reads_behaviour(rule.tree) else ""
    for kind, people in (("segment.entered", entered), ("segment.left", left)):
        for start in range(0, len(people), BATCH):
            record_each(
                kind, people[start : start + BATCH], by=by, purpose=purpose, segment_id=str(segment.pk)
            )
    if entered or left or among is None:
        _count(segment, len(entered), len(left))
    return entered, left


_SYSTEM = Actor.machine("segments")


def _enter(segment: Segment, rule: Understood, people: list[uuid.UUID]) -> None:
    held = _held(rule, people)
    rows = [
        SegmentMember(
            segment=segment,
            person_id=person_id,
            entered_at=clock.now(),
            why={"version": segment.version, "held": held.get(person_id, [])},
        )
        for person_id in people
    ]
    SegmentMember.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)


def _held(rule: Understood, people: list[uuid.UUID]) -> dict[uuid.UUID, list[int]]:
    """Which conditions held of each, by their number in reading order; in one statement."""
    every = each_holds(rule, today=clock.now().date(), among=people)
    if not every:
        return {}
    columns = ", ".join(f"({sql})" for _, (sql, _) in every)
    values = [value for _, (_, some) in every for value in some]
    sql = f"SELECT person_id, {columns} FROM learn_segmentrow WHERE person_id = ANY(%s::uuid[])"  # noqa: S608 - our own words
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, people])
        return {row[0]: [n for n, holds in enumerate(row[1:]) if holds] for row in cursor.fetchall()}


def _count(segment: Segment, entered: int, left: int) -> None:
    size = SegmentMember.objects.filter(segment=segment, left_at=None).count()
    if entered or left or size != segment.size or segment.refreshed_at is None:
        segment.size, segment.refreshed_at = size, clock.now()
        segment.save(update_fields=["size", "refreshed_at"])
    day = clock.now().date()
    SegmentCount.objects.get_or_create(segment=segment, day=day, defaults={"size": size})
    SegmentCount.objects.filter(segment=segment, day=day).update(
        size=size, entered=F("entered") + entered, left=F("left") + left
    )


def reads_behaviour(tree: Node) -> bool:
    """Say whether a rule's members tell of behaviour: by itself, or through another segment."""
    return any(VOCABULARY[one.kind].needs == BEHAVIOUR for one in conditions(tree)) or bool(
        segments_named(tree)
    )
