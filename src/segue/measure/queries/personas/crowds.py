"""Who is counted: a segment's people and everybody else, of those who allow what a figure is drawn from."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from segue.learn.models import Segment, SegmentMember
from segue.learn.queries.communities.knowledge import people_allowing, present_ids
from segue.trust.models import Purpose


@dataclass(frozen=True)
class Crowds:
    """`members` are in the segment now; `everybody` is present; `profile`, `behaviour`: who allows each."""

    members: frozenset[uuid.UUID]
    everybody: frozenset[uuid.UUID]
    profile: frozenset[uuid.UUID]
    behaviour: frozenset[uuid.UUID]

    def split(self, among: Iterable[uuid.UUID]) -> tuple[int, int]:
        """Count how many of some people are inside, and how many outside."""
        some = set(among)
        inside = len(some & self.members)
        return inside, len(some) - inside

    def tally(
        self, values: Mapping[uuid.UUID, Iterable[str]], allowed: frozenset[uuid.UUID]
    ) -> tuple[Counter[str], Counter[str]]:
        """Count the people inside and outside who have each value, of those who allow it."""
        inside: Counter[str] = Counter()
        outside: Counter[str] = Counter()
        for person, several in values.items():
            if person in allowed:
                (inside if person in self.members else outside).update(set(several))
        return inside, outside


def crowds_of(segment: Segment) -> Crowds:
    """Read who is in a segment and who allows what, in four queries."""
    everybody = frozenset(present_ids())
    members = SegmentMember.objects.filter(segment=segment, left_at=None).values_list("person_id", flat=True)
    profile, behaviour = (
        frozenset(people_allowing(purpose)) & everybody for purpose in (Purpose.PROFILE, Purpose.BEHAVIOUR)
    )
    return Crowds(frozenset(members) & everybody, everybody, profile, behaviour)
