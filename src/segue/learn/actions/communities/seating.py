"""Seating people: who is in which community now, as stays in segments that are opened and closed."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from segue.engine.communities.fitting import place, reasons
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.copying import copy_rows
from segue.learn.communities import COMMUNITIES, CommunityModel
from segue.learn.models import Segment, SegmentCount, SegmentKind, SegmentMember, SegmentState
from segue.learn.queries.communities.knowledge import skills_known
from segue.learn.queries.lexicon import champion_hash
from segue.learn.queries.registry import blob_of
from segue.listen.actions.record import record_each

_AT_ONCE = 2_000
_held: dict[str, CommunityModel] = {}


@dataclass(frozen=True, slots=True)
class Seat:
    """Where somebody belongs, the skills that brought them nearest, and how near (0 is its middle)."""

    segment: uuid.UUID
    distance: float
    skills: tuple[str, ...]

    def why(self) -> dict[str, Any]:
        return {"distance": self.distance, "skills": list(self.skills)}


@action("learn.seat_everybody")
def seat_everybody(*, by: Actor) -> dict[str, int]:
    """Place everybody by the communities in force, without fitting anything; newcomers too.

    Returns how many entered and left. Nothing in force: everybody leaves.
    """
    model = communities_in_force()
    return _seat(seats(model, skills_known()) if model else {}, None, by=by)


@action("learn.seat_person")
def seat_person(person_id: uuid.UUID, *, by: Actor) -> dict[str, int]:
    """Place one person whose skills or answers changed: in the nearest community, or in none if it is far."""
    model = communities_in_force()
    if model is None:
        return {"entered": 0, "left": 0}
    return _seat(seats(model, skills_known([person_id])), [person_id], by=by)


def communities_in_force() -> CommunityModel | None:
    """Return the fitted communities that hold now; the last one read stays in memory."""
    hash_ = champion_hash(COMMUNITIES)
    if not hash_:
        return None
    if hash_ not in _held:
        _held.clear()
        _held[hash_] = CommunityModel.from_bytes(blob_of(hash_))
    return _held[hash_]


def seats(model: CommunityModel, known: Mapping[str, frozenset[str]]) -> dict[uuid.UUID, Seat]:
    """Return where people belong by their skills; whoever is far from everything is not there."""
    placed = place(model.fit, known)
    in_use = Segment.objects.filter(kind=SegmentKind.COMMUNITY, state=SegmentState.ACTIVE)
    open_to = set(in_use.values_list("pk", flat=True))
    found = {}
    for person, label, distance in zip(
        placed.ids, placed.label.tolist(), placed.distance.tolist(), strict=True
    ):
        if label >= 0 and model.keys[label] in open_to:
            why = tuple(reasons(model.fit, known[person], label))
            found[uuid.UUID(person)] = Seat(model.keys[label], round(distance, 3), why)
    return found


def _seat(
    target: Mapping[uuid.UUID, Seat], only: Collection[uuid.UUID] | None, *, by: Actor
) -> dict[str, int]:
    """Open and close stays until they say what `target` says, of everybody or of some; each is a signal."""
    stays = SegmentMember.objects.filter(segment__kind=SegmentKind.COMMUNITY, left_at=None)
    if only is not None:
        stays = stays.filter(person_id__in=only)
    now, here, closing, changed = clock.now(), set[uuid.UUID](), list[SegmentMember](), list[SegmentMember]()
    for stay in stays:
        seat = target.get(stay.person_id)
        if seat is None or seat.segment != stay.segment_id:
            closing.append(stay)
            continue
        here.add(stay.person_id)
        if stay.why != seat.why():
            stay.why = seat.why()
            changed.append(stay)
    SegmentMember.objects.filter(pk__in=[stay.pk for stay in closing]).update(left_at=now)
    SegmentMember.objects.bulk_update(changed, ["why"], batch_size=1_000)
    opening = {person: seat for person, seat in target.items() if person not in here}
    copy_rows(
        SegmentMember,
        [
            SegmentMember(segment_id=seat.segment, person_id=person, entered_at=now, why=seat.why())
            for person, seat in opening.items()
        ],
    )
    _tell("segment.left", [(stay.segment_id, stay.person_id) for stay in closing], by)
    _tell("segment.entered", [(seat.segment, person) for person, seat in opening.items()], by)
    _count(Counter(seat.segment for seat in opening.values()), Counter(stay.segment_id for stay in closing))
    return {"entered": len(opening), "left": len(closing)}


def _tell(kind: str, moves: Sequence[tuple[uuid.UUID, uuid.UUID]], by: Actor) -> None:
    """Say of each (segment, person) that they came or went."""
    people: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    for segment, person in moves:
        people[segment].append(person)
    for segment, ids in people.items():
        for begin in range(0, len(ids), _AT_ONCE):
            record_each(kind, ids[begin : begin + _AT_ONCE], by=by, segment_id=str(segment))


def _count(entered: Counter[uuid.UUID], left: Counter[uuid.UUID]) -> None:
    """Bring sizes, and today's line of their history, up to date."""
    now = clock.now()
    for segment in Segment.objects.filter(kind=SegmentKind.COMMUNITY):
        came, went = entered[segment.pk], left[segment.pk]
        if not (came or went) and segment.counts.filter(day=now.date()).exists():
            continue
        segment.size = segment.members.filter(left_at=None).count()
        segment.refreshed_at = now
        segment.save(update_fields=["size", "refreshed_at"])
        row, is_new = SegmentCount.objects.get_or_create(
            segment=segment, day=now.date(), defaults={"size": segment.size, "entered": came, "left": went}
        )
        if not is_new:
            SegmentCount.objects.filter(pk=row.pk).update(
                size=segment.size, entered=F("entered") + came, left=F("left") + went
            )
