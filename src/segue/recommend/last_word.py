"""Who else has a word on a person's scores: jobs with too long a queue, and jobs that are seen too seldom.

Both are measured when the policy is learned and kept in it, so that a decision names what it was held to.
Groups are groups of jobs (new ones, a department, a country), never of people.
"""

from __future__ import annotations

import uuid

import numpy as np
from numpy.typing import NDArray

from segue.engine.congestion import Crowded, opening_room
from segue.engine.variety import FairExposure, InTurn, LastStage, Unbound
from segue.recommend.policy import NEW_DAYS, MixPolicy
from segue.recommend.queries.histories import STAGES
from segue.recommend.ranking import Ranking

FLOORS_DIAL = "exposure.floors"  # {"new": .1, "department:Care": .05}: least shares of what people see
FLOORS = {"new": 0.1}
_RATE = {stage.name: stage.rate for stage in STAGES}
HIRED_IF_APPLIED = _RATE["hired"] / _RATE["applied"]  # before any data, as the policy's own stages have it


def last_stage(ranking: Ranking, policy: MixPolicy | None) -> LastStage:
    """Return what is applied to all scores before anything is dealt, on a home and on one place of it."""
    if policy is None:
        return Unbound()
    stages: list[LastStage] = []
    if policy.load:
        stages.append(Crowded(_room(ranking, policy)))
    if policy.lift:
        stages.append(FairExposure(_lift(ranking, policy)))
    return InTurn(tuple(stages)) if stages else Unbound()


def _room(ranking: Ranking, policy: MixPolicy) -> NDArray[np.float64]:
    """What each job's queue leaves of it, float64[J] in [.05, 1]; 1 where nobody was counted."""
    room, catalogue = np.ones(len(ranking.catalogue)), ranking.catalogue
    found = [(catalogue.row_of.get(uuid.UUID(job_id)), load) for job_id, load in policy.load.items()]
    known = [(row, load) for row, load in found if row is not None]
    if known:
        rows = np.array([row for row, _ in known])
        seats = np.array([max(1, catalogue.jobs[row].openings) for row in rows])
        waiting = np.array([load for _, load in known]) * seats  # a policy keeps it for each opening
        room[rows] = opening_room(waiting, seats, HIRED_IF_APPLIED)
    return room


def _lift(ranking: Ranking, policy: MixPolicy) -> NDArray[np.float64]:
    """The lift of each job; in several groups, the largest."""
    lift = np.zeros(len(ranking.catalogue))
    for group, height in policy.lift.items():
        if group == "new":
            rows = np.flatnonzero(ranking.catalogue.columns.posted_day >= ranking.today - NEW_DAYS)
        else:
            rows = ranking.catalogue.wished_for.get(group, np.empty(0, dtype=np.intp))
        lift[rows] = np.maximum(lift[rows], height)
    return lift
