"""Finding communities anew, every night or on demand, so that what people call them stays with whom it names.

    skills of those who allow it → fit (or nothing, and why) → which is which of before → names → seats

The fitted model goes through the registry like any other: its card says how many groups were tried, how far
they are apart, how surely they are found again, and what became of each community of before.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from segue.engine.communities.carrying import Change, What, carry
from segue.engine.communities.fitting import Abstained, Fit, fit_communities, place
from segue.engine.communities.naming import settle_names
from segue.engine.communities.space import SkillSets
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.ids import uuid7
from segue.learn.actions.communities.seating import communities_in_force, seat_everybody
from segue.learn.actions.communities.settling import Found, describe
from segue.learn.actions.registry import install_model, register_model
from segue.learn.communities import COMMUNITIES, CommunityModel
from segue.learn.models import Community, Model, ModelState, Segment, SegmentKind, SegmentState
from segue.learn.queries.communities.knowledge import digest_of, present_ids, skills_known
from segue.learn.queries.registry import card_of, was_given_up

SEED = 1


@action("learn.refit_communities")
def refit_communities(*, by: Actor, seed: int = SEED) -> dict[str, Any]:
    """Fit communities anew and seat everybody; returns the model's card, or why there are none.

    The same people and the same communities of before give the same model. Where a fit abstains, the
    communities of before stay in force. One that a colleague gave up does not come back by itself.
    """
    known = skills_known()
    before = communities_in_force()
    read = digest_of(known, seed)
    if before is not None and (card := card_of(before.hash)).get("read") == read:
        seat_everybody(by=by)
        return card | {"model": before.hash, "in_force": True}
    fit = fit_communities(SkillSets.of(known), seed=seed, before=before.fit if before else None)
    if isinstance(fit, Abstained):
        if before is not None:
            seat_everybody(by=by)
        tried = [asdict(one) for one in fit.tried]
        return {"abstained": fit.reason.value, "people": fit.people, "tried": tried}
    found = describe(fit, known)
    changes = carry(_members(before, known), _labels(found), len(fit), _alike(before, fit))
    keys = tuple(uuid.UUID(one.key) if one.key else uuid7() for one in changes[: len(fit)])
    card = _card(found, changes, keys, seed=seed, present=len(present_ids())) | {"read": read}
    model = CommunityModel(fit, keys)
    row = register_model(
        kind=COMMUNITIES,
        blob=model.to_bytes(),
        card=card,
        owner="learn",
        by=by,
        parent=before.hash if before else "",
    )
    if row.state == ModelState.CHAMPION or was_given_up(row.pk):
        seat_everybody(by=by)
        return dict(row.card) | {"model": row.pk, "in_force": row.state == ModelState.CHAMPION}
    _name(found, changes, keys, row)
    install_model(
        row, by=by, reason=f"Found again with an adjusted Rand index of {fit.chosen.stability!s:.200}."
    )
    return card | {"model": row.pk, "in_force": True}


def _members(before: CommunityModel | None, known: Mapping[str, frozenset[str]]) -> dict[str, str]:
    """Where the fit before would seat people now: so a community that was put away keeps its identity too."""
    if before is None:
        return {}
    placed = place(before.fit, known)
    pairs = zip(placed.ids, placed.label.tolist(), strict=True)
    return {person: str(before.keys[label]) for person, label in pairs if label >= 0}


def _labels(found: Found) -> dict[str, int]:
    return {one: label for one, label in zip(found.sets.ids, found.label.tolist(), strict=True) if label >= 0}


def _alike(before: CommunityModel | None, fit: Fit) -> dict[tuple[str, int], float]:
    """How alike the skills of a community of before and one of now are, as a cosine."""
    if before is None:
        return {}
    place_of = {slug: column for column, slug in enumerate(fit.slugs)}
    old = np.zeros((len(before.fit.centres), len(fit.slugs)))
    for column, slug in enumerate(before.fit.slugs):
        if slug in place_of:
            old[:, place_of[slug]] = before.fit.centroids[:, column]
    sides = [
        rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12) for rows in (old, fit.centroids)
    ]
    cosine = sides[0] @ sides[1].T
    return {
        (str(key), label): float(cosine[row, label])
        for row, key in enumerate(before.keys)
        for label in range(len(fit))
    }


def _name(found: Found, changes: Sequence[Change], keys: Sequence[uuid.UUID], row: Model) -> None:
    """Give new communities a segment and a name; the names of the others stay where they were."""
    now = clock.now()
    gone = [one.key for one in changes if one.label is None]
    Segment.objects.filter(pk__in=gone).update(state=SegmentState.ARCHIVED, changed_at=now)
    kept = {one.pk: one for one in Segment.objects.filter(pk__in=keys)}
    held = {at: kept[key].name for at, key in enumerate(keys) if key in kept}
    others = Segment.objects.filter(state=SegmentState.ACTIVE).exclude(pk__in=keys)
    taken = set(others.values_list("name", flat=True))
    wanted = [found.names(one) for one in range(len(keys))]
    for at, name in enumerate(settle_names(wanted, held, taken)):
        if keys[at] not in kept:
            Segment.objects.create(pk=keys[at], name=name, kind=SegmentKind.COMMUNITY, made_at=now)
            Community.objects.create(segment_id=keys[at], model=row)


def _card(
    found: Found, changes: Sequence[Change], keys: Sequence[uuid.UUID], *, seed: int, present: int
) -> dict[str, Any]:
    chosen = found.fit.chosen
    assert chosen.stability is not None
    return {
        "data_until": clock.now().isoformat(timespec="seconds"),
        "seed": seed,
        "communities": len(found.fit),
        "silhouette": chosen.silhouette,
        "stability": asdict(chosen.stability),
        "tried": [asdict(one) for one in found.fit.tried],
        "people": {
            "present": present,
            "with_skills_they_allow": len(found.sets),
            "placed": int((found.label >= 0).sum()),
            "far_from_all": int((found.label < 0).sum()),
            "without": present - len(found.sets),
        },
        "changes": [
            {
                "what": one.what.value,
                "key": str(keys[one.label]) if one.label is not None else one.key,
                "others": list(one.others),
                "share": round(one.share, 3),
            }
            for one in changes
        ],
        "kept": sum(one.what is What.KEPT for one in changes),
    }
