"""Mixes for all who allow it, in one file: nobody sees it before it is whole, no work is done twice."""

from __future__ import annotations

import time
import uuid
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from segue.engine.batch import PeopleBlock, stream_mixes
from segue.engine.points import Points
from segue.engine.topk import JobMatrix
from segue.engine.veto import Terms
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor, Role
from segue.kit.errors import Conflict, NotAllowed
from segue.learn.actions.points import STRETCH, learn_points
from segue.learn.queries.catalogue import Catalogue, catalogue
from segue.learn.queries.crowd import Crowd, crowd_after, still_allowing
from segue.listen.compute import Engine
from segue.listen.compute import engine as chosen_engine
from segue.recommend.mix_files import MixFolder, Plan, table_of, whole
from segue.recommend.queries.stances import put_away
from segue.trust.queries.dials import ai_is_on

MAY_WRITE = frozenset({Role.ADMINISTRATOR, Role.MACHINE})
BLOCKS_A_WORKER = 2  # on their way at once, so that a slow block does not hold up the others for long
K = 20
LONGEST = timedelta(hours=20)  # a run broken off before that is not gone on with: a new night has begun


@dataclass(frozen=True, slots=True)
class Mixes:
    """How far a run is: `people` have a line in `path` once `is_done`; else `parts` are done."""

    path: Path
    is_done: bool
    parts: int
    people: int = 0
    model_hash: str = ""


@action("recommend.publish_mixes")
def publish_mixes(folder: MixFolder, *, model_hash: str, by: Actor) -> int:
    """Put the finished mixes where readers look for them; returns how many people are among them.

    Whoever has taken their yes back since their part was done, or is erased, is left out.
    """
    plan = folder.plan()
    assert plan is not None
    assert plan.model_hash == model_hash
    with whole(folder.mixes) as half:
        return folder.joined(half, staying, plan)


@action("recommend.sift_mixes")
def sift_mixes(*, by: Actor) -> int:
    """Take out of the files whoever no longer allows it or is erased; returns how many lines went.

    Raises Conflict while mixes are being written.
    """
    folder = MixFolder.of_settings()
    if not folder.mixes.exists() and not folder.parts():
        return 0
    with folder.held():
        return folder.sift(staying)


def write_mixes(
    *,
    by: Actor,
    k: int = K,
    stretch: int = STRETCH,
    is_afresh: bool = False,
    budget_s: float | None = None,
    engine: Engine | None = None,
) -> Mixes:
    """Write the best k jobs of everybody who allows it to one file, going on where a run was broken off.

    People are taken `stretch` at a time; what is done is on the disk, so that no crash costs more than the
    stretches under way. After `budget_s` no more are begun. The engine of the settings does it, or the one
    given; the file is the same. No transaction is open meanwhile: it may take minutes.
    Raises NotAllowed but for administrators and machines; Conflict while learned ranking is switched off
    (what lies there is let go of), before there are jobs, and while somebody else is at it.
    """
    if by.role not in MAY_WRITE:
        raise NotAllowed("Mixes for everybody are written by administrators.")
    folder = MixFolder.of_settings()
    with folder.held():
        jobs = _jobs_or_refuse(folder)
        plan = None if is_afresh else _plan_to_go_on_with(folder, jobs, k)
        if plan is None:
            plan = _planned(jobs, k, stretch, by)
            folder.begin(plan)
        if not _stream(folder, plan, jobs, engine, budget_s):
            return Mixes(folder.mixes, False, len(folder.parts()), model_hash=plan.model_hash)
        parts = len(folder.parts())
        people = publish_mixes(folder, model_hash=plan.model_hash, by=by)
        folder.abandon()
        return Mixes(folder.mixes, True, parts, people, plan.model_hash)


def staying(names: Sequence[str]) -> Collection[str]:
    """Who of these people may be in a file of mixes now."""
    return {str(one) for one in still_allowing([uuid.UUID(name) for name in names])}


def _jobs_or_refuse(folder: MixFolder) -> Catalogue:
    if not ai_is_on():
        folder.abandon()
        folder.mixes.unlink(missing_ok=True)
        raise Conflict(
            "Learned ranking is switched off, so nobody gets a mix.",
            field="ai",
            remedy="Turn the dial first.",
        )
    jobs = catalogue()
    if jobs is None or not jobs.on_offer:
        raise Conflict(
            "There is no open job yet.", field="jobs", remedy="Import some: segue import jobs FILE"
        )
    return jobs


def _plan_to_go_on_with(folder: MixFolder, jobs: Catalogue, k: int) -> Plan | None:
    """Return the plan of a run that was broken off, if it still holds."""
    plan = folder.plan()
    if plan is None or plan.k != k or plan.lexicon != jobs.lexicon.hash:
        return None
    return plan if datetime.fromisoformat(plan.begun_at) > clock.now() - LONGEST else None


def _planned(jobs: Catalogue, k: int, stretch: int, by: Actor) -> Plan:
    learnt = learn_points(jobs, by=by, stretch=stretch)
    return Plan(
        points=learnt.points.to_bytes(),
        jobs=np.array([str(job.pk) for job in jobs.jobs], dtype="U36"),
        told=learnt.told,
        model_hash=learnt.model_hash,
        lexicon=jobs.lexicon.hash,
        begun_at=clock.now().isoformat(timespec="seconds"),
        k=k,
        stretch=stretch,
    )


def _stream(
    folder: MixFolder, plan: Plan, jobs: Catalogue, engine: Engine | None, budget_s: float | None
) -> bool:
    """Add parts until everybody has one or the time is up; say whether everybody has."""
    market = _Market.of(plan, jobs)
    coming = _Coming(market, folder.done_until(), None if budget_s is None else time.monotonic() + budget_s)
    working = engine or chosen_engine()
    workers = int(getattr(working, "workers", 0))  # the serial engine has none: threads do it there
    mixes = stream_mixes(
        coming,
        market.matrix,
        plan.k,
        eligible=market.eligible,
        terms=market.terms,
        spread=working.map,
        wave=max(1, BLOCKS_A_WORKER * workers),
        threads=1 if workers else 0,
    )
    try:
        for number, mix in enumerate(mixes, start=len(folder.parts())):
            after, people = coming.sent.popleft()
            folder.add_part(number, table_of(people, market.names[mix.jobs], mix.scores), after=after)
    finally:
        if engine is None:
            working.close()
    return coming.is_over


@dataclass(frozen=True, eq=False)
class _Market:
    """The jobs of a plan that can still be had, and how people are held against them."""

    plan: Plan
    catalogue: Catalogue
    points: Points
    row_in_plan: dict[uuid.UUID, int]
    row_on_offer: dict[uuid.UUID, int]
    matrix: JobMatrix
    eligible: NDArray[np.bool_]
    terms: Terms
    names: NDArray[np.str_]  # of the jobs on offer, and "" for NOBODY behind them

    @classmethod
    def of(cls, plan: Plan, jobs: Catalogue) -> _Market:
        points = Points.from_bytes(plan.points)
        ids = [uuid.UUID(name) for name in plan.jobs.tolist()]
        here = np.array([jobs.row_of.get(one, len(jobs)) for one in ids], dtype=np.intp)
        kept = np.flatnonzero(here < jobs.on_offer)
        offered = jobs.offered.pick(here[kept])
        return cls(
            plan=plan,
            catalogue=jobs,
            points=points,
            row_in_plan={one: row for row, one in enumerate(ids)},
            row_on_offer={ids[at]: row for row, at in enumerate(kept.tolist())},
            matrix=JobMatrix.of(points.jobs(plan.told).factors[kept]),
            eligible=~(offered.closes_day < clock.now().timestamp() / 86_400),
            terms=Terms.of(offered),
            names=np.append(plan.jobs[kept], ""),
        )

    def block(self, crowd: Crowd) -> tuple[list[uuid.UUID], PeopleBlock]:
        """The people of a crowd of whom anything is known, and what is to be found for them."""
        log = crowd.log(self.row_in_plan, len(self.plan.jobs))
        factors = self.points.people(log, self.points.told(crowd.vec))
        rows = np.flatnonzero(factors.any(axis=1))
        return [crowd.ids[row] for row in rows], PeopleBlock(
            rows, factors[rows], self._taken(crowd)[rows], crowd.limits.pick(rows)
        )

    def _taken(self, crowd: Crowd) -> sparse.csr_array[Any]:
        """Jobs people have applied for, put away or put by, csr[P, jobs on offer]."""
        away = put_away(crowd.ids)
        taken = [
            applied | away.get(one, set()) for one, applied in zip(crowd.ids, crowd.applied, strict=True)
        ]
        found = [sorted(self.row_on_offer[job] for job in jobs if job in self.row_on_offer) for jobs in taken]
        starts = np.cumsum([0, *map(len, found)])
        columns = np.array([row for rows in found for row in rows], dtype=np.int32)
        shape = (len(crowd), len(self.names) - 1)
        return sparse.csr_array((np.ones(len(columns), dtype=np.bool_), columns, starts), shape=shape)


class _Coming:
    """People as blocks, read when they are asked for; `sent` notes whose each block is, for its answer."""

    def __init__(self, market: _Market, last: uuid.UUID | None, until: float | None) -> None:
        self._market, self._last, self._until = market, last, until
        self.sent: deque[tuple[uuid.UUID, list[uuid.UUID]]] = deque()
        self.is_over = False

    def __iter__(self) -> Iterator[PeopleBlock]:
        market = self._market
        while self._until is None or time.monotonic() < self._until:
            crowd = crowd_after(self._last, market.catalogue, at_most=market.plan.stretch)
            if crowd is None:
                self.is_over = True
                return
            self._last = crowd.last
            people, block = market.block(crowd)
            self.sent.append((crowd.last, people))
            yield block
