"""People for a job, in the order of what a match is worth to both sides, or of the evidence alone where too
little is known to say. It hides nobody and rejects nobody: it is an order to read in.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from segue.catalog.models import Job, Person
from segue.engine.content import FEATURES, content_features, distances_km
from segue.engine.rank import blend
from segue.engine.sides import FEW_JOBS, Field, Judged, Side, judge
from segue.engine.two_sided import LEAST_LABELS
from segue.engine.veto import VetoReason, reasons_of, veto
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor, Role
from segue.kit.errors import NotAllowed
from segue.learn.queries.catalogue import Catalogue, catalogue
from segue.learn.queries.pool import BOTH, Pool, applicants_pool, pool
from segue.recommend.evidence import Evidence, evidence_for, explain_person
from segue.recommend.judging import (
    BOTH_SIDES,
    BY_EVIDENCE,
    SILENT,
    family_of,
    slate_weights,
    take_scores,
    want_scores,
)
from segue.recommend.queries.applicants import applicants_of
from segue.recommend.queries.sides import lists_elsewhere, sides_in_force
from segue.recommend.ranking import model_hash, model_text
from segue.recommend.traces import trace_of_people, trace_of_sides
from segue.trust.actions.decisions import write_decision
from segue.trust.queries.consent import purposes_granted_to
from segue.trust.queries.dials import ai_is_on

SLACK = 20
MOST_FOUND = 500
BARRED = int(VetoReason.LICENCE | VetoReason.PERMIT)


@dataclass(frozen=True, slots=True)
class Chance:
    """A calibrated chance with the ends of its 90 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class BothSides:
    """What is known of a pair: `want`, that the person wants the job, `take`, that the team takes them
    further, each None where too little is known. With both known: `mutual`, their harmonic mean; how much is
    left since others are after the person (`free`, on `elsewhere` other lists) and the opening (`room`); and
    the `worth` of it all, by which people stand in order."""

    want: Chance | None
    take: Chance | None
    mutual: float | None
    worth: float | None
    free: float
    room: float
    elsewhere: int


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person on a job's slate, with the evidence to check; no `sides` where nothing was learnt yet."""

    person: Person
    label: str
    score: float
    reason: str
    factors: list[dict[str, float | str]]
    evidence: list[Evidence]
    missing: list[str]
    flags: list[str]
    in_pool: str  # "applied" or "discovery"
    sides: BothSides | None = None


@dataclass(frozen=True, slots=True)
class Silence:
    """A side of which too little is known to give a number: outcomes there are, and about how many would do.

    With `few_jobs` it is not outcomes that are missing but jobs on offer to compare this one with.
    """

    side: str  # "want" or "take"
    outcomes: int
    wanted: int
    few_jobs: bool = False


@dataclass(frozen=True, slots=True)
class PeopleSlate:
    rows: list[PersonRow]
    abstained: int
    note: str = ""
    policy_id: str = BY_EVIDENCE
    model_hash: str = ""
    unread: list[uuid.UUID] = field(default_factory=list)  # applicants we may say nothing about
    silences: list[Silence] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Scored:
    pool: Pool
    row: int
    score: float
    features: np.ndarray[tuple[int], np.dtype[np.float64]]
    mask: int
    distance_km: float
    where: str

    @property
    def id(self) -> uuid.UUID:
        return self.pool.ids[self.row]


@dataclass(frozen=True, eq=False)
class _Weighed:
    """People in their order, with what was known of both sides, in that order too."""

    top: list[_Scored]
    worth: list[float]
    field: Field | None = None
    judged: Judged | None = None
    sides_hash: str = ""

    @property
    def policy_id(self) -> str:
        return BY_EVIDENCE if self.judged is None or self.judged.worth is None else BOTH_SIDES


def rank_people(job: Job, *, by: Actor, blind: bool, limit: int = 50) -> PeopleSlate:
    """Rank applicants and, for the talent team, people who allow discovery. Logged as a decision.

    Every applicant we may read is on it; `limit` bounds those who did not apply, and how many rows,
    from the top, come with their quotes. With the AI dial off nobody is ranked (note "ai_off").
    Raises NotAllowed for anybody but the talent team and the job's hiring managers.
    """
    manages = by.role is Role.HIRING_MANAGER and job.pk in by.job_ids
    if not (by.is_talent_team or manages):
        raise NotAllowed("This slate belongs to those who decide on the job's team.", field="job")
    if not ai_is_on():
        return PeopleSlate([], 0, note="ai_off")
    jobs = catalogue()
    place = jobs.row_of.get(job.pk) if jobs is not None else None
    if jobs is None or place is None:
        return PeopleSlate([], 0, note="unread_job")
    return _rank(job, jobs, place, by=by, blind=blind, limit=limit)


def _rank(job: Job, jobs: Catalogue, place: int, *, by: Actor, blind: bool, limit: int) -> PeopleSlate:
    applicants = applicants_of(job.pk)
    applied = applicants.standing
    found = _found(jobs, place, applied | applicants.ended, limit=limit) if by.is_talent_team else []
    granted = purposes_granted_to([*applied, *(one.id for one in found)])
    named = applicants_pool(applied, jobs, granted=granted)
    top = _score(named, jobs, place, "applied") + _still_willing(found, granted)[:limit]
    unread = sorted(applied - set(named.ids), key=str)
    hash_ = model_hash(jobs, slate_weights())
    if not top:
        return PeopleSlate([], abstained=len(unread), model_hash=hash_, unread=unread)
    weighed = _weigh(job, jobs, top)
    rows = _rows(weighed, job, blind=blind, quoted=limit)
    _log(job, rows, hash_, jobs=jobs, weighed=weighed, blind=blind, by=by)
    return PeopleSlate(
        rows,
        abstained=len(unread),
        policy_id=weighed.policy_id,
        model_hash=hash_,
        unread=unread,
        silences=_silences(weighed.judged),
    )


def _score(
    people: Pool, jobs: Catalogue, place: int, where: str, *, most: int | None = None
) -> list[_Scored]:
    if not people.ids:
        return []
    today = clock.now().timestamp() / 86_400
    one = jobs.columns.pick([place])
    features = content_features(people.columns, one, today=today, near=jobs.near, strong=jobs.strong)[:, 0, :]
    scores = blend(features, slate_weights())
    best = np.argsort(-scores, kind="stable")[:most]
    few = people.columns.pick(best)  # limits and ways need not be known of everybody
    masks = veto(few, one, today=today)[:, 0]
    away = distances_km(few, one)[:, 0]
    return [
        _Scored(people, row, float(scores[row]), features[row], int(mask), float(far), where)
        for row, mask, far in zip(best.tolist(), masks, away, strict=True)
    ]


def _order(one: _Scored) -> tuple[bool, float, str]:
    """Those the law bars come last, with the flag that says why; equals stand in an order of no meaning."""
    return bool(one.mask & BARRED), -one.score, str(one.id)


def _found(jobs: Catalogue, place: int, applied: frozenset[uuid.UUID], *, limit: int) -> list[_Scored]:
    """Return people who can be found and fit, best first, with some to spare."""
    scored = _score(pool(jobs), jobs, place, "discovery", most=MOST_FOUND)
    fitting = [one for one in scored if one.id not in applied and one.score > 0]
    return sorted(fitting, key=_order)[: limit + SLACK]


def _still_willing(found: Sequence[_Scored], granted: Mapping[uuid.UUID, frozenset[str]]) -> list[_Scored]:
    """Drop people who have just withdrawn: the pool may be a minute old."""
    return [one for one in found if granted.get(one.id, frozenset()) >= BOTH]


def _weigh(job: Job, jobs: Catalogue, top: list[_Scored]) -> _Weighed:
    """Judge both sides where something was learnt, and put people in order by it, else by the evidence."""
    hash_, sides = sides_in_force()
    if sides is None:
        top = sorted(top, key=_order)
        return _Weighed(top, [one.score for one in top])
    before = _before(job, jobs, top)
    judged = judge(sides, before)
    worth = [one.score for one in top] if judged.worth is None else judged.worth.tolist()
    place = sorted(range(len(top)), key=lambda i: (bool(top[i].mask & BARRED), -worth[i], str(top[i].id)))
    return _Weighed(
        [top[i] for i in place],
        [worth[i] for i in place],
        before.of_rows(place),
        judged.of_rows(place),
        hash_,
    )


def _before(job: Job, jobs: Catalogue, top: Sequence[_Scored]) -> Field:
    """What both scores and the crowd say of these people."""
    today = clock.now().timestamp() / 86_400
    wants = np.full(len(top), np.nan)
    pools = {id(one.pool): one.pool for one in top}
    for key, people in pools.items():
        at = [i for i, one in enumerate(top) if id(one.pool) == key]
        own = np.array([top[i].score for i in at])
        wants[at] = want_scores(people.columns.pick([top[i].row for i in at]), own, jobs, today=today)
    elsewhere = lists_elsewhere(job.pk, [one.id for one in top])
    return Field(
        want_score=wants,
        take_score=take_scores(np.stack([one.features for one in top])),
        applied=np.array([one.where == "applied" for one in top]),
        elsewhere=np.array([elsewhere.get(one.id, 0) for one in top]),
        family=family_of(job),
        seats=max(int(job.openings), 1),
    )


def _silences(judged: Judged | None) -> list[Silence]:
    if judged is None:
        return [Silence(side, 0, LEAST_LABELS) for side in ("want", "take")]
    told = {"want": judged.want.silent, "take": judged.take.silent}
    return [
        Silence(side, one.labels, one.wanted, few_jobs=one.note == FEW_JOBS)
        for side, one in told.items()
        if one is not None
    ]


def _both_sides(weighed: _Weighed, at: int) -> BothSides | None:
    judged, before = weighed.judged, weighed.field
    if judged is None or before is None:
        return None
    known = weighed.policy_id == BOTH_SIDES
    return BothSides(
        want=_chance_of(judged.want, at),
        take=_chance_of(judged.take, at),
        mutual=float(judged.mutual[at]) if known else None,
        worth=weighed.worth[at] if known else None,
        free=float(judged.free[at]) if known else 1.0,
        room=float(judged.room[at]) if known else 1.0,
        elsewhere=int(before.elsewhere[at]),
    )


def _written(row: PersonRow) -> float:
    """What a row's place was taken by."""
    worth = None if row.sides is None else row.sides.worth
    return row.score if worth is None else worth


def _chance_of(side: Side, at: int) -> Chance | None:
    if side.silent is not None:
        return None
    return Chance(float(side.chance[at]), float(side.low[at]), float(side.high[at]))


def _rows(weighed: _Weighed, job: Job, *, blind: bool, quoted: int) -> list[PersonRow]:
    ids = [one.id for one in weighed.top]
    people = {person.pk: person for person in Person.objects.filter(pk__in=ids)}
    asked = list(dict.fromkeys([*job.required_skills, *job.nice_skills]))
    quotes = evidence_for({pk: people[pk] for pk in ids[:quoted]}, asked, blind=blind)
    rows = []
    for at, (one, person_id) in enumerate(zip(weighed.top, ids, strict=True)):
        person = people[person_id]
        told = explain_person(person, job, one.features, slate_weights(), one.distance_km)
        rows.append(
            PersonRow(
                person=person,
                label=blind_label(person_id) if blind else person.name,
                score=told.score,
                reason=told.reason_code,
                factors=[
                    {"name": f.name, "contribution": f.contribution, "value": f.value, "weight": f.weight}
                    for f in told.factors
                    if f.weight
                ],
                evidence=quotes.get(person_id, []),
                missing=[slug for slug in job.required_skills if slug not in person.skills],
                flags=[str(reason.name).lower() for reason in reasons_of(one.mask)],
                in_pool=one.where,
                sides=_both_sides(weighed, at),
            )
        )
    return rows


def blind_label(person_id: uuid.UUID) -> str:
    """Return a stable name that says nothing: "Candidate 7F3A"."""
    return f"Candidate {person_id.hex[-4:].upper()}"


@action("recommend.log_people_slate")
def _log(
    job: Job,
    rows: Sequence[PersonRow],
    hash_: str,
    *,
    jobs: Catalogue,
    weighed: _Weighed,
    blind: bool,
    by: Actor,
) -> None:
    trace = trace_of_people(
        model_text(jobs, slate_weights()),
        worth=weighed.worth,
        last=[bool(one.mask & BARRED) for one in weighed.top],
    )
    if weighed.field is not None:
        trace["sides"] = trace_of_sides(weighed.sides_hash, weighed.field)
    write_decision(
        kind="people.ranked",
        policy_id=weighed.policy_id,
        model_hash=hash_,
        job_id=job.pk,
        inputs={
            "features": [name for name in FEATURES if name not in SILENT],
            "blind": blind,
            "models": [jobs.lexicon.hash, *([weighed.sides_hash] if weighed.sides_hash else [])],
        },
        chosen=[[i, str(row.person.pk), _written(row), 1.0] for i, row in enumerate(rows)],
        reason="opened by a colleague",
        trace=trace,
    )
