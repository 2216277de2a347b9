"""What may be seen of communities: the shelf of them, examples, drift, and what the last fit did."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from segue.catalog.models import Person
from segue.catalog.queries.skills import labels
from segue.engine.communities.carrying import What
from segue.engine.drift import Verdict
from segue.kit.actor import Actor
from segue.learn.communities import COMMUNITIES
from segue.learn.models import Community, Model, ModelState, Segment, SegmentMember, SegmentState
from segue.learn.queries.communities.knowledge import people_allowing
from segue.learn.queries.segments.listing import may_count, may_segment
from segue.trust.models import Purpose

EXAMPLES = 5
_LOOKED_AT = 60  # the nearest, of whom some may not want to be found


@dataclass(frozen=True, slots=True)
class Mark:
    """A skill that tells a community apart: share of its people, and how many times everybody's share."""

    slug: str
    label: str
    share: float
    lift: float


@dataclass(frozen=True)
class Found:
    """One community as pages show it. `suggested` is empty where it is called what the fit would call it."""

    segment: Segment
    occupation: str
    is_named: bool
    suggested: str
    marks: list[Mark]
    turned: float | None
    verdict: Verdict
    part: float = 0.0  # its size as a share of the largest


@dataclass(frozen=True)
class LastFit:
    """What the fit in force says of itself: how many groups, how firm, and who is in none."""

    at: datetime
    communities: int
    mean: float
    low: float
    high: float
    silhouette: float
    people: dict[str, int]
    changes: list[str]


def communities_for(actor: Actor) -> list[Found]:
    """Return the communities in use, the largest first; none for whoever may not count people."""
    if not may_count(actor):
        return []
    rows = list(
        Community.objects.filter(segment__state=SegmentState.ACTIVE)
        .select_related("segment")
        .order_by("-segment__size", "segment__name")
    )
    names = labels({skill["slug"] for row in rows for skill in row.skills})
    largest = max((row.segment.size for row in rows), default=0)
    return [_found(row, names, largest) for row in rows]


def community_of(segment: Segment, *, by: Actor) -> Found | None:
    """Return what makes a segment a community, None where a rule makes it or it may not be seen."""
    row = Community.objects.select_related("segment").filter(pk=segment.pk).first()
    if row is None or not may_count(by):
        return None
    return _found(row, labels({skill["slug"] for skill in row.skills}), row.segment.size)


def last_fit(actor: Actor) -> LastFit | None:
    """Return what the communities in force were made of."""
    row = Model.objects.filter(kind=COMMUNITIES, state=ModelState.CHAMPION).defer("blob").first()
    if row is None or not may_count(actor):
        return None
    card = row.card
    firm = card["stability"]
    return LastFit(
        at=row.state_at,
        communities=card["communities"],
        mean=firm["mean"],
        low=firm["low"],
        high=firm["high"],
        silhouette=card["silhouette"],
        people=card["people"],
        changes=changes_in_words(card["changes"]),
    )


def exemplars(segment: Segment, *, by: Actor) -> list[SegmentMember]:
    """Return the people nearest to a community's middle who let recruiters find them, to the team alone."""
    if not may_segment(by):
        return []
    stays = SegmentMember.objects.filter(segment=segment, left_at=None).select_related("person")
    nearest = list(stays.order_by("why__distance", "person_id")[:_LOOKED_AT])
    findable = people_allowing(Purpose.DISCOVERY, {stay.person_id for stay in nearest})
    return [stay for stay in nearest if stay.person_id in findable][:EXAMPLES]


def brought_here(segment: Segment, person: Person, *, by: Actor) -> list[str]:
    """Return the skills that brought a person nearer to this community than to others, as labels."""
    if not may_segment(by):
        return []
    stay = SegmentMember.objects.filter(segment=segment, person=person, left_at=None).first()
    slugs: list[str] = list(stay.why.get("skills", [])) if stay else []
    known = labels(slugs)
    return [known[slug] for slug in slugs]


def changes_in_words(changes: Iterable[dict[str, Any]]) -> list[str]:
    """Say what a fit did to the communities of before; those that stayed are one line."""
    told = list(changes)
    keys = {key for one in told for key in (one["key"], *one["others"])}
    names = {
        str(pk): name for pk, name in Segment.objects.filter(pk__in=_ids(keys)).values_list("pk", "name")
    }
    kept = sum(one["what"] == What.KEPT for one in told)
    lines = [_("%d stayed.") % kept] if kept else []
    return lines + [_line(one, names) for one in told if one["what"] != What.KEPT]


def _line(one: dict[str, Any], names: dict[str, str]) -> str:
    name = names.get(one["key"], "?")
    others = ", ".join(f"“{names.get(key, '?')}”" for key in one["others"])
    match What(one["what"]):
        case What.SPLIT:
            return _("“%(name)s” split off from %(others)s.") % {"name": name, "others": others}
        case What.MERGED:
            return _("“%(name)s” is part of %(others)s now.") % {"name": name, "others": others}
        case What.ENDED:
            return _("“%s” is not found any more.") % name
        case _:
            return _("“%s” is new.") % name


def _ids(keys: Iterable[str]) -> Sequence[uuid.UUID]:
    return [uuid.UUID(key) for key in keys if key]


def _found(row: Community, names: dict[str, str], largest: int) -> Found:
    drift = row.drift or {}
    return Found(
        segment=row.segment,
        occupation=row.occupation,
        is_named=row.is_named,
        suggested="" if row.suggested == row.segment.name else row.suggested,
        marks=[Mark(one["slug"], names[one["slug"]], one["share"], one["lift"]) for one in row.skills],
        turned=drift.get("turned"),
        verdict=Verdict(drift.get("verdict", Verdict.UNKNOWN)),
        part=row.segment.size / largest if largest else 0.0,
    )
