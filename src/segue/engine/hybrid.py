"""What the pages score with today: content with folded-in behaviour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from segue.engine.columns import JobColumns
from segue.engine.content import Places, content_features, distances_km
from segue.engine.estimator import Scene
from segue.engine.explain import Evidence, Explanation, explain
from segue.engine.place import RemoteMode
from segue.engine.rank import DEFAULT_WEIGHTS, blend, weight_vector, weights_for
from segue.engine.taste import KIND_WEIGHTS, EventKind, Events, Taste, because, behaviour_score, fold_in

FloatArray = NDArray[np.float64]


def tastes_of(scene: Scene) -> list[Taste]:
    """Each person's taste on the scene's day."""
    return [fold_in(events, scene.jobs, now_day=scene.today) for events in scene.events]


def features_of(scene: Scene) -> FloatArray:
    """Content features with behaviour folded in, float64[P, J, F].

    >>> from segue.engine.columns import JobColumns, PersonColumns
    >>> from segue.engine.taste import Events
    >>> scene = Scene(PersonColumns.blank([1]), JobColumns.blank([1, 2]), (Events.of([]),), today=0.0)
    >>> features_of(scene).shape
    (1, 2, 9)
    """
    return _features(scene, tastes_of(scene))


def _features(scene: Scene, tastes: Sequence[Taste]) -> FloatArray:
    behaviour = np.zeros((len(scene.people), len(scene.jobs)))
    for row, taste in zip(behaviour, tastes, strict=True):
        row[:] = behaviour_score(taste, scene.jobs)
    return content_features(
        scene.people,
        scene.jobs,
        today=scene.today,
        behaviour=behaviour,
        near=scene.near,
        strong=scene.strong,
    )


def _alone(scene: Scene, person: int) -> Scene:
    return replace(scene, people=scene.people.pick([person]), events=(scene.events[person],))


@dataclass(frozen=True, eq=False)
class Scored:
    """One person's scores with all that is needed to explain any of them without scoring again.

    `features`: float64[J, F]; `weights`: float64[F]; `scores`: float64[J].
    """

    scene: Scene
    taste: Taste
    features: FloatArray
    weights: FloatArray
    scores: FloatArray

    def explain(
        self,
        job: int,
        *,
        title: str = "",
        skill_names: Mapping[int, str] | None = None,
        explored: bool = False,
    ) -> Explanation:
        """Why job row `job` scores as it does; `title` and `skill_names` put words to the evidence."""
        evidence = evidence_of(self.scene, 0, job, taste=self.taste, skill_names=skill_names)
        return explain(self.features[job], self.weights, replace(evidence, title=title, explored=explored))


def score_one(scene: Scene, *, weights: Mapping[str, float] = DEFAULT_WEIGHTS, grows: bool = True) -> Scored:
    """Score every job for a scene's only person.

    How much behaviour weighs follows from how much there is, or with `grows` off from `weights` alone.

    Raises ValueError unless the scene holds exactly one person.

    >>> from segue.engine.columns import JobColumns, PersonColumns
    >>> from segue.engine.taste import Events
    >>> scene = Scene(PersonColumns.blank([1]), JobColumns.blank(["a"]), (Events.of([]),), today=0.0)
    >>> score_one(scene).scores.tolist(), score_one(scene).explain(0).reason_code
    ([0.0], 'general')
    """
    if len(scene.people) != 1:
        raise ValueError(f"one person at a time, not {len(scene.people)}")
    (taste,) = tastes_of(scene)
    by_feature = weight_vector(weights_for(taste.active_jobs, weights) if grows else weights)
    features = _features(scene, [taste])[0]
    return Scored(scene, taste, features, by_feature, blend(features, by_feature))


def evidence_of(
    scene: Scene,
    person: int,
    job: int,
    *,
    taste: Taste | None = None,
    skill_names: Mapping[int, str] | None = None,
) -> Evidence:
    """The facts behind one pair: matched skills (by name, else column number), distance, age, likeness.

    A liked job is named as the cause only where its title is truly near. `title` stays empty: wording
    belongs to the caller, who may `dataclasses.replace` it in.
    """
    people, jobs = scene.people if len(scene.people) == 1 else scene.people.pick([person]), scene.jobs
    matched = np.intersect1d(people.skills.indices[people.skills.data > 0], _asked(jobs, job))
    names = skill_names or {}
    there = Places(jobs.lat[[job]], jobs.lon[[job]], jobs.place[[job]], jobs.region[[job]])
    distance_km = float(distances_km(people, there)[0, 0])
    posted = float(jobs.posted_day[job])
    cause = because(taste, scene.jobs, job) if taste is not None else None
    return Evidence(
        matched_skills=tuple(names.get(int(i), str(int(i))) for i in matched),
        distance_km=None if np.isnan(distance_km) else distance_km,
        remote=int(jobs.remote[job]) == RemoteMode.REMOTE,
        age_days=None if np.isnan(posted) else max(0.0, scene.today - posted),
        because_job=None if cause is None else scene.jobs.ids[cause],
        because_kind="" if cause is None else _strongest_kind(scene.events[person], cause),
    )


def _asked(jobs: JobColumns, job: int) -> NDArray[np.int32]:
    """The skills one job names, by column; by hand, since slicing two sparse matrices a card is slow."""
    both = (jobs.required, jobs.nice)
    return np.concatenate([table.indices[table.indptr[job] : table.indptr[job + 1]] for table in both])


def _strongest_kind(events: Events, job: int) -> str:
    kinds = [EventKind(int(kind)) for kind in events.kind[events.job == job]]
    return max(kinds, key=lambda kind: KIND_WEIGHTS[kind]).name.lower() if kinds else ""


@dataclass(frozen=True, eq=False)
class ContentSource:
    """Scores by features and fixed weights; nothing to fit, so it works on the first day.

    `weights` are for people without history; how much behaviour weighs follows from how much there is.
    """

    weights: Mapping[str, float] = field(default_factory=lambda: DEFAULT_WEIGHTS)
    name: str = "content"

    def fit(self, scene: Scene) -> ContentSource:
        """Itself: the weights were chosen beforehand."""
        return self

    def score(self, scene: Scene) -> FloatArray:
        """float64[P, J] in [-1, 1] for weights that sum to 1."""
        tastes = tastes_of(scene)
        by_person = [weight_vector(weights_for(taste.active_jobs, self.weights)) for taste in tastes]
        stacked = np.array(by_person).reshape(len(tastes), 1, -1)
        return blend(_features(scene, tastes), stacked)

    def explain(self, scene: Scene, person: int, job: int) -> Explanation:
        """One pair's factors. For many jobs of one person, `score_one` scores only once."""
        return score_one(_alone(scene, person), weights=self.weights).explain(job)
