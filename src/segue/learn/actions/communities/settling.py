"""Putting a fit in force: the segments in use are its communities, with their names and what is theirs."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segue.catalog.queries.skills import labels
from segue.engine.communities.fitting import Fit, place
from segue.engine.communities.moving import moved
from segue.engine.communities.naming import (
    Distinctive,
    distinctive_skills,
    mixes_of,
    name_of,
    nearest_occupations,
    settle_names,
)
from segue.engine.communities.space import SkillSets
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.learn.actions.communities.seating import seat_everybody
from segue.learn.communities import COMMUNITIES, CommunityModel
from segue.learn.models import Community, Reign, Segment, SegmentKind, SegmentState
from segue.learn.queries.communities.knowledge import occupations, skills_known
from segue.learn.queries.registry import blob_of

MOST_SKILLS_KEPT = 12


@dataclass(frozen=True, eq=False)
class Found:
    """What a fit says of each of its k communities, by the people of now."""

    fit: Fit
    label: NDArray[np.int64]
    sets: SkillSets
    skills: list[list[Distinctive]]
    occupation: list[str]

    def people(self, one: int) -> int:
        return int((self.label == one).sum())

    def held(self, one: int) -> dict[str, int]:
        """How many of one community's people have each skill."""
        counts = np.asarray(self.sets.held[np.flatnonzero(self.label == one)].sum(axis=0)).ravel()
        return {slug: int(n) for slug, n in zip(self.sets.slugs, counts.tolist(), strict=True) if n}

    def names(self, one: int) -> list[str]:
        """What it might be called, the best first; then with ever more skills, so that one is free."""
        known = labels({skill.slug for skill in self.skills[one]})
        words = [known[skill.slug] for skill in self.skills[one]]
        return [name for n in range(3, 7) if (name := name_of(self.occupation[one], words, n))]


def describe(fit: Fit, known: Mapping[str, frozenset[str]]) -> Found:
    """Say what tells each community apart."""
    sets = SkillSets.of(known, fit.slugs)
    label = place(fit, known).label
    titles = nearest_occupations(sets.slugs, mixes_of(sets, label, len(fit)), occupations())
    return Found(fit, label, sets, distinctive_skills(sets, label, len(fit)), titles)


@action("learn.put_communities_in_force")
def put_in_force(model_hash: str, *, by: Actor) -> dict[str, int]:
    """Let the segments in use be this fit's communities, and seat everybody; a roll-back comes by here too.

    A community that was put away comes back with the name it had. Returns how many entered and left.
    """
    model = CommunityModel.from_bytes(blob_of(model_hash))
    _wake(model)
    found = describe(model.fit, skills_known())
    for one, row in _rows(model):
        row.model_id = model_hash
        row.suggested = next(iter(found.names(one)), "")
        row.occupation = found.occupation[one]
        row.skills = [_rounded(skill) for skill in found.skills[one][:MOST_SKILLS_KEPT]]
        held = found.held(one)
        row.drift = asdict(moved(row.held, held)) if row.held else {}
        row.held, row.people = held, found.people(one)
        row.save()
        words = labels(skill.slug for skill in found.skills[one][:4])
        described = ", ".join(words.values())[:500]
        Segment.objects.filter(pk=row.pk).update(description=described)
    return seat_everybody(by=by)


def _wake(model: CommunityModel) -> None:
    """Put away the communities that are not this fit's, and bring back those that are."""
    ours, now = Segment.objects.filter(kind=SegmentKind.COMMUNITY), clock.now()
    ours.filter(state=SegmentState.ACTIVE).exclude(pk__in=model.keys).update(
        state=SegmentState.ARCHIVED, changed_at=now
    )
    coming = set(model.keys) - set(_keys_before())  # one of before that is away was put away by somebody
    waking = list(ours.filter(pk__in=coming, state=SegmentState.ARCHIVED).order_by("pk"))
    taken = set(Segment.objects.filter(state=SegmentState.ACTIVE).values_list("name", flat=True))
    names = settle_names([[one.name] for one in waking], dict(enumerate(one.name for one in waking)), taken)
    for segment, name in zip(waking, names, strict=True):
        segment.state, segment.name, segment.changed_at = SegmentState.ACTIVE, name, now
        segment.save(update_fields=["state", "name", "changed_at"])


def _keys_before() -> tuple[uuid.UUID, ...]:
    """The communities of the fit that was in force before this one."""
    reigns = Reign.objects.filter(kind=COMMUNITIES).order_by("-id").values_list("model_id", flat=True)[1:2]
    return tuple(key for hash_ in reigns for key in CommunityModel.from_bytes(blob_of(hash_)).keys)


def _rows(model: CommunityModel) -> list[tuple[int, Community]]:
    """The communities of a fit that are still there, by their place in it."""
    rows = Community.objects.in_bulk(model.keys)
    return [(place, rows[key]) for place, key in enumerate(model.keys) if key in rows]


def _rounded(one: Distinctive) -> dict[str, Any]:
    told = asdict(one)
    return told | {key: round(told[key], 4) for key in ("share", "overall", "lift", "z")}
