"""What each kind of fault costs our own matching, by doing it on purpose and ranking again.

The truth is what people themselves said yes to: jobs they applied for, saved or liked, of those who let their
profile be read and their behaviour be learnt from. Their list is ranked by the content score alone (what they
did is the truth, so it must not be a feature), over published jobs, by the product's own reading of words and
columns. Then one thing is spoilt in a copy of each of them, or of some jobs, and the list is ranked again.
Replies were given to lists that matching had ordered, so a loss is measured best where lists were good.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
from numpy.typing import NDArray

from segue.catalog.models import PRESENT, Job, Person
from segue.engine.columns import JobColumns, PersonColumns
from segue.engine.content import content_features
from segue.engine.rank import DEFAULT_WEIGHTS, blend, weight_vector
from segue.engine.spoilt import LEAST, Effect, effect_of, gains, ndcg
from segue.engine.vectors import centre
from segue.engine.veto import VetoReason, lasting_vetoes
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.learn.actions.fitting import packed_features
from segue.learn.actions.registry import install_model, register_model
from segue.learn.damage import JOBS, PEOPLE, Profile, touches
from segue.learn.models import ModelState, PersonFeatures
from segue.learn.queries.catalogue import Catalogue, catalogue
from segue.learn.queries.effects import EFFECTS
from segue.learn.queries.events import raw_events_of, weighted
from segue.learn.queries.job_columns import columns_of, name_rows
from segue.learn.queries.model_input import person_columns
from segue.learn.queries.readable import readable_resumes
from segue.learn.queries.words import past_titles
from segue.learn.texts import words_of_job
from segue.trust.models import Purpose
from segue.trust.queries.consent import purposes_granted_to

MOST_PEOPLE, MOST_JOBS, LOOKED_AT = 400, 2_000, 20_000
DAMAGED_JOBS = 0.3  # of the jobs somebody said yes to: enough to measure, few enough that lists stay lists
BOTH = frozenset({Purpose.PROFILE.value, Purpose.BEHAVIOUR.value})
_CHUNK = 40  # people scored at a time
_FIRM = ~np.uint16(VetoReason.CLOSED | VetoReason.EXPIRED)  # a job may have closed since somebody said yes
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Case:
    """People with what they said yes to: `relevant` bool[P, J] over `jobs`."""

    people: tuple[Profile, ...]
    jobs: tuple[Job, ...]
    relevant: Bools
    seen: Catalogue


@dataclass(frozen=True)
class Measured:
    """nDCG@10 and P@5 with everything right, and what each damage takes; no effects: too little truth."""

    people: int
    jobs: int
    ndcg: float
    p5: float
    effects: dict[str, Effect]

    def card(self, seed: int) -> dict[str, object]:
        told = {name: asdict(effect) for name, effect in self.effects.items()}
        figures = {"people": self.people, "jobs": self.jobs, "ndcg@10": self.ndcg, "p@5": self.p5}
        return {**figures, "effects": told, "seed": seed}


@action("learn.measure_effects")
def measure_effects(*, by: Actor, seed: int = 1) -> Measured:
    """Measure on our own data and put the figures in force; with too few replies they say that."""
    measured = measure(seed)
    card = measured.card(seed)
    blob = json.dumps(card, sort_keys=True).encode()
    until = {"data_until": clock.now().isoformat(timespec="seconds")}
    model = register_model(kind=EFFECTS, blob=blob, card=card | until, by=by)
    if model.state != ModelState.CHAMPION:
        install_model(model, reason="measured on our own replies", by=by)
    return measured


def measure(seed: int) -> Measured:
    """Rank, spoil, rank again; the same seed and data give the same figures."""
    rng = np.random.default_rng(seed)
    seen = catalogue()
    case = _case(seen, rng) if seen is not None and len(seen) else None
    if case is None or len(case.people) < LEAST:
        return Measured(len(case.people) if case else 0, len(case.jobs) if case else 0, 0.0, 0.0, {})
    people, jobs = _people(case.people, case.seen), _jobs(case.jobs, case.seen)
    whole = gains(_scores(people, jobs, case.seen), case.relevant)
    effects = {name: _of_people(name, case, jobs, whole, rng) for name in PEOPLE}
    effects |= {name: _of_jobs(name, case, people, whole, rng) for name in JOBS}
    top5 = np.nansum(whole >= 1 / np.log2(6.5), axis=1) / 5
    return Measured(
        len(case.people), len(case.jobs), float(np.nanmean(ndcg(whole))), float(top5.mean()), effects
    )


def _case(seen: Catalogue, rng: np.random.Generator) -> Case | None:
    """Draw people who said yes to something, and the jobs to rank: those, and others up to a number."""
    ids = list(Person.objects.filter(PRESENT).order_by("-pk").values_list("pk", flat=True)[:LOOKED_AT])
    granted = purposes_granted_to(ids)
    willing = [pk for pk in ids if granted.get(pk, frozenset()) >= BOTH]
    raw = raw_events_of(willing, behaviour=set(willing))
    liked = {
        pk: {one.job_id for one in weighted(raw[pk]) if one.weight > 0} & seen.row_of.keys() for pk in willing
    }
    replied = [pk for pk in willing if liked[pk]]
    drawn = [replied[at] for at in sorted(rng.permutation(len(replied))[:MOST_PEOPLE])]
    wanted = sorted({seen.row_of[job] for pk in drawn for job in liked[pk]})
    others = np.setdiff1d(rng.permutation(len(seen))[:MOST_JOBS], wanted)
    rows = [*wanted, *others.tolist()][: max(MOST_JOBS, len(wanted))]
    jobs = Job.objects.in_bulk([seen.jobs[row].pk for row in rows])
    at = {pk: place for place, pk in enumerate(jobs)}
    relevant = np.zeros((len(drawn), len(jobs)), dtype=np.bool_)
    for row, pk in enumerate(drawn):
        relevant[row, [at[job] for job in liked[pk] if job in at]] = True
    return Case(_profiles(drawn), tuple(jobs.values()), relevant, seen)


def _profiles(ids: Sequence[uuid.UUID]) -> tuple[Profile, ...]:
    people, resumes, titles = Person.objects.in_bulk(ids), readable_resumes(ids), past_titles(ids)
    return tuple(Profile(people[pk], resumes.get(pk, ""), tuple(titles.get(pk, ()))) for pk in ids)


def _of_people(name: str, case: Case, jobs: JobColumns, whole: Floats, rng: np.random.Generator) -> Effect:
    """Spoil everybody who has what is spoilt; a row is a person, its worth their nDCG."""
    spoilt = [PEOPLE[name](one, rng) for one in case.people]
    rows = [n for n, one in enumerate(spoilt) if touches(case.people[n], one)]
    if not rows:
        return Effect(0.0, 0.0, 0.0, 0)
    columns = _people([spoilt[n] for n in rows], case.seen)
    after = gains(_scores(columns, jobs, case.seen), case.relevant[rows])
    return effect_of(ndcg(whole[rows]), ndcg(after), rng)


def _of_jobs(name: str, case: Case, people: PersonColumns, whole: Floats, rng: np.random.Generator) -> Effect:
    """Spoil a share of the jobs somebody said yes to; a row is a job, its worth its place in their lists."""
    asked = np.flatnonzero(case.relevant.any(axis=0))
    hit = set(rng.permutation(asked)[: max(1, round(DAMAGED_JOBS * len(asked)))].tolist())
    spoilt = [JOBS[name](job, rng) if n in hit else job for n, job in enumerate(case.jobs)]
    columns = [n for n in sorted(hit) if touches(case.jobs[n], spoilt[n])]
    if not columns:
        return Effect(0.0, 0.0, 0.0, 0)
    after = gains(_scores(people, _jobs(spoilt, case.seen), case.seen), case.relevant)
    return effect_of(np.nanmean(whole[:, columns], axis=0), np.nanmean(after[:, columns], axis=0), rng)


def _people(profiles: Sequence[Profile], seen: Catalogue) -> PersonColumns:
    """Columns as the product makes them, of words that are read now."""
    packed = packed_features([one.words for one in profiles], seen.lexicon, personal=True)
    for one, numbers in zip(profiles, packed, strict=True):
        one.person.features = PersonFeatures(
            person_id=one.person.pk, model_hash=seen.lexicon.hash, source_hash="", **numbers
        )
    return person_columns([one.person for one in profiles], [BOTH] * len(profiles), seen)


def _jobs(jobs: Sequence[Job], seen: Catalogue) -> JobColumns:
    packed = packed_features([words_of_job(job) for job in jobs], seen.lexicon)
    read = {
        job.pk: (numbers["vector"], numbers["title_vector"], numbers["terms"])
        for job, numbers in zip(jobs, packed, strict=True)
    }
    columns = columns_of(jobs, read, seen.lexicon, seen.rates)
    return replace(
        columns,
        vec=centre(columns.vec, seen.mean_vec),
        title_vec=centre(columns.title_vec, seen.mean_title_vec),
        licences=name_rows([job.licences for job in jobs], seen.licence_column),
    )


def _scores(people: PersonColumns, jobs: JobColumns, seen: Catalogue) -> Floats:
    """float64[P, J] of the content score; what somebody's own limits keep from them is never shown."""
    weights, today = weight_vector(DEFAULT_WEIGHTS), clock.now().timestamp() / 86_400
    out = np.empty((len(people), len(jobs)))
    for low in range(0, len(people), _CHUNK):
        rows = np.arange(low, min(low + _CHUNK, len(people)), dtype=np.intp)
        some = PersonColumns.joined([people], rows)
        features = content_features(some, jobs, today=today, near=seen.near, strong=seen.strong)
        kept = (lasting_vetoes(some, jobs) & _FIRM) != 0
        out[rows] = np.where(kept, -np.inf, blend(features, weights))
    return out
