"""The first stage: every source scores everybody, and what each weighs is learnt for each amount of history.

Settings and weights are chosen on each person's last act in the log that is handed in, and on nothing else;
then everything is fitted anew with that act included.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from segue.engine.blas import single_blas_thread
from segue.engine.explain import Explanation, Factor
from segue.engine.mixing import AT, FAR, Pool, gains_of, learn_weights
from segue.engine.sources.blocks import blocks_of
from segue.engine.sources.content import Likeness, Popular
from segue.engine.sources.foretold import foretold_of
from segue.engine.sources.ials import IalsSource
from segue.engine.sources.ials_fit import IalsSettings
from segue.engine.sources.linear import Ease, GraphFilter, NextItem, Settings, rows_of
from segue.engine.sources.softmax import NextSoftmax
from segue.engine.splits import Split, first_acts
from segue.engine.task import IntArray, ScoreArray, Task

GROUPS = (0, 1, 3, 10)  # events from which a group begins
CELLS, LEAST = 20_000_000, 1_000  # people × jobs that are looked at while choosing, and people at the least
SAMPLE = 3_000
TASTES = IalsSettings(dim=256, iterations=8, unobserved=0.1, ridge=0.001)


class Part(Protocol):
    """A source as the stack uses it: a Recommender with settings worth trying."""

    @property
    def name(self) -> str: ...
    @property
    def refits(self) -> tuple[Settings, ...]: ...
    @property
    def tunes(self) -> tuple[Settings, ...]: ...
    def fit(self, task: Task) -> Self: ...
    def score(self, task: Task, people: IntArray) -> ScoreArray: ...
    def explain(self, task: Task, person: int, job: int) -> Explanation: ...


def parts_for(task: Task) -> tuple[Any, ...]:
    """The sources with something to go by in a task: without an order nothing is next, and nothing fades."""
    likeness = tuple(Likeness(block) for block in blocks_of(task.people, task.jobs))
    taste = IalsSource(settings=TASTES, decay=0.85 if task.log.ordered else 1.0, threads=1)
    following = (NextItem(), NextSoftmax()) if task.log.ordered else ()
    foretold = foretold_of(task.people, task.jobs)
    return (Ease(), *following, GraphFilter(), taste, Popular(), *foretold, *likeness)


def standardised(scores: ScoreArray) -> ScoreArray:
    """Each person's scores less their mean, by their deviation; a row that says nothing becomes zero.

    >>> standardised(np.array([[1.0, 3.0], [2.0, 2.0]], dtype=np.float32)).tolist()
    [[-1.0, 1.0], [0.0, 0.0]]
    """
    return _standardise(scores.astype(np.float32))


def _standardise(scores: ScoreArray) -> ScoreArray:
    """The same in place: on large tables fresh memory costs more than the sums."""
    mean = scores.mean(axis=1, keepdims=True)
    scores -= mean
    deviation = np.sqrt(np.einsum("ij,ij->i", scores, scores)[:, None] / max(scores.shape[1], 1))
    flat = deviation <= 1e-6 * np.maximum(np.abs(mean), 1e-6)
    scores *= np.where(flat, 0.0, 1.0 / np.where(flat, 1.0, deviation))
    return scores


def _own(scores: ScoreArray) -> ScoreArray:
    """A table that may be written to: a part may hand out one row for everybody."""
    return scores if scores.flags.writeable and scores.flags.owndata else scores.astype(np.float32)


def group_of(events: IntArray) -> IntArray:
    """Which group of activity a number of events falls into: 0, 1–2, 3–9, 10 and more.

    >>> group_of(np.array([0, 2, 9, 50])).tolist()
    [0, 1, 2, 3]
    """
    return np.searchsorted(GROUPS, events, side="right") - 1


def events_of(task: Task, people: IntArray) -> IntArray:
    return np.diff(task.log.start)[people]


@dataclass(frozen=True, eq=False)
class Stack:
    """A weighted sum of standardised sources; `weights` is float64[groups, parts]."""

    seed: int = 0
    name: str = "segue-stage1"
    parts: tuple[Any, ...] = ()
    weights: NDArray[np.float64] | None = None
    report: Mapping[str, Any] = field(default_factory=dict)
    lessons: tuple[Pool, IntArray] | None = None  # what the weights were learnt from, and whose group

    def fit(self, task: Task) -> Stack:
        """Choose settings and weights, then fit with everything."""
        with single_blas_thread():
            chosen = self.choose(task)
            fitted = tuple(fitted_with_all(part, task) for part in chosen.parts)
        return replace(chosen, parts=fitted, lessons=None)

    def choose(self, task: Task) -> Stack:
        """The stack with its settings and weights, its parts fitted without the acts they were chosen on."""
        split = last_acts(task, self.seed)
        inner = task.with_log(split.train)
        fitted, scores, kept = [], [], []
        for part in parts_for(task):
            best, score, told = _best_of(part, inner, split)
            fitted.append(best)
            scores.append(score)
            kept.append({"source": best.name, "ndcg": told})
        pool, group = Pool.of(scores, split.job), group_of(events_of(inner, split.person))
        weights = learn_weights(pool, group, len(GROUPS))
        report: dict[str, Any] = {"parts": kept, "slates": len(split)}
        return replace(self, parts=tuple(fitted), weights=weights, report=report, lessons=(pool, group))

    def worth_apart(self, apart: NDArray[np.bool_]) -> NDArray[np.float64]:
        """nDCG@10 of some of the people it was chosen on, by weights learnt from the others alone."""
        assert self.lessons is not None
        pool, group = self.lessons
        weights = learn_weights(pool.of_rows(np.flatnonzero(~apart)), group[~apart], len(GROUPS))
        asked = pool.of_rows(np.flatnonzero(apart))
        mine = weights[group[apart]].T.astype(np.float32)[:, :, None]
        gone = np.isneginf(asked.values[0])
        mixed = (np.where(gone, 0.0, asked.values) * mine).sum(axis=0)
        mixed[gone] = -np.inf
        return asked.gains(mixed, AT)

    def score(self, task: Task, people: IntArray) -> ScoreArray:
        """float32[n, jobs]; raises RuntimeError before `fit`."""
        with single_blas_thread():
            return self.mix(self.views(task, people), events_of(task, people))

    def views(self, task: Task, people: IntArray) -> list[ScoreArray]:
        """Each part's standardised scores."""
        if self.weights is None:
            raise RuntimeError("fit the stack first")
        return [_standardise(_own(part.score(task, people))) for part in self.parts]

    def mix(self, views: Sequence[ScoreArray], events: IntArray) -> ScoreArray:
        assert self.weights is not None
        weight = self.weights[group_of(events)].astype(np.float32)
        total = np.zeros_like(views[0])
        for at, view in enumerate(views):
            total += weight[:, at : at + 1] * view
        return total

    def explain(self, task: Task, person: int, job: int) -> Explanation:
        """One factor for each part: its standardised score times its weight; the strongest tells why."""
        people = np.array([person])
        views = self.views(task, people)
        assert self.weights is not None
        weights = self.weights[group_of(events_of(task, people))[0]]
        factors = [
            Factor(part.name, float(view[0, job]), float(weight), float(view[0, job]) * float(weight))
            for part, view, weight in zip(self.parts, views, weights, strict=True)
        ]
        strongest = max(range(len(factors)), key=lambda at: factors[at].contribution)
        reason = self.parts[strongest].explain(task, person, job)
        total = float(sum(factor.contribution for factor in factors))
        told = factors[strongest].contribution > 0
        factors.sort(key=lambda factor: -abs(factor.contribution))
        return Explanation(
            total,
            tuple(factors),
            reason.reason_code if told else "general",
            reason.reason_args if told else {},
        )


def fitted_with_all(part: Any, task: Task) -> Any:
    """Fit a part with everything; the one that is trained goes on from where choosing left it."""
    return part.refit(task) if isinstance(part, NextSoftmax) else part.fit(task)


def last_acts(task: Task, seed: int) -> Split:
    """Hold out the last first-time act of a sample of people; whoever has one is asked without history."""
    first = first_acts(task.log)
    room = min(SAMPLE, max(LEAST, CELLS // max(1, task.log.jobs)))
    last = np.flatnonzero(first.back == 0)
    has_more = first.start[1:][first.person[last]] - first.start[:-1][first.person[last]] > 1
    rng = np.random.default_rng(seed)
    several, alone = last[has_more], last[~has_more]
    several = rng.permutation(several)[:room]
    alone = rng.permutation(alone)[: min(room // 3, len(alone) // 2)]
    held = np.sort(np.concatenate([several, alone]))
    mask = np.zeros(len(first), dtype=np.bool_)
    mask[held] = True
    out = first.keep(mask)
    return Split(first.keep(~mask), out.person, out.job, out.day)


def _best_of(part: Any, inner: Task, split: Split) -> tuple[Any, ScoreArray, float]:
    """The part with the settings that rank the held-out acts best, and its standardised scores."""
    best: tuple[float, Any, ScoreArray] | None = None
    for refit in part.refits:
        fitted = replace(part, **refit).fit(inner)
        for tune in _tunes(part, fades=inner.log.ordered):
            tried = replace(fitted, **tune)
            scores = masked(tried.score(inner, split.person), inner, split.person)
            worth = float(gains_of(scores, split.job, FAR).mean()) if len(split) else 0.0
            if best is None or worth > best[0]:
                best = (worth, tried, scores)
    assert best is not None
    worth, chosen, scores = best
    return chosen, _standardise(unmasked(scores)), worth


def _tunes(part: Any, *, fades: bool) -> list[Settings]:
    """Settings worth trying; where histories have no order, those in which nothing fades."""
    if fades:
        return list(part.tunes)
    still: list[Settings] = [{**tune, "decay": 1.0} if "decay" in tune else tune for tune in part.tunes]
    return [tune for at, tune in enumerate(still) if tune not in still[:at]]


def masked(scores: ScoreArray, task: Task, people: IntArray) -> ScoreArray:
    """Put what somebody has seen last, in place, at the lowest score there is less one."""
    seen = rows_of(task.log, people, 1.0)
    row = np.repeat(np.arange(len(people)), np.diff(seen.indptr))
    scores[row, seen.indices] = -np.inf
    return scores


def unmasked(scores: ScoreArray) -> ScoreArray:
    """The same with what was seen at the row's mean, where it tells nothing."""
    gone = np.isneginf(scores)
    row, column = np.nonzero(gone)
    told = scores.astype(np.float32)
    told[row, column] = 0.0
    left = scores.shape[1] - np.bincount(row, minlength=len(scores))
    told[row, column] = (told.sum(axis=1) / np.maximum(left, 1))[row]
    return told
