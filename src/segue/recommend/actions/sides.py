"""Learning from outcomes how likely either side of a slate is to want the other."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segue.engine.calibration import Calibration, fit_calibration
from segue.engine.content import content_features
from segue.engine.rank import blend
from segue.engine.sides import Sides
from segue.engine.two_sided import LEAST_OF_EACH
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.learn.actions.registry import install_model, register_model
from segue.learn.models import ModelState, Reign
from segue.learn.queries.catalogue import Catalogue, catalogue
from segue.learn.queries.pool import Pool, applicants_pool
from segue.recommend.judging import SIDES_KIND, family_of, slate_weights, take_scores, want_scores
from segue.recommend.queries.outcomes import Outcomes, Pair, outcomes
from segue.recommend.queries.sides import forget_sides, sides_in_force

FloatArray = NDArray[np.float64]

# Public rates, and how many cases of our own weigh as much: an offer taken, and an offer made and taken.
STAYS, STAYS_CASES = 0.69, 20.0
FINISHES, FINISHES_CASES = 0.32 * 0.69, 50.0


@action("recommend.learn_sides")
def learn_sides(*, by: Actor) -> str:
    """Fit the chances of both sides to all that is known by now and put them in force; returns their hash.

    Returns "" where nobody was judged yet: an empty record is no model. The same outcomes give the same
    bytes. Where a colleague has rolled them back, the new ones wait as candidate for a colleague.
    """
    jobs = catalogue()
    if jobs is None:
        return ""
    known = outcomes()
    if len(known.judged) < LEAST_OF_EACH and len(known.shown) < LEAST_OF_EACH:
        return ""
    sides = fit_sides(known, jobs)
    before = sides_in_force()[0]
    row = register_model(
        kind=SIDES_KIND,
        blob=sides.to_bytes(),
        card=_card(sides),
        owner="recommend",
        parent=before,
        by=by,
    )
    if row.state != ModelState.CHAMPION and not _held_by_a_colleague():
        install_model(row, by=by, reason=f"Learned from {len(known.judged)} judged applications.")
    forget_sides()
    return row.pk


def fit_sides(known: Outcomes, jobs: Catalogue) -> Sides:
    """Score every pair as slates do, and fit a curve for each side and family."""
    families = tuple(sorted({family_of(job) for job in jobs.jobs}))
    people = sorted({pair[0] for pair in [*known.shown, *known.judged]}, key=str)
    readable = applicants_pool(people, jobs, granted=known.granted)
    want = _fitted(known.shown, readable, jobs, families, want=True)
    take = _fitted(known.judged, readable, jobs, families, want=False)
    stayed = known.ended - known.withdrawn
    return Sides(
        want=want,
        take=take,
        families=families,
        stays=(stayed + STAYS * STAYS_CASES) / (known.ended + STAYS_CASES),
        finishes=(known.hired + FINISHES * FINISHES_CASES) / (known.further + FINISHES_CASES),
    )


def _fitted(
    labels: Mapping[Pair, bool], people: Pool, jobs: Catalogue, families: tuple[str, ...], *, want: bool
) -> Calibration:
    """One side's curves from pairs whose person may be read and whose job is still known."""
    row_of = {person_id: row for row, person_id in enumerate(people.ids)}
    by_job: dict[uuid.UUID, list[Pair]] = defaultdict(list)
    for pair in sorted(labels, key=str):  # the same outcomes in any order give the same curves
        if pair[0] in row_of and pair[1] in jobs.row_of:
            by_job[pair[1]].append(pair)
    scores, ends, family = [np.empty(0)], list[bool](), list[int]()
    for job_id, pairs in by_job.items():
        place = jobs.row_of[job_id]
        scores.append(_scores(people, [row_of[person] for person, _ in pairs], jobs, place, want=want))
        ends += [labels[pair] for pair in pairs]
        family += [families.index(family_of(jobs.jobs[place]))] * len(pairs)
    score, told = np.concatenate(scores), np.array(ends, dtype=np.bool_)
    fit = np.isfinite(score)  # too few jobs on offer to say what somebody wants
    return fit_calibration(
        score[fit], told[fit], np.array(family, dtype=np.int64)[fit], families=len(families)
    )


def _scores(people: Pool, rows: list[int], jobs: Catalogue, place: int, *, want: bool) -> FloatArray:
    today = clock.now().timestamp() / 86_400
    few = people.columns.pick(rows)
    features = content_features(
        few, jobs.columns.pick([place]), today=today, near=jobs.near, strong=jobs.strong
    )[:, 0, :]
    if not want:
        return take_scores(features)
    return want_scores(few, blend(features, slate_weights()), jobs, today=today)


def _card(sides: Sides) -> dict[str, Any]:
    told = {"want": sides.want, "take": sides.take}
    return {
        "data_until": clock.now().isoformat(),
        **{f"{side} labels": int(curves.labels[-1]) for side, curves in told.items()},
        **{f"{side} yes": int(curves.positives[-1]) for side, curves in told.items()},
        "families": len(sides.families),
        "stays": round(sides.stays, 4),
        "finishes": round(sides.finishes, 4),
    }


def _held_by_a_colleague() -> bool:
    latest = Reign.objects.filter(kind=SIDES_KIND).order_by("-id").first()
    return latest is not None and latest.gave_up_id is not None
