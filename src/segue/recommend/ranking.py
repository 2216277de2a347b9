"""One person against every job: features, vetoes, scores, and the reason for each."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segue.engine.columns import PersonColumns
from segue.engine.content import FEATURES, freshness
from segue.engine.estimator import Scene
from segue.engine.explain import Explanation, explain
from segue.engine.hybrid import evidence_of
from segue.engine.rank import DEFAULT_WEIGHTS, blend, weight_vector, weights_for
from segue.engine.taste import KIND_WEIGHTS, Taste, behaviour_score, fold_in
from segue.engine.veto import VetoReason, expired
from segue.engine.wishes import settled
from segue.kit import clock
from segue.learn.queries.behaviour import Served, served
from segue.learn.queries.catalogue import Catalogue
from segue.learn.queries.events import ENGINE_KINDS, Event, as_arrays
from segue.learn.queries.model_input import ModelInput
from segue.learn.queries.tastes import HALF_LIFE_DAYS, done_with
from segue.recommend.lasting import lasting
from segue.recommend.models import CardStance, Stance

POLICY = "mix-1"
NEWEST = "newest-1"
SKIP_RESTS_DAYS = 30
TOGETHER = "together"  # the behaviour model's feature; there is a column of it only where it is served
_WISH = FEATURES.index("wish")
_NO_ROWS = np.empty(0, dtype=np.intp)


@dataclass(frozen=True, eq=False)
class Ranking:
    """Scores float64[J], features float64[J, F] and veto bits uint16[J] of one person.

    Jobs not on offer are closed to everybody; their scores and features are 0.
    """

    catalogue: Catalogue
    input: ModelInput
    scene: Scene
    taste: Taste
    features: NDArray[np.float64]
    weights: NDArray[np.float64]
    scores: NDArray[np.float64]
    vetoes: NDArray[np.uint16]
    today: float
    together: Together | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The features' names, in the order of their columns."""
        return (*FEATURES, TOGETHER) if self.together else FEATURES

    @property
    def artefacts(self) -> list[str]:
        """The hashes of the fitted models that had a say."""
        return [self.catalogue.lexicon.hash, *([self.together.model.hash] if self.together else [])]

    @property
    def policy_id(self) -> str:
        return POLICY if self.input.personalised else NEWEST

    @property
    def model_hash(self) -> str:
        return hashlib.sha256(self.model_text.encode()).hexdigest()

    @property
    def model_text(self) -> str:
        """What `model_hash` is the hash of: artefacts, features and weights."""
        if self.together is None:
            return model_text(self.catalogue, self.weights)
        return json.dumps([self.artefacts, list(self.names), self.weights.tolist()])

    @property
    def record(self) -> dict[str, Any]:
        """What a decision keeps of the inputs: their digest, what was granted, the artefacts used."""
        return {
            "digest": self.input.digest(),
            "granted": sorted(self.input.granted),
            "models": self.artefacts,
        }

    def explain(self, row: int, *, explored: bool = False) -> Explanation:
        """Say why; contributions sum to the score."""
        slugs, label = self.catalogue.lexicon.skill_slugs, self.catalogue.skill_labels
        both = (self.catalogue.columns.required, self.catalogue.columns.nice)
        asked = [int(i) for t in both for i in t.indices[t.indptr[row] : t.indptr[row + 1]]]
        names = {i: label[slugs[i]] for i in asked}
        evidence = evidence_of(self.scene, 0, row, taste=self.taste, skill_names=names)
        headline = self.input.person.headline.partition(",")[0] if self.input.uses_profile else ""
        told = replace(evidence, title=headline, explored=explored)
        if self.together is not None:
            told = replace(told, **self.together.evidence(row, self.input.events))
        return explain(self.features[row], self.weights, told, features=self.names)


@dataclass(frozen=True, eq=False)
class Together:
    """The behaviour model as it stands for one person: their acts in its rows, the latest first."""

    model: Served
    history: NDArray[np.int64]

    @classmethod
    def of(cls, seen: ModelInput, catalogue: Catalogue) -> Together | None:
        """None without a model, without acts it knows, or where it has no say for so many."""
        model = served(seen.behaviour_model, catalogue)
        history = model.history(seen.events) if model is not None else np.empty(0, dtype=np.int64)
        if model is None or not len(history) or not model.learned.share(len(history)):
            return None
        return cls(model, history)

    @property
    def share(self) -> float:
        return self.model.learned.share(len(self.history))

    def evidence(self, row: int, events: Sequence[Event]) -> dict[str, Any]:
        """What they did that speaks most for a job on offer, and what it was they did."""
        cause = self.model.learned.because(self.history, row)
        if cause is None:
            return {}
        job_id = self.model.model.jobs[cause]
        kinds = [
            ENGINE_KINDS[one.kind] for one in events if one.job_id == job_id and one.kind in ENGINE_KINDS
        ]
        strongest = max(kinds, key=lambda kind: KIND_WEIGHTS[kind])
        return {"together_job": str(job_id), "together_kind": strongest.name.lower()}


def model_hash(catalogue: Catalogue, weights: NDArray[np.float64]) -> str:
    """Name the model to the bit: lexicon, embedder, features and weights."""
    return hashlib.sha256(model_text(catalogue, weights).encode()).hexdigest()


def model_text(catalogue: Catalogue, weights: NDArray[np.float64]) -> str:
    """What `model_hash` is the hash of; a decision keeps it, so that the hash can be looked into."""
    return json.dumps([catalogue.lexicon.hash, list(FEATURES), weights.tolist()])


def rank_jobs(
    seen: ModelInput,
    catalogue: Catalogue,
    stances: Mapping[uuid.UUID, CardStance],
) -> Ranking:
    """Score every job on offer for one person. With the AI dial off the order is newest first.

    Limits people set themselves are orders, not learning: they hold either way.
    """
    limits = seen
    if not seen.ai_on:
        seen = _nobody(seen)
    today = clock.now().timestamp() / 86_400
    events = as_arrays(seen.events, catalogue.row_of)
    taste = fold_in(events, catalogue.columns, now_day=today, half_life_days=HALF_LIFE_DAYS)
    together = Together.of(seen, catalogue)
    weights = weight_vector(_weights(seen, taste))
    features = _features(seen, catalogue, taste, today)
    if together is not None:
        features, weights = _with(together, features, weights)
    return Ranking(
        catalogue=catalogue,
        input=seen,
        scene=Scene(seen.columns, catalogue.columns, (events,), today, catalogue.near, catalogue.strong),
        taste=taste,
        features=features,
        weights=weights,
        scores=blend(features, weights),
        vetoes=_vetoes(limits, catalogue, stances, today),
        today=today,
        together=together,
    )


def _features(seen: ModelInput, catalogue: Catalogue, taste: Taste, today: float) -> NDArray[np.float64]:
    """float64[J, F], a column of it in one piece: that is how they are summed."""
    jobs, kept = catalogue.offered, lasting(seen.columns, catalogue)
    table = np.zeros((len(FEATURES), len(catalogue)))
    for row, name in zip(table[:, : len(jobs)], FEATURES, strict=True):
        if name in kept.features:
            row[:] = kept.features[name]
        elif name == "freshness":
            row[:] = freshness(jobs, today)
        else:
            row[:] = behaviour_score(taste, jobs)
    if seen.wishes:
        wish = table[_WISH, : len(jobs)]
        np.clip(wish + _wished(_settled(seen, catalogue), catalogue), -1.0, 1.0, out=wish)
    return table.T


def _with(
    together: Together, features: NDArray[np.float64], weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the behaviour model its share of the score; the others keep their proportions."""
    table = np.zeros((len(weights) + 1, len(features)))
    table[:-1] = features.T
    found = together.model.learned.feature(together.history)
    table[-1, : len(found)] = found
    return table.T, np.append((1.0 - together.share) * weights, together.share)


def _weights(seen: ModelInput, taste: Taste) -> Mapping[str, float]:
    """Where only behaviour may be read it carries more as it grows; a profile keeps its say."""
    return DEFAULT_WEIGHTS if seen.uses_profile else weights_for(taste.active_jobs)


def _nobody(seen: ModelInput) -> ModelInput:
    """The same person with nothing to read, so that only dates can order the jobs."""
    columns = seen.columns
    blank = PersonColumns.blank(
        columns.ids,
        dim=columns.vec.shape[1],
        words=columns.words.shape[1],
        skills=columns.skills.shape[1],
        licences=columns.licences.shape[1],
    )
    return replace(seen, granted=frozenset(), columns=blank, events=[], wishes={}, behaviour_model="")


def _settled(seen: ModelInput, catalogue: Catalogue) -> dict[str, float]:
    """What the stated wishes come to beside what was done since: the word first, the deed in the long run."""
    jobs, row_of = catalogue.jobs, catalogue.row_of
    done = done_with(seen.events, lambda job_id: jobs[row_of[job_id]] if job_id in row_of else None)
    return {key: settled(wish, *done.get(key, (0.0, 0.0))) for key, wish in seen.wishes.items()}


def _wished(wishes: Mapping[str, float], catalogue: Catalogue) -> NDArray[np.float64]:
    """Mean of the wishes each job on offer answers to, float64 in [-1, 1]."""
    total, answered = np.zeros(catalogue.on_offer), np.zeros(catalogue.on_offer)
    for key, wish in wishes.items():
        rows = catalogue.wished_for.get(key, _NO_ROWS)
        total[rows] += wish
        answered[rows] += 1.0
    return total / np.maximum(answered, 1.0)


def _vetoes(
    seen: ModelInput, catalogue: Catalogue, stances: Mapping[uuid.UUID, CardStance], today: float
) -> NDArray[np.uint16]:
    hidden = [job for job, one in stances.items() if one.stance in {Stance.HIDDEN, Stance.LESS}]
    resting = [job for job, one in stances.items() if rests(one)]
    bits = np.full(len(catalogue), VetoReason.CLOSED, dtype=np.uint16)
    bits[: catalogue.on_offer] = lasting(seen.columns, catalogue).vetoes | expired(catalogue.offered, today)
    for reason, jobs in (
        (VetoReason.HIDDEN, hidden),
        (VetoReason.NOT_NOW, resting),
        (VetoReason.APPLIED, seen.applied),
    ):
        rows = [row for job in jobs if (row := catalogue.row_of.get(job)) is not None]
        bits[rows] |= np.uint16(reason)
    return bits


def rests(stance: CardStance) -> bool:
    """Say whether a skipped or postponed job should stay away for now."""
    at = clock.now()
    if stance.stance == Stance.SKIPPED:
        return stance.at > at - timedelta(days=SKIP_RESTS_DAYS)
    return stance.stance == Stance.NOT_NOW and (stance.until is None or stance.until > at)
