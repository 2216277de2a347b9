"""People for a job, best evidence first. It hides nobody and rejects nobody: it is an order to read in."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from segue.catalog.models import Job, Person
from segue.engine.content import FEATURES, content_features, distances_km
from segue.engine.rank import DEFAULT_WEIGHTS, blend, weight_vector
from segue.engine.veto import VetoReason, reasons_of, veto
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import NotAllowed
from segue.learn.queries.catalogue import Catalogue, catalogue
from segue.learn.queries.pool import BOTH, Pool, applicants_pool, pool
from segue.recommend.evidence import Evidence, evidence_for, explain_person
from segue.recommend.queries.applicants import applicants_of
from segue.recommend.ranking import model_hash, model_text
from segue.recommend.traces import trace_of_people
from segue.trust.actions.decisions import write_decision
from segue.trust.queries.consent import purposes_granted_to

POLICY = "people-1"
SILENT = frozenset({"behaviour", "wish", "freshness", "pay"})  # what a recruiter's list must not read
SLACK = 20
MOST_FOUND = 500
BARRED = int(VetoReason.LICENCE | VetoReason.PERMIT)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person on a job's slate, with the evidence to check."""

    person: Person
    label: str
    score: float
    reason: str
    factors: list[dict[str, float | str]]
    evidence: list[Evidence]
    missing: list[str]
    flags: list[str]
    in_pool: str  # "applied" or "discovery"


@dataclass(frozen=True, slots=True)
class PeopleSlate:
    rows: list[PersonRow]
    abstained: int
    note: str = ""
    policy_id: str = POLICY
    model_hash: str = ""
    unread: list[uuid.UUID] = field(default_factory=list)  # applicants we may say nothing about


@dataclass(frozen=True, slots=True)
class _Scored:
    pool: Pool
    row: int
    score: float
    features: np.ndarray[tuple[int], np.dtype[np.float64]]
    mask: int
    distance_km: float
    where: str


def rank_people(job: Job, *, by: Actor, blind: bool, limit: int = 50) -> PeopleSlate:
    """Rank applicants and, for the talent team, people who allow discovery. Logged as a decision.

    Every applicant we may read is on it; `limit` bounds those who did not apply, and how many rows,
    from the top, come with their quotes.
    Raises NotAllowed for anybody outside the job's team.
    """
    if not (by.is_talent_team or job.pk in by.job_ids):
        raise NotAllowed("This slate belongs to the job's team.", field="job")
    jobs = catalogue()
    place = jobs.row_of.get(job.pk) if jobs is not None else None
    if jobs is None or place is None:
        return PeopleSlate([], 0, note="unread_job")
    return _rank(job, jobs, place, by=by, blind=blind, limit=limit)


def _rank(job: Job, jobs: Catalogue, place: int, *, by: Actor, blind: bool, limit: int) -> PeopleSlate:
    applicants = applicants_of(job.pk)
    applied = applicants.standing
    found = _found(jobs, place, applied | applicants.ended, limit=limit) if by.is_talent_team else []
    granted = purposes_granted_to([*applied, *(one.pool.ids[one.row] for one in found)])
    named = applicants_pool(applied, jobs, granted=granted)
    top = _score(named, jobs, place, "applied") + _still_willing(found, granted)[:limit]
    top.sort(key=_order)
    unread = sorted(applied - set(named.ids), key=str)
    rows = _rows(top, job, blind=blind, quoted=limit)
    hash_ = model_hash(jobs, _weights())
    if top:
        _log(job, rows, hash_, jobs=jobs, top=top, blind=blind, by=by)
    return PeopleSlate(rows, abstained=len(unread), model_hash=hash_, unread=unread)


def _weights() -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return weight_vector({k: w for k, w in DEFAULT_WEIGHTS.items() if k not in SILENT})


def _score(
    people: Pool, jobs: Catalogue, place: int, where: str, *, most: int | None = None
) -> list[_Scored]:
    if not people.ids:
        return []
    today = clock.now().timestamp() / 86_400
    one = jobs.columns.pick([place])
    features = content_features(people.columns, one, today=today, near=jobs.near)[:, 0, :]
    scores = blend(features, _weights())
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
    return bool(one.mask & BARRED), -one.score, str(one.pool.ids[one.row])


def _found(jobs: Catalogue, place: int, applied: frozenset[uuid.UUID], *, limit: int) -> list[_Scored]:
    """Return people who can be found and fit, best first, with some to spare."""
    scored = _score(pool(jobs), jobs, place, "discovery", most=MOST_FOUND)
    fitting = [one for one in scored if one.pool.ids[one.row] not in applied and one.score > 0]
    return sorted(fitting, key=_order)[: limit + SLACK]


def _still_willing(found: Sequence[_Scored], granted: Mapping[uuid.UUID, frozenset[str]]) -> list[_Scored]:
    """Drop people who have just withdrawn: the pool may be a minute old."""
    return [one for one in found if granted.get(one.pool.ids[one.row], frozenset()) >= BOTH]


def _rows(top: Sequence[_Scored], job: Job, *, blind: bool, quoted: int) -> list[PersonRow]:
    ids = [one.pool.ids[one.row] for one in top]
    people = {person.pk: person for person in Person.objects.filter(pk__in=ids)}
    asked = list(dict.fromkeys([*job.required_skills, *job.nice_skills]))
    quotes = evidence_for({pk: people[pk] for pk in ids[:quoted]}, asked, blind=blind)
    rows = []
    for one, person_id in zip(top, ids, strict=True):
        person = people[person_id]
        told = explain_person(person, job, one.features, _weights(), one.distance_km)
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
    top: Sequence[_Scored],
    blind: bool,
    by: Actor,
) -> None:
    write_decision(
        kind="people.ranked",
        policy_id=POLICY,
        model_hash=hash_,
        job_id=job.pk,
        inputs={
            "features": [name for name in FEATURES if name not in SILENT],
            "blind": blind,
            "models": [jobs.lexicon.hash],
        },
        chosen=[[i, str(row.person.pk), row.score, 1.0] for i, row in enumerate(rows)],
        reason="opened by a colleague",
        trace=trace_of_people(
            model_text(jobs, _weights()),
            worth=[one.score for one in top],
            last=[bool(one.mask & BARRED) for one in top],
        ),
    )
