"""One person against every job: features, vetoes, scores, and the reason for each."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segue.engine.columns import PersonColumns
from segue.engine.content import FEATURES, content_features
from segue.engine.estimator import Scene
from segue.engine.explain import Explanation, explain
from segue.engine.hybrid import evidence_of
from segue.engine.rank import DEFAULT_WEIGHTS, blend, weight_vector, weights_for
from segue.engine.taste import EventKind, Events, Taste, behaviour_score, fold_in
from segue.engine.veto import VetoReason, veto
from segue.kit import clock
from segue.learn.queries.catalogue import Catalogue
from segue.learn.queries.model_input import ModelInput
from segue.learn.queries.tastes import HALF_LIFE_DAYS
from segue.recommend.models import CardStance, Stance

POLICY = "mix-1"
NEWEST = "newest-1"
SKIP_RESTS_DAYS = 30
_WISH = FEATURES.index("wish")
_NO_ROWS = np.empty(0, dtype=np.intp)
_KINDS = {
    "application.submitted": EventKind.APPLY,
    "card.saved": EventKind.SAVE,
    "card.liked": EventKind.LIKE,
    "card.clicked": EventKind.CLICK,
    "job.dwelled": EventKind.DWELL,
    "card.skipped": EventKind.SKIP,
    "card.hidden": EventKind.HIDE,
    "card.less": EventKind.LESS_LIKE_THIS,
}


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

    @property
    def policy_id(self) -> str:
        return POLICY if self.input.personalised else NEWEST

    @property
    def model_hash(self) -> str:
        return model_hash(self.catalogue, self.weights)

    @property
    def record(self) -> dict[str, Any]:
        """What a decision keeps of the inputs: their digest, what was granted, the artefacts used."""
        return {
            "digest": self.input.digest(),
            "granted": sorted(self.input.granted),
            "models": [self.catalogue.lexicon.hash],
        }

    def explain(self, row: int, *, explored: bool = False) -> Explanation:
        """Say why; contributions sum to the score."""
        slugs, label = self.catalogue.lexicon.skill_slugs, self.catalogue.skill_labels
        both = (self.catalogue.columns.required, self.catalogue.columns.nice)
        asked = [int(i) for t in both for i in t.indices[t.indptr[row] : t.indptr[row + 1]]]
        names = {i: label[slugs[i]] for i in asked}
        evidence = evidence_of(self.scene, 0, row, taste=self.taste, skill_names=names)
        headline = self.input.person.headline.partition(",")[0] if self.input.uses_profile else ""
        return explain(self.features[row], self.weights, replace(evidence, title=headline, explored=explored))


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
    events = _events(seen, catalogue)
    taste = fold_in(events, catalogue.columns, now_day=today, half_life_days=HALF_LIFE_DAYS)
    weights = weight_vector(_weights(seen, taste))
    features = _features(seen, catalogue, taste, today)
    return Ranking(
        catalogue=catalogue,
        input=seen,
        scene=Scene(seen.columns, catalogue.columns, (events,), today, catalogue.near),
        taste=taste,
        features=features,
        weights=weights,
        scores=blend(features, weights),
        vetoes=_vetoes(limits, catalogue, stances, today),
        today=today,
    )


def _features(seen: ModelInput, catalogue: Catalogue, taste: Taste, today: float) -> NDArray[np.float64]:
    jobs = catalogue.offered
    behaviour = behaviour_score(taste, jobs)[None, :]
    found = content_features(seen.columns, jobs, today=today, behaviour=behaviour, near=catalogue.near)[0]
    if seen.wishes:
        wished = found[:, _WISH] + _wished(seen.wishes, catalogue)
        found[:, _WISH] = np.clip(wished, -1.0, 1.0)
    features = np.zeros((len(catalogue), len(FEATURES)))
    features[: len(jobs)] = found
    return features


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
    return replace(seen, granted=frozenset(), columns=blank, events=[], wishes={})


def _events(seen: ModelInput, catalogue: Catalogue) -> Events:
    return Events.of(
        (catalogue.row_of[event.job_id], _KINDS[event.kind], event.at.timestamp() / 86_400)
        for event in seen.events
        if event.job_id in catalogue.row_of and event.kind in _KINDS
    )


def _wished(wishes: Mapping[str, float], catalogue: Catalogue) -> NDArray[np.float64]:
    """Mean of the wishes each job on offer answers to, float64 in [-1, 1]."""
    total, answered = np.zeros(catalogue.on_offer), np.zeros(catalogue.on_offer)
    for key, wish in wishes.items():
        rows = catalogue.wished_for.get(key, _NO_ROWS)
        np.add.at(total, rows, wish)
        np.add.at(answered, rows, 1.0)
    return total / np.maximum(answered, 1.0)


def _vetoes(
    seen: ModelInput, catalogue: Catalogue, stances: Mapping[uuid.UUID, CardStance], today: float
) -> NDArray[np.uint16]:
    hidden = [job for job, one in stances.items() if one.stance in {Stance.HIDDEN, Stance.LESS}]
    resting = [job for job, one in stances.items() if rests(one)]
    bits = np.full(len(catalogue), VetoReason.CLOSED, dtype=np.uint16)
    bits[: catalogue.on_offer] = veto(
        seen.columns,
        catalogue.offered,
        today=today,
        hidden=_marks(hidden, catalogue),
        not_now=_marks(resting, catalogue),
        applied=_marks(seen.applied, catalogue),
    )[0]
    return bits


def rests(stance: CardStance) -> bool:
    """Say whether a skipped or postponed job should stay away for now."""
    at = clock.now()
    if stance.stance == Stance.SKIPPED:
        return stance.at > at - timedelta(days=SKIP_RESTS_DAYS)
    return stance.stance == Stance.NOT_NOW and (stance.until is None or stance.until > at)


def _marks(job_ids: Collection[uuid.UUID], catalogue: Catalogue) -> NDArray[np.bool_]:
    marks = np.zeros((1, catalogue.on_offer), dtype=np.bool_)
    for job_id in job_ids:
        row = catalogue.row_of.get(job_id)
        if row is not None and row < catalogue.on_offer:
            marks[0, row] = True
    return marks
