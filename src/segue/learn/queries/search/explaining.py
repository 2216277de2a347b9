"""Why somebody was found: for each thing that was asked, where it stands in what may be read of them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from segue.engine.place import haversine_km
from segue.engine.query import Applied, Leaf, Near, leaves
from segue.engine.query.standing import stands_at
from segue.kit.actor import Actor
from segue.learn.applied import applications_known
from segue.learn.queries.readable import EMPLOYER, SCHOOL, Profile, profiles_of
from segue.learn.queries.search.asking import Ask

Passage = tuple[str, str]  # the field, and a text that stands in it


@dataclass(frozen=True, slots=True)
class Why:
    """One thing asked for and found: in which field, in which text, at which characters; or how far away."""

    leaf: Leaf
    where: str  # "skill", "name", "title", "employer", "school", …, "resume", "near", "application"
    text: str = ""
    span: tuple[int, int] = (0, 0)
    km: float = 0.0


def reasons_of(ask: Ask, person_ids: Sequence[uuid.UUID], by: Actor) -> dict[uuid.UUID, list[Why]]:
    """Return for each of these people what was asked for and where it is, in the order it was typed.

    Of applications only those this actor may see are spoken of.
    """
    asked = list(dict.fromkeys(leaves(ask.tree)))
    if not asked:
        return {}
    applied = [leaf for leaf in asked if isinstance(leaf, Applied)]
    seen = {leaf: applications_known().seen(leaf, by, person_ids) for leaf in applied}
    return {
        one.person.pk: [why for leaf in asked if (why := _why(leaf, one, ask, seen))]
        for one in profiles_of(person_ids)
    }


def _why(
    leaf: Leaf, profile: Profile, ask: Ask, seen: Mapping[Applied, Mapping[uuid.UUID, str]]
) -> Why | None:
    if isinstance(leaf, Applied):
        said = seen[leaf].get(profile.person.pk, "")
        return Why(leaf, "application", said) if said else None
    if isinstance(leaf, Near):
        return _how_far(leaf, profile, ask)
    held = next((slug for slug in ask.skills.get(leaf, ()) if slug in profile.skills), "")
    if held:
        return Why(leaf, "skill", held)
    if leaf.field in {"country", "remote"}:
        said = profile.said(leaf.field)
        return Why(leaf, leaf.field, said) if said.lower() == leaf.text.lower() else None
    for where, text in _passages(profile):
        if leaf.field in ("", where) and (span := stands_at(leaf, text)):
            return Why(leaf, where, text, span)
    return None


def _how_far(near: Near, profile: Profile, ask: Ask) -> Why | None:
    lat, lon = profile.place
    if lat is None or lon is None:
        return None
    km = float(haversine_km(*ask.places[near], lat, lon))
    return Why(near, "near", near.place, km=km) if km <= near.km else None


def _passages(profile: Profile) -> Iterator[Passage]:
    """Every text of somebody with its field, what says most first, as the index has them."""
    yield "name", profile.said("name")
    yield "title", profile.said("headline")
    yield "city", profile.said("city")
    for field, records, keys in (
        ("title", profile.positions, ("title",)),
        ("employer", profile.positions, EMPLOYER),
        ("school", profile.education, SCHOOL),
        ("education", profile.education, ("title", "area")),
    ):
        yield from ((field, text) for text in profile.records(records, *keys))
    yield "email", profile.said("email")
    yield "source", profile.person.source
    yield "resume", profile.resume
